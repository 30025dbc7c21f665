import { sizeOf, sparse, Tensor } from '../network/tensor.js';

/** Flat index in a tensor of `shape` that broadcasting reads for flat index k of the result. */
export function broadcastIndex(shape: readonly number[], result: readonly number[]): (k: number) => number {
  const size = sizeOf(shape);
  if (size === sizeOf(result)) return (k) => k;
  if (size === 1) return () => 0;
  if (shape.every((length, axis) => length === result.at(axis - shape.length))) return (k) => k % size;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  const padded = [...new Array<number>(result.length - shape.length).fill(0), ...strides];
  return (k) => {
    let rest = k;
    let index = 0;
    for (let axis = result.length - 1; axis >= 0; axis--) {
      index += (rest % result[axis]) * padded[axis];
      rest = Math.floor(rest / result[axis]);
    }
    return index;
  };
}

/** The entries of a tensor of `shape` as they are broadcast to the shape of a result. */
export function broadcast<S>(entries: readonly S[], shape: readonly number[], result: readonly number[]): readonly S[] {
  if (entries.length === sizeOf(result)) return entries;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  const padded = [...new Array<number>(result.length - shape.length).fill(0), ...strides];
  return rearranged(entries, result, padded).data;
}

/** Distance in row-major order between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** A tensor of `shape` that reads a dense one along the given strides: transposition without a copy of the index. */
export function rearranged<S>(entries: readonly S[], shape: readonly number[], strides: readonly number[]): Tensor<S> {
  const index = new Array<number>(shape.length).fill(0);
  const result = new Array<S>(sizeOf(shape));
  for (let k = 0, flat = 0; k < result.length; k++) {
    result[k] = entries[flat];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      flat += strides[axis];
      if (++index[axis] < shape[axis]) break;
      flat -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return new Tensor(shape, result);
}

/** The transpose of a matrix; of a sparse one it is sparse. */
export function transposed<S>(zero: S, matrix: Tensor<S>): Tensor<S> {
  const [rows, columns] = matrix.shape;
  if (matrix.support) return sparseTranspose(matrix, [columns, rows], [1, 0]);
  return rearranged(matrix.dense(zero), [columns, rows], [1, columns]);
}

/** Visits every line along an axis by where it starts, the distance of its entries and their number. */
export function eachRow(
  shape: readonly number[],
  axis: number,
  visit: (start: number, stride: number, length: number) => void,
): void {
  const stride = sizeOf(shape.slice(axis + 1));
  const length = shape[axis];
  const outer = sizeOf(shape.slice(0, axis));
  for (let k = 0; k < outer; k++) {
    for (let j = 0; j < stride; j++) visit(k * length * stride + j, stride, length);
  }
}

/** The entries of one such line. */
export function row<S>(entries: readonly S[], start: number, stride: number, length: number): S[] {
  const found = new Array<S>(length);
  for (let k = 0, at = start; k < length; k++, at += stride) found[k] = entries[at];
  return found;
}

/** The transpose of a sparse tensor, by moving its stored entries. */
export function sparseTranspose<S>(x: Tensor<S>, shape: readonly number[], perm: readonly number[]): Tensor<S> {
  const from = stridesOf(x.shape);
  const to = stridesOf(shape);
  return fromPairs(
    shape,
    Array.from(x.support!, (index, k) => {
      const moved = perm.reduce((flat, axis, j) => flat + (Math.floor(index / from[axis]) % x.shape[axis]) * to[j], 0);
      return [moved, x.data[k]] as const;
    }),
  );
}

/** Where the stored entries of a sparse tensor stand when it is broadcast to `shape`: pairs (flat index, stored number). */
export function broadcastSupport<S>(x: Tensor<S>, shape: readonly number[]): (readonly [number, number])[] {
  const to = stridesOf(shape);
  const offset = shape.length - x.shape.length;
  const from = stridesOf(x.shape);
  let shifts = [0];
  shape.forEach((length, axis) => {
    if (axis >= offset && x.shape[axis - offset] === length) return;
    shifts = shifts.flatMap((shift) => Array.from({ length }, (_, k) => shift + k * to[axis]));
  });
  return Array.from(x.support!).flatMap((index, k) => {
    const base = x.shape.reduce(
      (flat, length, axis) => flat + (Math.floor(index / from[axis]) % length) * to[axis + offset],
      0,
    );
    return shifts.map((shift) => [base + shift, k] as const);
  });
}

/** A sparse tensor from pairs in any order. */
export function fromPairs<S>(shape: readonly number[], pairs: (readonly [number, S])[]): Tensor<S> {
  return sparse(
    shape,
    pairs.sort(([i], [j]) => i - j),
  );
}
