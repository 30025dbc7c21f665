import { lcm } from './gcd.js';
import { dot, Rational } from './rational.js';

/** A matrix of exact numbers, row by row; all rows have one length. */
export type RationalMatrix = readonly (readonly Rational[])[];

/** The numerators of a matrix over the least common denominator of all entries, which is positive. */
export interface Cleared {
  readonly rows: bigint[][];
  readonly den: bigint;
}

/** Integers over one denominator, in fresh rows that may be overwritten. */
export function cleared(matrix: RationalMatrix): Cleared {
  let den = 1n;
  for (const row of matrix) for (const entry of row) if (den % entry.den !== 0n) den = lcm(den, entry.den);
  return { rows: matrix.map((row) => row.map((entry) => entry.num * (den / entry.den))), den };
}

/** The identity of order n. */
export function identityMatrix(n: number): RationalMatrix {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? Rational.one : Rational.zero)),
  );
}

export function transposed(matrix: RationalMatrix): RationalMatrix {
  return (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j]));
}

/** The product A B. Throws RangeError when the shapes do not fit. */
export function multiplied(a: RationalMatrix, b: RationalMatrix): RationalMatrix {
  if (a.some((row) => row.length !== b.length))
    throw new RangeError(`rows of ${a[0]?.length} entries times ${b.length} rows`);
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

/** A + factor B, for matrices of one shape. */
export function combined(a: RationalMatrix, factor: Rational, b: RationalMatrix): RationalMatrix {
  return a.map((row, i) => row.map((entry, j) => entry.add(factor.mul(b[i][j]))));
}

export function isSymmetric(matrix: RationalMatrix): boolean {
  return matrix.every(
    (row, i) => row.length === matrix.length && row.every((entry, j) => j >= i || entry.equals(matrix[j][i])),
  );
}
