import { SMALLEST } from './rounding.js';

/**
 * Sums of products in pairs of doubles, some 106 bits, with a bound of what is lost: for long recurrences with weights that are
 * doubles, where intervals of doubles blur and balls are slow.
 */

/** Rows of doubles other than 0, one after the other. */
export interface SparseRows {
  /** Row i has the entries starts[i], ..., starts[i + 1] - 1. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float64Array;
}

export function sparseRows(rows: readonly (readonly (readonly [column: number, weight: number])[])[]): SparseRows {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = starts[i] + row.length;
  });
  const [columns, weights] = [new Int32Array(starts[rows.length]), new Float64Array(starts[rows.length])];
  let k = 0;
  for (const row of rows) for (const [column, weight] of row) [columns[k], weights[k++]] = [column, weight];
  return { starts, columns, weights };
}

/** Numbers that lie within `radius` of high + low, |low| <= 2^-53 |high|. */
export interface Pairs {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly radius: Float64Array;
}

/** So many zeros, or the doubles that are given, exactly. */
export function pairs(of: number | Float64Array): Pairs {
  const high = new Float64Array(of as number);
  return { high, low: new Float64Array(high.length), radius: new Float64Array(high.length) };
}

/** Veltkamp's splitting. */
function headOf(x: number): number {
  const c = (2 ** 27 + 1) * x;
  return c - (c - x);
}

/**
 * h(t) = A h(t-1) + B x(t) for t = 0, 1, ..., from h(-1) = 0: entry i of n at time t stands at n t + i, in x and in the result.
 *
 * Let m = sum |A_ij| |h_j| + sum |B_ij| |x_j| over high parts, n the number of terms and u = 2^-53. High parts are multiplied
 * and added without error (Dekker's and Knuth's transformations), up to 8 * 2^-1074 per term for errors that underflow. What
 * is left of term k is at most u m from the sum and u + u times its own product, rounded three times: the rounding errors of all
 * that come to at most u^2 m (n^2/2 + 7n/2 + 5)(1 + 2^-20) <= u^2 m (n + 3)^2 for n < 2^20 (Ogita, Rump, Oishi 2005, whose Dot2
 * this is, with low parts). The radii add sum |A_ij| r_j; they are sums of numbers that are not negative, off by less than
 * (n + 8) 2^-52 of themselves. Where a number overflows, the result has a high part or a radius that is not finite.
 */
export function recurrenceInPairs(A: SparseRows, B: SparseRows, x: Pairs, steps: number): Pairs {
  const height = B.starts.length - 1;
  const width = x.high.length / steps;
  const result = pairs(height * steps);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < height; i++) putRow(A, B, i, result, (t - 1) * height, x, t * width, t * height + i);
  }
  return result;
}

/** Entry `at` of h <- sum_j A_ij h_j + sum_j B_ij x_j, with the vectors from `before` and `driving` on; no h where that is negative. */
function putRow(
  A: SparseRows,
  B: SparseRows,
  i: number,
  h: Pairs,
  before: number,
  x: Pairs,
  driving: number,
  at: number,
): void {
  let [sum, rest, size, blur] = [0, 0, 0, 0];
  let n = 0;
  for (let side = before < 0 ? 1 : 0; side < 2; side++) {
    const { starts, columns, weights } = side === 0 ? A : B;
    const { high, low, radius } = side === 0 ? h : x;
    const first = side === 0 ? before : driving;
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = first + columns[k];
      const value = high[j];
      const known = radius[j];
      if (value === 0 && known === 0) continue;
      const weight = weights[k];
      const product = weight * value;
      const a = headOf(weight);
      const c = headOf(value);
      const b = weight - a;
      const d = value - c;
      const missed = b * d - (product - a * c - b * c - a * d);
      const total = sum + product;
      const part = total - sum;
      rest += sum - (total - part) + (product - part) + (missed + weight * low[j]);
      sum = total;
      size += Math.abs(product);
      blur += Math.abs(weight) * known;
      n++;
    }
  }
  const total = sum + rest;
  const part = total - sum;
  h.high[at] = total;
  h.low[at] = sum - (total - part) + (rest - part);
  h.radius[at] =
    n === 0 ? 0 : (blur + (n + 3) * (n + 3) * 2 ** -106 * size + 16 * n * SMALLEST) * (1 + (n + 8) * 2 ** -52);
}
