import type { Interval } from '../numbers/interval.js';
import { addUp } from '../numbers/rounding.js';
import type { Terms } from './terms.js';

/**
 * An upper bound of the sum of |result| over the n - 1 additions that sum n terms, for every order of summation.
 *
 * An order is a binary tree with the terms as leaves. Sorted by the number of leaves under them, its inner nodes have at
 * most 2, 3, ..., n: under a node with s leaves there are s - 2 other inner nodes, all with fewer. A sum of m of the terms
 * lies between the sum of the m least negative parts and that of the m largest positive parts. So the bound is
 *   sum over m = 2, ..., n of max(P_m, N_m),   P_m, N_m the sums of the m largest positive and negative parts,
 * where (n - 1) sum |t_i| is usual (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2).
 *
 * An addition is off by at most u times its own result, so a sum is off by u/(1 - n u) times this bound (and underflow).
 */
export function partialSums(terms: readonly Interval[]): number {
  const above = (end: (term: Interval) => number) => Float64Array.from(terms, (term) => Math.max(end(term), 0));
  return partialSumsOf(
    above(({ hi }) => hi),
    above(({ lo }) => -lo),
  );
}

/** The same of terms one after the other. */
export function partialSumsIn({ lo, hi, length }: Terms): number {
  return partialSumsOf(positiveParts(hi, length, 1), positiveParts(lo, length, -1));
}

/** Lists that are sorted and forgotten. */
const SCRATCH = { positive: new Float64Array(64), negative: new Float64Array(64) };

/** The positive parts of the first numbers of a list, times a sign. */
function positiveParts(list: Float64Array, length: number, sign: 1 | -1): Float64Array {
  const name = sign === 1 ? 'positive' : 'negative';
  if (SCRATCH[name].length < length) SCRATCH[name] = new Float64Array(2 * length);
  const parts = SCRATCH[name].subarray(0, length);
  for (let k = 0; k < length; k++) parts[k] = Math.max(sign * list[k], 0);
  return parts;
}

/** The same from the parts of the terms above and below 0, as far as these may reach; both lists are sorted. */
export function partialSumsOf(positive: Float64Array, negative: Float64Array): number {
  const n = positive.length;
  if (n > 2) for (const parts of [positive, negative]) sortDown(parts);
  let [total, up, down] = [0, positive[0] ?? 0, negative[0] ?? 0];
  for (let m = 1; m < n; m++) {
    up = addUp(up, positive[m]);
    down = addUp(down, negative[m]);
    total = addUp(total, Math.max(up, down));
  }
  return total;
}

/** The largest first. Half of the parts are 0, and need no place among the others. */
function sortDown(parts: Float64Array): void {
  let count = 0;
  for (const part of parts) if (part !== 0) parts[count++] = part;
  parts.fill(0, count).subarray(0, count).sort().reverse();
}
