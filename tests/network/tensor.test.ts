import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, scaledIdentity, sizeOf, sparse, Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from '../generators/numbers.js';
import { sparsely } from '../generators/rebuild.js';

const { zero } = Rational;
const numbers = (...values: number[]) => values.map((value) => Rational.of(value));
const texts = (values: readonly Rational[]) => values.map(String);

const dense = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })
  .chain((shape) =>
    fc
      .array(fc.oneof(fc.constant(zero), smallRational), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
      .map((entries) => tensor(shape, entries)),
  );

describe('Tensor', () => {
  it('holds the same entries sparse as dense', () => {
    fc.assert(
      fc.property(dense, fc.func(fc.boolean()), (full, keep) => {
        const thin = sparsely(full, keep);
        expect(thin.size).toBe(full.size);
        expect(texts(thin.dense(zero))).toEqual(texts(full.data));
        for (let k = 0; k < full.size; k++) expect(thin.at(k, zero).equals(full.at(k, zero))).toBe(true);
        const doubled = (entry: Rational) => entry.add(entry);
        expect(texts(thin.map(doubled).dense(zero))).toEqual(texts(full.map(doubled).data));
        const visited = new Map<number, string>();
        thin.forEach((entry, index) => {
          visited.set(index, entry.toString());
        });
        expect(visited.size).toBe(thin.data.length);
        full.forEach((entry, index) => {
          expect(visited.get(index) ?? '0').toBe(entry.toString());
        });
      }),
    );
  });

  it('needs as many entries as its shape or support says', () => {
    expect(() => tensor([2, 3], numbers(1, 2, 3))).toThrow('a tensor of shape [2, 3] needs 6 entries, got 3');
    expect(() => new Tensor([2, 3], numbers(1), Uint32Array.of(0, 4))).toThrow('needs 2 entries, got 1');
    expect(tensor([], numbers(7)).at(0, zero).toString()).toBe('7');
    expect(sizeOf([])).toBe(1);
  });

  it('takes sparse entries in increasing order inside the shape only', () => {
    const pairs = (...indices: number[]) => indices.map((index) => [index, Rational.one] as const);
    expect(texts(sparse([2, 2], pairs(1, 2)).dense(zero))).toEqual(['0', '1', '1', '0']);
    for (const bad of [pairs(2, 1), pairs(1, 1), pairs(4), pairs(0, 5), pairs(-1), pairs(2 ** 32), pairs(Number.NaN)])
      expect(() => sparse([2, 2], bad)).toThrow(RangeError);
    expect(() => sparse([2 ** 17, 2 ** 16], [])).toThrow('more than 2^32 entries');
  });

  it('stores a scaled identity by its diagonal', () => {
    const three = scaledIdentity(3, Rational.of(5, 2));
    expect(texts(three.dense(zero))).toEqual(['5/2', '0', '0', '0', '5/2', '0', '0', '0', '5/2']);
    expect(scaledIdentity(4096).data.length).toBe(4096);
    expect(texts(filled([2, 2], Rational.of(3)).data)).toEqual(['3', '3', '3', '3']);
  });
});
