import { sizeOf, sparse, Tensor } from '../network/tensor.js';
import type { Algebra } from './algebra.js';
import { broadcastIndex } from './indexing.js';
import { memoised, memoisedRows } from './memoised.js';

/**
 * [..., n, k] x [..., k, m] in any algebra, one inner product per entry of the result; a left factor [k] is one row.
 *
 * A sparse right factor costs its stored entries per row and not k m: the identity of order 4096 is 4096 products.
 * The product of two sparse matrices is sparse.
 */
export function matmul<S>(
  algebra: Algebra<S>,
  [a, b]: readonly Tensor<S>[],
  _: object,
  shape: readonly number[],
): Tensor<S> {
  if (a.support && b.support && a.shape.length === 2 && b.shape.length === 2)
    return sparseProduct(algebra, a, b, shape);
  const inner = b.shape.at(-2)!;
  const columns = b.shape.at(-1)!;
  const rows = a.shape.length === 1 ? 1 : a.shape.at(-2)!;
  const leading = shape.slice(0, a.shape.length === 1 ? -1 : -2);
  const entries = a.dense(algebra.zero);
  const lines = columnsOf(b);
  if (b.support && a.shape.length === 2 && b.shape.length === 2) {
    const filled = lines.flatMap(({ positions }, j) => (positions!.length === 0 ? [] : [j]));
    if (filled.length * SPARSE <= columns) return sparseColumnsTimes(algebra, entries, inner, lines, filled, shape);
  }
  const [left, right] = [a, b].map((factor) => broadcastIndex(factor.shape.slice(0, -2), leading));
  const result: S[] = [];
  for (let batch = 0; batch < sizeOf(leading); batch++) {
    const [firstRow, firstColumn] = [left(batch) * rows, right(batch) * columns];
    const products = memoisedRows(algebra, productsWith(algebra, lines.slice(firstColumn, firstColumn + columns)));
    for (let i = 0; i < rows; i++) {
      const start = (firstRow + i) * inner;
      for (const entry of products(entries.slice(start, start + inner))) result.push(entry);
    }
  }
  return new Tensor(shape, result);
}

/** The products of many rows with one matrix [k, m]. */
export function rowTimes<S>(algebra: Algebra<S>, matrix: Tensor<S>): (row: readonly S[]) => readonly S[] {
  return productsWith(algebra, columnsOf(matrix));
}

/** A product is stored as sparse when at most one in so many of its columns can hold more than zeros. */
const SPARSE = 4;

/** The products of a row with columns, equal columns near each other once. */
function productsWith<S>(algebra: Algebra<S>, columns: readonly Column<S>[]): (row: readonly S[]) => readonly S[] {
  if (columns.some(({ positions }) => positions) || !algebra.sharesResults)
    return (row) => columns.map((column) => innerProduct(algebra, row, column));
  const different: (readonly S[])[] = [];
  const place = memoisedRows(algebra, (entries) => different.push(entries) - 1);
  const places = columns.map(({ entries }) => place(entries));
  return (row) => {
    const found = algebra.innerProducts?.([row], different) ?? different.map((column) => algebra.dot(row, column));
    return different.length === columns.length ? found : places.map((k) => found[k]);
  };
}

/** A product whose columns hold zeros, save the few that are listed. */
function sparseColumnsTimes<S>(
  algebra: Algebra<S>,
  entries: readonly S[],
  inner: number,
  lines: readonly Column<S>[],
  filled: readonly number[],
  shape: readonly number[],
): Tensor<S> {
  const products = memoisedRows(algebra, (row) => filled.map((j) => innerProduct(algebra, row, lines[j])));
  const pairs: (readonly [number, S])[] = [];
  for (let i = 0; i < shape[0]; i++) {
    products(entries.slice(i * inner, (i + 1) * inner)).forEach((entry, n) => {
      pairs.push([i * shape[1] + filled[n], entry]);
    });
  }
  return sparse(shape, pairs);
}

