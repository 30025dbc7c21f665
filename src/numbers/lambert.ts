import { expDown, expUp } from './elementary.js';
import { mulDown, mulUp, nextDown, nextUp } from './rounding.js';

/**
 * The principal branch W0 of Lambert's function on doubles x >= -1/4, rounded down or up.
 *
 * w -> w e^w increases for w >= -1, so w e^w <= x proves w <= W0(x). A float approximation is moved until the
 * rigorous comparison holds; nothing else about it is trusted. Left of -1/4 the slope e^w (1 + w) becomes too small for
 * doubles to tell close values apart, and the multi-precision path is taken instead.
 */

export function lambertDown(x: number): number {
  if (Math.abs(x) < 2 ** -60) return x === 0 ? 0 : nextDown(x);
  let w = approximation(x);
  for (let steps = 0; timesExpUp(w) > x; steps = 2 * steps + 1) w = nextDown(w - steps * Math.abs(w) * 2 ** -53);
  return w;
}

export function lambertUp(x: number): number {
  if (Math.abs(x) < 2 ** -60 || x === Number.POSITIVE_INFINITY) return x;
  let w = approximation(x);
  for (let steps = 0; timesExpDown(w) < x; steps = 2 * steps + 1) w = nextUp(w + steps * Math.abs(w) * 2 ** -53);
  return w;
}

function timesExpUp(w: number): number {
  return mulUp(w, w < 0 ? expDown(w) : expUp(w));
}

function timesExpDown(w: number): number {
  return mulDown(w, w < 0 ? expUp(w) : expDown(w));
}

/** Halley's iteration (Corless, Gonnet, Hare, Jeffrey, Knuth 1996, section 4) from a logarithm. */
export function approximation(x: number): number {
  let w = x < 3 ? Math.log1p(x) * (x < 0 ? 1.3 : 0.75) : Math.log(x) - Math.log(Math.log(x));
  for (let i = 0; i < 4; i++) {
    const residual = w - x * Math.exp(-w);
    const slope = w + 1;
    w -= residual / (slope - ((slope + 1) * residual) / (2 * slope));
  }
  return w;
}
