import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import { checkCertificate } from '../../src/checker/check.js';
import { readNetwork } from '../../src/checker/network.js';
import { dot, impulse, inIntegers, readRecurrences } from '../../src/checker/recurrences.js';
import { impulseResponse } from '../../src/evaluate/impulse.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { bitLength } from '../../src/numbers/bits.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { byHand } from '../generators/certificates-by-hand.js';
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
      const chain = inIntegers(readRecurrences(readNetwork([...canonicalForm(network)].join(''), '')));
      const expected = impulseResponse(model);
      for (const { state, own } of impulse(chain, TIMES)) {
        for (const { n, bits } of [own, ...state])
          expect(bits).toBeGreaterThanOrEqual(n === 0n ? 0 : bitLength(n < 0n ? -n : n));
        const { numerator, denominator } = expected.next().value!;
        const [re, im] = [numerator.re, numerator.im].map((part) => Rational.of(part, denominator).toString());
        const outputs = [...chain.outputs].map(([name, [row]]) => [
          name,
          Rational.of(dot([row, state]).n, own.n).toString(),
        ]);
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

/** A layer of poles, and the sums of their powers that it outputs: the first state sees each input, others what a lower layer made of it. */
it('parts are verified when they are the same one by one, whatever is marked', () => {
  const NIGHTLY = process.env.EXHIBIT_NIGHTLY !== undefined;
  const entries = fc.integer({ min: -2, max: 2 });
  const marks = fc.integer({ min: 0, max: 2 });
  let [verified, refuted] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.record({ pole: entries, weight: entries, residue: entries, state: marks, mode: marks }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.boolean(),
      fc.boolean(),
      (drawn, isFaithful, isMixed) => {
        const tenths = (n: number) => Rational.of(n, 10);
        // Residues that follow the weights make the response the target's; marks that follow the states make the parts theirs.
        const modes = drawn.map(({ pole, weight, residue }) => [isFaithful ? weight : residue, pole]);
        const model = {
          layers: [
            {
              poles: drawn.map(({ pole }) => new Gaussian(tenths(pole))),
              B: drawn.map(() => [[0, Gaussian.one] as const]),
            },
            {
              poles: drawn.map(() => Gaussian.zero),
              B: drawn.map((_, i) => [
                [i, Gaussian.one] as const,
                ...(isMixed && i > 0 ? [[0, Gaussian.one] as const] : []),
              ]),
            },
          ],
          C: drawn.flatMap(({ weight }, i) => (weight === 0 ? [] : [[i, new Gaussian(tenths(weight))] as const])),
        };
        const text = [...canonicalForm(stateSpaceNetwork(model, TIMES, false))].join('');
        const stated = modes.map(([residue, pole]) => [residue, pole].map((n) => [`${tenths(n)}`, '0']));
        const parts = [
          drawn.map(({ state }) => state),
          drawn.map(({ state, mode }) => (isFaithful && mode > 0 ? state : mode)),
        ];
        const conclusion = { kind: 'response', modes: stated };
        const claim = (data: object) => ({
          id: 'r',
          conclusion,
          steps: [{ rule: 'transfer-identity', data: { modes: stated, ...data } }],
        });
        const answer = (data: object) => {
          const { certificate, network } = byHand(text, [claim(data)]);
          return checkCertificate(certificate, network).claims[0];
        };
        /** What states and modes of a mark give at times 0, 1, ... in tenths of tenths^t. */
        const isSame = (mark: number | null) =>
          Array.from({ length: 2 * TIMES }, (_, t) => {
            const power = (pole: number) => (t === 0 ? 1 : pole ** t);
            const own = drawn.reduce((sum, { pole, weight, state }, i) => {
              const first = isMixed && i > 0 ? power(drawn[0].pole) : 0;
              return mark === null || state === mark ? sum + weight * (power(pole) + first) : sum;
            }, 0);
            return modes.reduce(
              (sum, [residue, pole], i) => (mark === null || parts[1][i] === mark ? sum - residue * power(pole) : sum),
              own,
            );
          }).every((difference) => difference === 0);
        expect(answer({}).verdict).toBe(isSame(null) ? 'verified' : 'rejected');
        const found = answer({ parts });
        expect(found.verdict).toBe([0, 1, 2].every(isSame) ? 'verified' : 'rejected');
        expect(answer({ parts: [parts[0].slice(1), parts[1]] }).verdict).toBe('rejected');
        if (found.verdict === 'verified') {
          verified++;
          expect(found.statement).toBe(answer({}).statement);
        } else refuted++;
      },
    ),
    { numRuns: NIGHTLY ? 100_000 : 150 },
  );
  expect(Math.min(verified, refuted)).toBeGreaterThan(10);
});

/** Layers of one state each give 1/prod (1 - pole w), and modes of these and other poles can follow it for all but one of the values that decide. */
it('responses that differ as late as they can are told apart', () => {
  const tenths = fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0);
  fc.assert(
    fc.property(
      fc.uniqueArray(tenths, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 2 }),
      (drawn, depth, passes) => {
        const poles = drawn.map((n) => Rational.of(n, 10));
        const own = poles.slice(0, depth);
        const one = [[0, Gaussian.one] as const];
        const layers = [...own, ...new Array(passes).fill(Rational.zero)].map((pole) => ({
          poles: [new Gaussian(pole)],
          B: [one],
        }));
        const text = [...canonicalForm(stateSpaceNetwork({ layers, C: one }, TIMES, false))].join('');
        const product = (factors: readonly Rational[]) => factors.reduce((a, b) => a.mul(b), Rational.one);
        const others = (pole: Rational, among: readonly Rational[]) => among.filter((other) => other !== pole);
        const residueOf = (pole: Rational, factor: Rational) => {
          const parts = others(pole, own).map((other) => Rational.one.sub(other.div(pole)).inverse());
          // Of sums of all poles' powers, this one vanishes longest: at all times before the last that a polynomial of its degree has.
          const late = product(others(pole, poles).map((other) => pole.sub(other))).inverse();
          return (own.includes(pole) ? product(parts) : Rational.zero).add(late.mul(factor));
        };
        const verdict = (factor: Rational) => {
          const modes = poles.map((pole) => [
            [residueOf(pole, factor).toString(), '0'],
            [pole.toString(), '0'],
          ]);
          const conclusion = { kind: 'response', modes };
          const claim = { id: 'r', conclusion, steps: [{ rule: 'transfer-identity', data: { modes } }] };
          const { certificate, network } = byHand(text, [claim]);
          return checkCertificate(certificate, network).claims[0].verdict;
        };
        expect(verdict(Rational.zero)).toBe('verified');
        expect(verdict(Rational.one)).toBe('rejected');
      },
    ),
    { numRuns: 60 },
  );
});
