import { Rational } from '../numbers/rational.js';

/**
 * A tensor of any scalar type, dense or sparse, in row-major order.
 *
 * `support` is null for a dense tensor; for a sparse one it lists, increasing, the flat indices whose entries `data`
 * holds; every other entry is zero. A scaled identity of order 4096 is 4096 entries, not 16 million.
 */
export class Tensor<S> {
  constructor(
    readonly shape: readonly number[],
    readonly data: readonly S[],
    readonly support: Uint32Array | null = null,
  ) {
    const expected = support ? support.length : sizeOf(shape);
    if (data.length !== expected) {
      throw new RangeError(`a tensor of shape [${shape.join(', ')}] needs ${expected} entries, got ${data.length}`);
    }
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** The same entries in another scalar type. */
  map<R>(convert: (entry: S) => R): Tensor<R> {
    return new Tensor(this.shape, this.data.map(convert), this.support);
  }

  /** All entries in row-major order. */
  dense(zero: S): readonly S[] {
    if (!this.support) return this.data;
    const entries = new Array<S>(this.size).fill(zero);
    this.support.forEach((index, k) => {
      entries[index] = this.data[k];
    });
    return entries;
  }

  /** The entry at a flat index. */
  at(index: number, zero: S): S {
    if (!this.support) return this.data[index];
    const position = lowerBound(this.support, index);
    return this.support[position] === index ? this.data[position] : zero;
  }

  /** Calls `visit` for each stored entry. */
  forEach(visit: (entry: S, index: number) => void): void {
    this.data.forEach((entry, k) => {
      visit(entry, this.support ? this.support[k] : k);
    });
  }
}

/** A tensor of exact numbers: the weights of every network. */
export type ExactTensor = Tensor<Rational>;

/** Number of entries of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A dense exact tensor from its entries in row-major order. */
export function tensor(shape: readonly number[], entries: readonly Rational[]): ExactTensor {
  return new Tensor(shape, entries);
}

/** A tensor with one entry everywhere. */
export function filled(shape: readonly number[], entry: Rational): ExactTensor {
  return new Tensor(shape, new Array<Rational>(sizeOf(shape)).fill(entry));
}

/** scale times the identity matrix, stored by its diagonal. */
export function scaledIdentity(order: number, scale: Rational = Rational.one): ExactTensor {
  return sparse(
    [order, order],
    Array.from({ length: order }, (_, i) => [i * (order + 1), scale] as const),
  );
}

/**
 * A sparse tensor from (flat index, entry) pairs with increasing indices. Throws RangeError for indices outside the
 * shape, in another order or repeated, and for shapes of more than 2^32 entries.
 */
export function sparse<S>(shape: readonly number[], pairs: readonly (readonly [number, S])[]): Tensor<S> {
  const size = sizeOf(shape);
  if (size > 2 ** 32) throw new RangeError(`a tensor of shape [${shape.join(', ')}] has more than 2^32 entries`);
  if (pairs.some(([index]) => !(index >= 0 && index < size)))
    throw new RangeError(`an index outside a tensor of shape [${shape.join(', ')}]`);
  const support = Uint32Array.from(pairs, ([index]) => index);
  for (let k = 1; k < support.length; k++) {
    if (support[k] <= support[k - 1]) throw new RangeError('the indices of a sparse tensor must increase');
  }
  return new Tensor(
    shape,
    pairs.map(([, entry]) => entry),
    support,
  );
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
