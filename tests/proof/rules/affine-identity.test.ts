import { describe, expect, it } from 'vitest';
import { memorizationFromData } from '../../../constructions/single-head.js';
import { CLASS_TOKEN } from '../../../constructions/uniform-head.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { sizeOf, tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { proveAffineIdentity } from '../../../src/proof/rules/affine-identity.js';
import { densely, withConstants, withEntry } from '../../generators/rebuild.js';

const [T, d] = [3, 2];
const PLACE = { id: 'step', statement: 'statement' };
const row = (...values: number[]) => values.map((value) => Rational.of(value));
const sequences = [
  { values: row(1, 2, 3, 4, 5, 6), label: Rational.of(7), origin: 'line 2' },
  { values: row(0, 2, 3, 4, 5, 6), label: Rational.of(-1), origin: 'line 3' },
];
const { network } = memorizationFromData(sequences, { T, d });

/** The claim about the class token: entry k is entry k of x. */
const classToken = (of: Network, size = T * d) =>
  proveAffineIdentity(of, CLASS_TOKEN, { shape: [size], entry: (k, input) => input('x', k) }, PLACE);

const shapes = new Map<string, readonly number[]>();
withConstants(network, (value, name) => {
  shapes.set(name, value.shape);
  return value;
});

describe('affine-identity', () => {
  it('proves that the class token holds the sequence', () => {
    expect(classToken(network)).toMatchObject({ kind: 'fact', rule: { id: 'affine-identity' } });
    expect(classToken(withConstants(network, (value) => densely(value, Rational.zero))).kind).toBe('fact');
  });

  it.each(['W_V', 'W_O', 'c0', 'positionCodes'])(
    'notices a change of any single entry of %s, however small',
    (name) => {
      for (let index = 0; index < sizeOf(shapes.get(name)!); index++) {
        for (const delta of [Rational.one, Rational.of(-1), Rational.pow2(-200)]) {
          const changed = withConstants(network, (value, at) =>
            at === name ? withEntry(value, index, value.at(index, Rational.zero).add(delta)) : value,
          );
          const step = classToken(changed);
          const difference = expect.stringContaining(`of '${CLASS_TOKEN}' is`);
          expect(step, `${name}[${index}] + ${delta}`).toMatchObject({ kind: 'open', difference });
        }
      }
    },
  );

  it('notices logits that depend on the input', () => {
    const changed = withConstants(network, (value, at) =>
      at === 'W_Q' || at === 'c0' ? withEntry(value, 0, Rational.one) : value,
    );
    expect(classToken(changed).kind).toBe('open');
  });

  it('still holds when a weight changes that has no influence', () => {
    for (const name of ['W_Q', 'W_K', 'direction', 'hidden.bias']) {
      const changed = withConstants(network, (value, at) =>
        at === name ? withEntry(value, 1, Rational.of(9)) : value,
      );
      expect(classToken(changed).kind).toBe('fact');
    }
  });

  it('does not take a part for the whole', () => {
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: d });
    const all = b.reshape(x, { channel: T * d });
    const part = (indices: number[]) => b.network({ y: b.gather(all, 0, indices, CLASS_TOKEN) });
    const step = classToken(part([0]));
    expect(step).toMatchObject({
      kind: 'open',
      difference: `'${CLASS_TOKEN}' has the shape [1], stated is [6]`,
    });
    const again = new Builder();
    const y = again.reshape(again.input('x', { token: T, coordinate: d }), { channel: T * d });
    expect(classToken(again.network({ y: again.gather(y, 0, [0, 1, 2, 3, 4, 5, 0], CLASS_TOKEN) })).kind).toBe('open');
  });

  it('does not take a missing tensor or another input for the stated one', () => {
    const b = new Builder();
    const other = b.reshape(b.input('other', { token: T, coordinate: d }), { channel: T * d }, CLASS_TOKEN);
    expect(classToken(b.network({ y: other })).kind).toBe('open');
    expect(
      proveAffineIdentity(network, 'nothing', { shape: [], entry: (k, input) => input('x', k) }, PLACE),
    ).toMatchObject({ kind: 'open', difference: "the network has no tensor named 'nothing'" });
  });

  it('tells a tensor from one of as many entries in other rows', () => {
    const b = new Builder();
    const rows = b.reshape(b.input('x', { token: 2, coordinate: 3 }), { token: 3, coordinate: 2 }, 'rows');
    const network = b.network({ y: rows });
    const prove = (shape: number[]) =>
      proveAffineIdentity(network, 'rows', { shape, entry: (k, input) => input('x', k) }, PLACE);
    expect(prove([3, 2]).kind).toBe('fact');
    for (const shape of [[2, 3], [6], [6, 1], [1, 6], [1, 3, 2]]) {
      expect(prove(shape)).toMatchObject({ kind: 'open', difference: expect.stringContaining('[3,2]') });
    }
  });

  it('proves affine identities with coefficients', () => {
    const b = new Builder();
    const x = b.input('x', { k: 2 });
    const y = b.affine(x, b.constant(tensor([2, 1], row(3, -1))), b.constant(tensor([1], row(5))), 'y');
    const stated = (c: number) => ({
      shape: [],
      entry: (_: number, input: (name: string, k: number) => ReturnType<Parameters<typeof check>[0]>) =>
        check(input, c),
    });
    const check = (
      input: (name: string, k: number) => { constant: Rational; terms: ReadonlyMap<number, Rational> },
      c: number,
    ) => {
      const [[first], [second]] = [input('x', 0), input('x', 1)].map(({ terms }) => [...terms.keys()]);
      return {
        constant: Rational.of(c),
        terms: new Map([
          [second, Rational.of(-1)],
          [first, Rational.of(3)],
        ]),
      };
    };
    expect(proveAffineIdentity(b.network({ y }), 'y', stated(5), PLACE).kind).toBe('fact');
    expect(proveAffineIdentity(b.network({ y }), 'y', stated(6), PLACE).kind).toBe('open');
  });
});
