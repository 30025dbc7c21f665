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
/** Bytes that a memory of 32-bit addresses has, with room to spare. */
const MOST_BYTES = 2 ** 31;
const PAGE = 65_536;

/** The same by `product.wat`, two doubles at a time: the same numbers. Where there is no SIMD, the loop itself. */
export const multiply: Multiply = (c, a, b, shape) => {
  const { rows, inner, columns } = shape;
  const [groups, tiles] = [Math.ceil(rows / 4), Math.ceil(columns / 4)];
  const sizes = [groups * inner * 4, tiles * inner * 4, groups * tiles * 16];
  const bytes = 8 * sizes.reduce((total, size) => total + size);
  const quick = rows * inner * columns >= FEWEST_PRODUCTS && bytes <= MOST_BYTES ? kernel() : null;
  if (!quick) {
    multiplyPlainly(c, a, b, shape);
    return;
  }
  const { memory } = quick;
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
  const at = (n: number) => sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
  const [left, right, result] = sizes.map((size, n) => new Float64Array(memory.buffer, 8 * at(n), size));
  packRows(left, a, rows, inner);
  packColumns(right, b, inner, columns);
  eachEntry(rows, columns, tiles, (place, k) => {
    result[place] = c[k];
  });
  quick.multiply(0, 8 * at(1), 8 * at(2), groups, tiles, inner);
  eachEntry(rows, columns, tiles, (place, k) => {
    c[k] = result[place];
  });
};

/** Rows beyond the last are those of the call before: what comes of them is not read. */
function packRows(packed: Float64Array, a: Float64Array, rows: number, inner: number): void {
  for (let i = 0; i < rows; i++) {
    const start = (i >> 2) * inner * 4 + (i & 3);
    for (let k = 0; k < inner; k++) packed[start + 4 * k] = a[i * inner + k];
  }
}

function packColumns(packed: Float64Array, b: Float64Array, inner: number, columns: number): void {
  for (let k = 0; k < inner; k++) {
    for (let j = 0; j < columns; j++) packed[(j >> 2) * inner * 4 + 4 * k + (j & 3)] = b[k * columns + j];
  }
}

/** Where entry k of a matrix stands in its tiles. */
function eachEntry(rows: number, columns: number, tiles: number, visit: (place: number, k: number) => void): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      visit(((i >> 2) * tiles + (j >> 2)) * 16 + (i & 3) * 4 + (j & 3), i * columns + j);
    }
  }
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  multiply(a: number, b: number, c: number, groups: number, tiles: number, inner: number): void;
}

let made: Kernel | null | undefined;

/** Compiled when it is first needed; null where WebAssembly or its SIMD is missing or switched off. */
function kernel(): Kernel | null {
  if (made !== undefined) return made;
  made = null;
  if (process.env.EXHIBIT_WASM === '0') return made;
  try {
    const module = new WebAssembly.Module(Buffer.from(assembled, 'base64'));
    made = new WebAssembly.Instance(module).exports as unknown as Kernel;
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError || error instanceof ReferenceError)) throw error;
  }
  return made;
}
