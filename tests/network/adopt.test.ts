import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCanonical } from '../../src/files/canonical.js';
import { adoptNames } from '../../src/network/adopt.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { summarise } from '../../src/network/summary.js';
import { sparse, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { randomNetworks } from '../generators/networks.js';
import { withConstants, withEntry } from '../generators/rebuild.js';

const reread = (network: Network) => readCanonical([...canonicalForm(network)].join(''));

/** Names, axes and the counts that depend on what is stored as a parameter. */
function labels(network: Network) {
  const { parameters, nonzero } = summarise(network);
  return { nodes: network.nodes.map(({ name, shape }) => ({ name, shape })), parameters, nonzero };
}

describe('a network that comes back from its canonical form', () => {
  test('has the names, axes and parameters of the model', () => {
    fc.assert(
      fc.property(randomNetworks(), (network) => {
        const adopted = adoptNames(reread(network), network);
        expect(labels(adopted)).toEqual(labels(network));
        expect(sha256(adopted)).toBe(sha256(network));
      }),
    );
  });

  test('keeps its own weights', () => {
    const build = (...direction: number[]) => {
      const b = new Builder();
      const w = tensor(
        [4, 1],
        direction.map((entry) => Rational.of(entry)),
      );
      return b.network({ y: b.matmul(b.input('x', { channel: 4 }), b.constant(w, 'w')) });
    };
    const [model, edited] = [build(1, 0, 0, 0), build(0, 3, 0, 0)];
    const adopted = adoptNames(reread(edited), model);
    expect(sha256(adopted)).toBe(sha256(edited));
    expect(summarise(adopted)).toMatchObject({ parameters: 4, nonzero: 1 });
  });

  test('counts an entry where the model has none', () => {
    const b = new Builder();
    const diagonal = sparse(
      [3, 3],
      [0, 4, 8].map((index) => [index, Rational.one] as const),
    );
    const model = b.network({ y: b.matmul(b.input('x', { row: 2, channel: 3 }), b.constant(diagonal, 'W')) });
    const edited = withConstants(model, (value) => withEntry(value, 1, Rational.of(5)));
    expect(summarise(adoptNames(reread(edited), model)).parameters).toBe(4);
  });

  test('is left as it is when the graphs differ', () => {
    const b = new Builder();
    const x = b.input('x', { channel: 2 });
    const [one, two] = [b.network({ y: b.relu(x) }), b.network({ y: b.relu(b.relu(x)) })];
    const read = reread(two);
    expect(adoptNames(read, one)).toBe(read);
  });

  test('counts every constant when the graphs differ, whatever the file calls structure', () => {
    const build = (role: 'weight' | 'structure', relus: number) => {
      const b = new Builder();
      let y = b.mul(b.input('x', { channel: 2 }), b.scalar(Rational.of(5), 'w', role));
      for (let k = 0; k < relus; k++) y = b.relu(y);
      return b.network({ y });
    };
    const adopted = adoptNames(build('structure', 2), build('weight', 1));
    expect(summarise(adopted)).toMatchObject({ parameters: 1, maxAbsWeight: Rational.of(5) });
    expect(summarise(adoptNames(build('structure', 1), build('weight', 1))).parameters).toBe(1);
  });

  test('counts a constant of the structure that was changed', () => {
    const build = (factor: number) => {
      const b = new Builder();
      return b.network({ y: b.mul(b.input('x', { channel: 2 }), b.scalar(Rational.of(factor), 'w', 'structure')) });
    };
    expect(summarise(adoptNames(reread(build(5)), build(5))).parameters).toBe(0);
    expect(summarise(adoptNames(reread(build(6)), build(5)))).toMatchObject({
      parameters: 1,
      maxAbsWeight: Rational.of(6),
    });
  });
});
