import { addUp } from './rounding.js';

/**
 * A-priori bounds for the rounding of long sums of products of doubles (Higham, Accuracy and Stability of Numerical
 * Algorithms, chapter 3): what a kernel loses that does not look at its operations one by one.
 *
 * u = 2^-53. A coefficient q starts as a double and takes n steps q <- fl(q + fl(s c)). Each step errs by at most
 * u (2 + u) |s c| + u |q| + 2^-1074, and |q| stays below (1 + u)^(2n) A with A = |q_0| + the sum of all |s c|, so the
 * coefficient is off by less than (n + 3) u (1 + u)^(2n) A + n 2^-1073 <= (n + 8) 2^-52 A + n 2^-1073 for n <= 2^20.
 * Where the coefficient multiplies a number of size at most M, so does its error; summed over all coefficients, the
 * sum of the A M is what `size` counts.
 */
export function lostInSteps(steps: number, size: number, spread: number): number {
  if (!(steps <= MOST_STEPS)) throw new RangeError(`${steps} steps, at most ${MOST_STEPS}`);
  return above((steps + 8) * 2 ** -52 * size + steps * 2 ** -1060 * spread);
}

/** The most steps for which `lostInSteps` is proved. */
export const MOST_STEPS = 2 ** 20;

/**
 * An upper bound of a sum of non-negative terms that was computed with rounding to nearest in at most 2^20 additions
 * and as many products: these lose at most 2^21 2^-53 of it and 2^21 2^-1074; twice that much is added.
 */
export function above(sum: number): number {
  return addUp(sum, sum * 2 ** -30 + 2 ** -1050);
}
