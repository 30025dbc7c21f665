import { kernelFrom } from './instance.js';
import assembled from './product.wat';

/** c += a b for matrices in row-major order, a of `rows` rows and `inner` columns, b of `columns` columns. */
export type Multiply = (
  c: Float64Array,
  a: Float64Array,
  b: Float64Array,
  shape: { readonly rows: number; readonly inner: number; readonly columns: number },
) => void;

/**
 * The loop in JavaScript: four rows of b at a time, so that a partial sum is read and written once for four products. Every
 * entry is the sum of its products in increasing order, each rounded to nearest.
 */
export const multiplyPlainly: Multiply = (c, a, b, { rows, inner, columns }) => {
  for (let i = 0; i < rows; i++) {
    const sum = c.subarray(i * columns, (i + 1) * columns);
    const first = i * inner;
    let k = 0;
    for (; k + 4 <= inner; k += 4) {
      const [w, x, y, z] = [a[first + k], a[first + k + 1], a[first + k + 2], a[first + k + 3]];
      const p = k * columns;
      const [q, r, s] = [p + columns, p + 2 * columns, p + 3 * columns];
      for (let j = 0; j < columns; j++) {
        sum[j] = sum[j] + w * b[p + j] + x * b[q + j] + y * b[r + j] + z * b[s + j];
      }
    }
    for (; k < inner; k++) {
      const x = a[first + k];
      for (let j = 0; j < columns; j++) sum[j] += x * b[k * columns + j];
    }
  }
};

/** Fewer products are not worth packing. */
const FEWEST_PRODUCTS = 1 << 15;

/** The same by `product.wat`, two doubles at a time: the same numbers. Where there is no SIMD, the loop itself. */
export const multiply: Multiply = (c, a, b, shape) => addProducts(c, [[a, b]], shape);

/** c += a b for one pair of matrices after the other. */
export function addProducts(
  c: Float64Array,
  pairs: readonly (readonly [a: Float64Array, b: Float64Array])[],
  shape: Parameters<Multiply>[3],
): void {
  const { rows, inner, columns } = shape;
  const [groups, tiles] = [Math.ceil(rows / 4), Math.ceil(columns / 4)];
  const sizes = [groups * inner * 4, tiles * inner * 4, groups * tiles * 16];
  const bytes = 8 * sizes.reduce((total, size) => total + size);
  const quick = rows * inner * columns >= FEWEST_PRODUCTS ? kernel(bytes) : null;
  if (!quick) {
    for (const [a, b] of pairs) multiplyPlainly(c, a, b, shape);
    return;
  }
  const { memory } = quick;
  const at = (n: number) => sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
  const [left, right, result] = sizes.map((size, n) => new Float64Array(memory.buffer, 8 * at(n), size));
  packTiles(result, c, rows, columns);
  for (const [a, b] of pairs) {
    packRows(left, a, rows, inner);
    packColumns(right, b, inner, columns);
    quick.multiply(0, 8 * at(1), 8 * at(2), groups, tiles, inner);
  }
  unpackTiles(c, result, rows, columns);
}

/** Rows beyond the last are those of the call before: what comes of them is not read. */
function packRows(packed: Float64Array, a: Float64Array, rows: number, inner: number): void {
  let place = 0;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const p = i * inner;
    const [q, r, s] = [p + inner, p + 2 * inner, p + 3 * inner];
    for (let k = 0; k < inner; k++, place += 4) {
      packed[place] = a[p + k];
      packed[place + 1] = a[q + k];
      packed[place + 2] = a[r + k];
      packed[place + 3] = a[s + k];
    }
  }
  for (let row = i; row < rows; row++) {
    for (let k = 0; k < inner; k++) packed[place + 4 * k + (row - i)] = a[row * inner + k];
  }
}

/** Columns that are read together: those of a line of the cache. */
const LINE = 8;

function packColumns(packed: Float64Array, b: Float64Array, inner: number, columns: number): void {
  let j = 0;
  for (; j + LINE <= columns; j += LINE) {
    let place = j * inner;
    let other = place + 4 * inner;
    for (let k = 0, from = j; k < inner; k++, from += columns, place += 4, other += 4) {
      packed[place] = b[from];
      packed[place + 1] = b[from + 1];
      packed[place + 2] = b[from + 2];
      packed[place + 3] = b[from + 3];
      packed[other] = b[from + 4];
      packed[other + 1] = b[from + 5];
      packed[other + 2] = b[from + 6];
      packed[other + 3] = b[from + 7];
    }
  }
  for (; j < columns; j++) {
    const start = (j >> 2) * inner * 4 + (j & 3);
    for (let k = 0; k < inner; k++) packed[start + 4 * k] = b[k * columns + j];
  }
}

/** Entry (i, j) of a matrix stands in tile (i >> 2, j >> 2), of 4 x 4 entries. */
function packTiles(packed: Float64Array, c: Float64Array, rows: number, columns: number): void {
  const tiles = Math.ceil(columns / 4);
  for (let i = 0; i < rows; i++) {
    let place = (i >> 2) * tiles * 16 + (i & 3) * 4;
    for (let j = 0, k = i * columns; j < columns; j += 4, place += 16) {
      const last = Math.min(4, columns - j);
      for (let n = 0; n < last; n++, k++) packed[place + n] = c[k];
    }
  }
}

function unpackTiles(c: Float64Array, packed: Float64Array, rows: number, columns: number): void {
  const tiles = Math.ceil(columns / 4);
  for (let i = 0; i < rows; i++) {
    let place = (i >> 2) * tiles * 16 + (i & 3) * 4;
    for (let j = 0, k = i * columns; j < columns; j += 4, place += 16) {
      const last = Math.min(4, columns - j);
      for (let n = 0; n < last; n++, k++) c[k] = packed[place + n];
    }
  }
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  multiply(a: number, b: number, c: number, groups: number, tiles: number, inner: number): void;
}

const kernel = kernelFrom<Kernel>(assembled);
