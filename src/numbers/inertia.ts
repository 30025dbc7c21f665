import { demandTime } from '../deadline.js';
import { Rational } from './rational.js';
import { cleared, combined, identityMatrix, isSymmetric, type RationalMatrix } from './rational-matrix.js';

/** How many eigenvalues of a symmetric matrix are positive, negative and 0. */
export interface Inertia {
  readonly positive: number;
  readonly negative: number;
  readonly zero: number;
}

/**
 * The inertia of a symmetric matrix, exact, by Sylvester's law: T A T' = D with det T = +-1, without fractions
 * (`elimination.ts`; by symmetry one triangle is enough). Pivots are diagonal entries; where all that are left are 0, adding
 * row and column j to row and column i makes one of 2 a_ij. The k-th entry of D has the sign of d_k d_(k-1), where d_k is
 * the k-th leading minor of the matrix in its final order.
 *
 * Throws RangeError for a matrix that is not symmetric, Unfinished when a time limit is over.
 */
export function inertia(matrix: RationalMatrix): Inertia {
  const { diagonal } = congruent(matrix, false);
  const positive = diagonal.filter((entry) => entry.sign() > 0).length;
  const negative = diagonal.filter((entry) => entry.sign() < 0).length;
  return { positive, negative, zero: matrix.length - positive - negative };
}

/** A diagonal matrix congruent to a symmetric one. */
export interface Diagonalised {
  /** T A T' is diagonal with these entries. */
  readonly diagonal: readonly Rational[];
  /** T, of determinant 1 or -1. Row k is a vector v with v'Av = diagonal[k]. */
  readonly transform: RationalMatrix;
}

/**
 * T A T' = D for a symmetric matrix A (its LDL' decomposition with symmetric pivoting: A = T^-1 D T^-T). A row of T with a
 * negative entry of D is a witness that A is not positive semidefinite. Throws RangeError for a matrix that is not symmetric.
 */
export function diagonalised(matrix: RationalMatrix): Diagonalised {
  const { diagonal, transform } = congruent(matrix, true);
  return { diagonal, transform: transform! };
}

/** The number of eigenvalues of a symmetric matrix above s. The exact certificate is the inertia of A - s I. */
export function eigenvaluesAbove(matrix: RationalMatrix, s: Rational): number {
  return inertia(combined(matrix, s.neg(), identityMatrix(matrix.length))).positive;
}

/** Whether v'Av > 0 for all v other than 0. */
export function isPositiveDefinite(matrix: RationalMatrix): boolean {
  return inertia(matrix).positive === matrix.length;
}

function congruent(matrix: RationalMatrix, isTransformed: boolean) {
  if (!isSymmetric(matrix)) throw new RangeError('a matrix that is not symmetric');
  const order = matrix.length;
  const { rows, den } = cleared(matrix);
  // The transform is carried along as more columns; the rows of the lower triangle are mirrored when they are needed.
  const carried = rows.map((row, i) => (isTransformed ? [...row, ...row.map((_, j) => (i === j ? 1n : 0n))] : row));
  const diagonal: Rational[] = [];
  const before: bigint[] = [];
  let last = 1n;
  for (let step = 0; step < order; step++) {
    const pivotRow = pivotOf(carried, step, order);
    if (pivotRow < 0) break;
    if (pivotRow !== step) swap(carried, step, pivotRow, order);
    const top = carried[step];
    const pivot = top[step];
    before.push(last);
    diagonal.push(Rational.of(pivot, last * den));
    for (let i = step + 1; i < order; i++) {
      demandTime('an exact elimination');
      const row = carried[i];
      const factor = top[i];
      for (let j = i; j < row.length; j++) {
        const product = pivot * row[j];
        row[j] = (factor === 0n ? product : product - factor * top[j]) / last;
      }
    }
    last = pivot;
  }
  while (diagonal.length < order) {
    before.push(last);
    diagonal.push(Rational.zero);
  }
  const transform = isTransformed
    ? carried.map((row, k) => row.slice(order).map((entry) => Rational.of(entry, before[k])))
    : null;
  return { diagonal, transform };
}

/**
 * The row of the next pivot: the diagonal entry of fewest digits that is not 0. Where there is none, a row with an entry
 * a_ij that is not 0 is made one. -1 when nothing is left.
 */
function pivotOf(rows: bigint[][], step: number, order: number): number {
  let best = -1;
  let least = 0n;
  for (let i = step; i < order; i++) {
    const size = rows[i][i] < 0n ? -rows[i][i] : rows[i][i];
    if (size !== 0n && (best < 0 || size < least)) [best, least] = [i, size];
  }
  if (best >= 0) return best;
  for (let i = step; i < order; i++) {
    for (let j = i + 1; j < order; j++) {
      if (rows[i][j] === 0n) continue;
      add(rows, i, j, step, order);
      return i;
    }
  }
  return -1;
}

/** The entry (i, j) of the symmetric matrix whose upper triangle is kept. */
function at(rows: readonly (readonly bigint[])[], i: number, j: number): bigint {
  return i <= j ? rows[i][j] : rows[j][i];
}

/** Adds row and column j to row and column i, both from `step` on, in the upper triangle. */
function add(rows: bigint[][], i: number, j: number, step: number, order: number): void {
  const diagonal = rows[i][i] + 2n * at(rows, i, j) + rows[j][j];
  const sums = new Map<number, bigint>();
  for (let k = step; k < order; k++) if (k !== i) sums.set(k, at(rows, i, k) + at(rows, j, k));
  for (const [k, sum] of sums) {
    if (i < k) rows[i][k] = sum;
    else rows[k][i] = sum;
  }
  rows[i][i] = diagonal;
  for (let k = order; k < rows[i].length; k++) rows[i][k] += rows[j][k];
}

/** Exchanges rows and columns p < q, in the upper triangle. */
function swap(rows: bigint[][], p: number, q: number, order: number): void {
  const values: [number, number, bigint][] = [];
  const other = (k: number) => (k === p ? q : k === q ? p : k);
  for (let k = p; k < order; k++) {
    values.push([p, k, at(rows, q, other(k))]);
    if (k !== p) values.push([Math.min(q, k), Math.max(q, k), at(rows, p, other(k))]);
  }
  for (const [i, j, value] of values) rows[i][j] = value;
  for (let k = order; k < rows[p].length; k++) [rows[p][k], rows[q][k]] = [rows[q][k], rows[p][k]];
}
