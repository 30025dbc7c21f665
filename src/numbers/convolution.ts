import { convolve, type VectorPair } from './kernels/convolution.js';
import { addUp, mulUp, SMALLEST } from './rounding.js';

/**
 * Upper bounds of c(t) = sum_k sum_i sum_{s <= t} a_ki(t - s) b_ki(s) for t < `length`, for pairs k of vectors over time of doubles that
 * are not negative.
 *
 * Summed in doubles, first over s, then over the m entries i of all pairs. Every term takes part in one product and in at most
 * n = t + m additions other than to 0, so the result is at least (1 - 2^-53)^(n+1) times the exact sum, up to 2^-1074 for each product
 * that underflows (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2). Throws RangeError for vectors
 * over other times, or of different widths.
 */
export function convolutionBounds(pairs: readonly VectorPair[], length: number): Float64Array {
  if (pairs.some(([a, b]) => a.length % length !== 0 || b.length !== a.length))
    throw new RangeError('the vectors of a convolution differ in length');
  const { sums, present } = convolve(pairs, length);
  return sums.map((sum, t) => {
    const products = present * (t + 1);
    const n = t + present;
    return mulUp(addUp(sum, products * SMALLEST), 1 + (n + 2) * 2 ** -52);
  });
}
