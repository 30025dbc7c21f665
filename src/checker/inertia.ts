import { spend } from './budget.js';
import { bitsOf, costOfProduct } from './fraction.js';

export type IntegerMatrix = readonly (readonly bigint[])[];

/**
 * How many eigenvalues of a symmetric matrix of integers are positive, by Sylvester's law: elimination without fractions (Bareiss
 * 1968) with pivots on the diagonal, whose signs are those of quotients of leading minors. Where all that is left of
 * the diagonal is 0, adding row and column j to row and column i makes an entry of it 2 a_ij.
 */
export function positiveEigenvalues(matrix: IntegerMatrix): number {
  let rest = matrix.map((row) => [...row]);
  let [before, count] = [1n, 0];
  while (rest.length > 0) {
    const n = rest.length;
    let pivot = rest.findIndex((row, i) => row[i] !== 0n);
    if (pivot < 0) {
      pivot = rest.findIndex((row) => row.some((entry) => entry !== 0n));
      if (pivot < 0) break;
      const other = rest[pivot].findIndex((entry) => entry !== 0n);
      for (let k = 0; k < n; k++) rest[pivot][k] += rest[other][k];
      for (let k = 0; k < n; k++) rest[k][pivot] += rest[k][other];
    }
    const line = rest[pivot];
    const p = line[pivot];
    if (p > 0n === before > 0n) count += 1;
    const bits = bitsOf(p) + 1;
    spend(n * n * (20 + 2 * costOfProduct(bits, bits)));
    const kept = [...line.keys()].filter((i) => i !== pivot);
    const next: bigint[][] = kept.map(() => []);
    for (const [a, i] of kept.entries()) {
      for (let b = 0; b <= a; b++) {
        const j = kept[b];
        next[a][b] = next[b][a] = (p * rest[i][j] - line[i] * line[j]) / before;
      }
    }
    [rest, before] = [next, p];
  }
  return count;
}
