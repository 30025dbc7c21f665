import { convolve } from './kernels/convolution.js';
import { addUp, mulUp, SMALLEST } from './rounding.js';

/**
 * Upper bounds of c(t) = sum_k sum_{s <= t} a_k(t - s) b_k(s), t = 0, 1, ..., for sequences of doubles that are not negative,
 * all of the same length.
 *
 * Summed in doubles, first over s, then over the m pairs. Every term takes part in one product and in at most
 * n = t + m additions other than to 0, so the result is at least (1 - 2^-53)^(n+1) times the exact sum, up to 2^-1074 for each product
 * that underflows (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2). Throws RangeError for sequences
 * of different lengths.
 */
export function convolutionBounds(pairs: readonly (readonly [Float64Array, Float64Array])[]): Float64Array {
  const length = pairs[0]?.[0].length ?? 0;
  if (pairs.some(([a, b]) => a.length !== length || b.length !== length))
    throw new RangeError('the sequences of a convolution differ in length');
  const isPresent = (sequence: Float64Array) => sequence.some((x) => x > 0);
  const present = pairs.filter(([a, b]) => isPresent(a) && isPresent(b));
  return convolve(present, length).map((sum, t) => {
    const products = present.length * (t + 1);
    const n = t + present.length;
    return mulUp(addUp(sum, products * SMALLEST), 1 + (n + 2) * 2 ** -52);
  });
}
