import { addUp, mulUp, SMALLEST } from './rounding.js';

/**
 * Upper bounds of c(t) = sum_k sum_{s <= t} a_k(t - s) b_k(s), t = 0, 1, ..., for sequences of doubles that are not negative,
 * all of the same length.
 *
 * Summed in doubles. Every term takes part in at most n = (number of terms of c(t)) additions and one product, so the
 * result is at least (1 - 2^-53)^(n+1) times the exact sum, up to 2^-1074 for each product that underflows (Higham,
 * Accuracy and Stability of Numerical Algorithms, section 4.2). Throws RangeError for sequences of different lengths.
 */
export function convolutionBounds(pairs: readonly (readonly [Float64Array, Float64Array])[]): Float64Array {
  const length = pairs[0]?.[0].length ?? 0;
  if (pairs.some(([a, b]) => a.length !== length || b.length !== length))
    throw new RangeError('the sequences of a convolution differ in length');
  const total = new Float64Array(length);
  const isPresent = (sequence: Float64Array) => sequence.some((x) => x > 0);
  const present = pairs.filter(([a, b]) => isPresent(a) && isPresent(b));
  for (const [a, b] of present) addConvolution(total, a, b);
  return total.map((sum, t) => {
    const n = present.length * (t + 1);
    return mulUp(addUp(sum, n * SMALLEST), 1 + (n + 2) * 2 ** -52);
  });
}

/** Adds sum_{s <= t} a(t - s) b(s) to entry t, each in the order of s; four entries at a time, as each sum waits for itself. */
function addConvolution(total: Float64Array, a: Float64Array, b: Float64Array): void {
  const length = total.length;
  let t = 0;
  for (; t + 4 <= length; t += 4) {
    let p = total[t];
    let q = total[t + 1];
    let r = total[t + 2];
    let v = total[t + 3];
    for (let s = 0; s <= t; s++) {
      const factor = b[s];
      p += a[t - s] * factor;
      q += a[t + 1 - s] * factor;
      r += a[t + 2 - s] * factor;
      v += a[t + 3 - s] * factor;
    }
    const [first, second, third] = [b[t + 1], b[t + 2], b[t + 3]];
    total[t] = p;
    total[t + 1] = q + a[0] * first;
    total[t + 2] = r + a[1] * first + a[0] * second;
    total[t + 3] = v + a[2] * first + a[1] * second + a[0] * third;
  }
  for (; t < length; t++) for (let s = 0; s <= t; s++) total[t] += a[t - s] * b[s];
}