/** A column: all its entries (positions null), or the stored ones and where they stand. */
interface Column<S> {
  readonly positions: readonly number[] | null;
  readonly entries: readonly S[];
}

function innerProduct<S>(algebra: Algebra<S>, row: readonly S[], { positions, entries }: Column<S>): S {
  if (!positions) return algebra.dot(row, entries);
  if (positions.length === 0) return algebra.zero;
  if (positions.length === 1) return algebra.mul(row[positions[0]], entries[0]);
  return algebra.dot(
    positions.map((position) => row[position]),
    entries,
  );
}

/** The columns of weights, cut once however often a network is evaluated. */
const cut = new WeakMap<object, readonly Column<unknown>[]>();

function columnsOf<S>(matrix: Tensor<S>): readonly Column<S>[] {
  const known = cut.get(matrix) as readonly Column<S>[] | undefined;
  if (known) return known;
  const columns = matrix.support ? sparseColumns(matrix) : denseColumns(matrix);
  cut.set(matrix, columns);
  return columns;
}

function denseColumns<S>({ shape, data, size }: Tensor<S>): Column<S>[] {
  const [rows, columns] = shape.slice(-2);
  return Array.from({ length: size / rows }, (_, k) => {
    const start = Math.floor(k / columns) * rows * columns + (k % columns);
    return { positions: null, entries: Array.from({ length: rows }, (_, i) => data[start + i * columns]) };
  });
}

function sparseColumns<S>(matrix: Tensor<S>): Column<S>[] {
  const [rows, columns] = matrix.shape.slice(-2);
  const result = Array.from({ length: matrix.size / rows }, () => ({ positions: [] as number[], entries: [] as S[] }));
  matrix.forEach((entry, index) => {
    const column = result[Math.floor(index / (rows * columns)) * columns + (index % columns)];
    column.positions.push(Math.floor(index / columns) % rows);
    column.entries.push(entry);
  });
  return result;
}

/** Row by row (Gustavson 1978): each stored a_ik meets the stored entries of row k of b. */
function sparseProduct<S>(algebra: Algebra<S>, a: Tensor<S>, b: Tensor<S>, shape: readonly number[]): Tensor<S> {
  const [left, right] = [sparseRows(a), sparseRows(b)];
  const multiply = memoised(algebra, algebra.mul);
  const columns = shape[1];
  /** Of the columns that the row at hand has met: their factors, the first in lists that all rows use again. */
  const met = new Int32Array(columns).fill(-1);
  const [firstA, firstB] = [new Array<S>(columns), new Array<S>(columns)];
  const [data, support]: [S[], number[]] = [[], []];
  left.forEach((row, i) => {
    const touched: number[] = [];
    const several = new Map<number, { readonly a: S[]; readonly b: S[] }>();
    for (const [k, entry] of row) {
      for (const [j, partner] of right[k]) {
        if (met[j] !== i) {
          met[j] = i;
          firstA[j] = entry;
          firstB[j] = partner;
          touched.push(j);
          continue;
        }
        const terms = several.get(j) ?? { a: [firstA[j]], b: [firstB[j]] };
        terms.a.push(entry);
        terms.b.push(partner);
        several.set(j, terms);
      }
    }
    for (const j of Uint32Array.from(touched).sort()) {
      const terms = several.get(j);
      data.push(terms ? algebra.dot(terms.a, terms.b) : multiply(firstA[j], firstB[j]));
      support.push(i * columns + j);
    }
  });
  return data.length === sizeOf(shape) ? new Tensor(shape, data) : new Tensor(shape, data, Uint32Array.from(support));
}

/** The stored entries of a matrix, row by row. */
export function sparseRows<S>(matrix: Tensor<S>): (readonly [number, S])[][] {
  const rows = Array.from({ length: matrix.shape[0] }, (): [number, S][] => []);
  matrix.forEach((entry, index) => {
    rows[Math.floor(index / matrix.shape[1])].push([index % matrix.shape[1], entry]);
  });
  return rows;
}
