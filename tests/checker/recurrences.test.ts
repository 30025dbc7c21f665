import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import { readNetwork } from '../../src/checker/network.js';
import { dot, impulse, readChain } from '../../src/checker/recurrences.js';
import { impulseResponse } from '../../src/evaluate/impulse.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { Rational } from '../../src/numbers/rational.js';
import { stateSpaces } from '../generators/state-spaces.js';

const TIMES = 8;

it('runs chains of recurrences with real and complex poles exactly', () => {
  let realOnes = 0;
  fc.assert(
    fc.property(stateSpaces, fc.boolean(), (drawn, isReal) => {
      const real = (row: (typeof drawn)['C']) =>
        row.map(([j, entry]) => [j, isReal ? entry.add(entry.conjugate()) : entry] as const);
      const model = {
        layers: drawn.layers.map(({ poles, B }) => ({
          poles: poles.map((pole) => (isReal ? pole.add(pole.conjugate()) : pole)),
          B: B.map(real),
        })),
        C: real(drawn.C),
      };
      const network = stateSpaceNetwork(model, TIMES, !isReal);
      const chain = readChain(readNetwork([...canonicalForm(network)].join(''), ''));
      const expected = impulseResponse(model);
      for (const { state, own } of impulse(chain, TIMES)) {
        const { numerator, denominator } = expected.next().value!;
        const [re, im] = [numerator.re, numerator.im].map((part) => Rational.of(part, denominator).toString());
        const outputs = [...chain.outputs].map(([name, [row]]) => [name, Rational.of(dot(row, state), own).toString()]);
        const all = [
          ['y', re],
          ['y_imag', im],
        ];
        expect(outputs).toEqual(all.slice(0, chain.outputs.size));
        if (chain.outputs.size === 1) expect(im).toBe('0');
      }
      realOnes += Number(isReal && model.layers.length > 1);
    }),
    { numRuns: 150 },
  );
  expect(realOnes).toBeGreaterThan(10);
});
