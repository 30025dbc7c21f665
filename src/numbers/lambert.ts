import { expPair, pow2, towards } from './elementary.js';
import { nextDown, productError, sumError } from './rounding.js';

/**
 * The principal branch W0 of Lambert's function on doubles x >= -1/4, rounded down or up. (Further left its slope
 * becomes too large for doubles, and the multi-precision path is taken instead.)
 *
 * g(w) = w e^w is increasing and convex on [-1, inf). For any w there, with r = g(w) - x and d = r/g'(w), the tangent
 * lies below the graph, so W0(x) <= w - d; and g(w - d - 4d^2) <= x once |d| < 2^-20, because g''/g' = (2 + w)/(1 + w)
 * <= 2.6 near W0(x) >= -0.36. So w may come from Math.*: a bad one only makes d large, and then the trivial bounds
 * max(-1, min(0, x)) <= W0(x) <= x are taken.
 *
 * r = 2^k (w h - x 2^-k + w l) with e^w = 2^k (h + l)(1 + 2^-55): the product w h is an exact pair, so r errs by
 * 2^-55 |w e^w|, which is 2^-54.3 |w| in w - d. For |d| < 2^-40 |w| the rounding of d and 4d^2 are below 2^-75 |w|.
 * Stated: 0.75 2^-53 |w|.
 */

const ERROR = 0.75 * 2 ** -53;

export function lambertDown(x: number): number {
  if (Math.abs(x) < 2 ** -60) return x === 0 ? 0 : nextDown(x);
  return lambertBound(x, false) ?? (x < 0 ? -1 : 0);
}

export function lambertUp(x: number): number {
  if (Math.abs(x) < 2 ** -60 || x === Number.POSITIVE_INFINITY) return x;
  return lambertBound(x, true) ?? x;
}

function lambertBound(x: number, up: boolean): number | undefined {
  const w = approximation(x);
  if (!(w > -0.4 && w < 709)) return undefined;
  const { k, high, low } = expPair(w);
  const product = w * high;
  const residual = product - x * pow2(-k) + (productError(w, high, product) + w * low);
  const distance = residual / (high * (1 + w));
  if (!(Math.abs(distance) < 2 ** -40 * Math.abs(w))) return undefined;
  const value = w - distance;
  return towards(up, value, sumError(w, -distance, value), ERROR);
}

/** Halley's iteration (Corless, Gonnet, Hare, Jeffrey, Knuth 1996, section 4) from a logarithm, in plain floats. */
export function approximation(x: number): number {
  let w = x < 3 ? Math.log1p(x) * (x < 0 ? 1.3 : 0.75) : Math.log(x) - Math.log(Math.log(x));
  for (let i = 0; i < 4; i++) {
    const residual = w - x * Math.exp(-w);
    const slope = w + 1;
    w -= residual / (slope - ((slope + 1) * residual) / (2 * slope));
  }
  return w;
}
