import type { Atom } from './atoms.js';
import { outer } from './calculus.js';
import { above, below, between, type Ends, outward } from './floats.js';

/** An atom lies between sum tilt * form + lo and + hi; a relu also above low * form. */
export interface Plane {
  readonly tilts: Float64Array;
  low: number;
  lo: number;
  hi: number;
}

/** What is known of a form on a box: it lies between lo and hi, and within `radius` of middle + sum slope_i e_i, |e_i| <= 1. */
export interface Known {
  lo: number;
  hi: number;
  middle: number;
  radius: number;
  readonly slopes: Float64Array;
}

/** A number between the ends, near the middle. */
export function inside({ lo, hi, middle }: Known): number {
  return Math.min(Math.max(middle, lo), hi);
}

/** Bounds that are no further apart than those of the plane serve better, as they do not lean on the arguments. */
export function flatten(plane: Plane, { lo, hi }: Known): void {
  if (!(hi - lo < plane.hi - plane.lo)) return;
  plane.tilts.fill(0);
  plane.lo = lo;
  plane.hi = hi;
}

export function reluPlane(plane: Plane, known: Known, { lo, hi }: Known): void {
  known.lo = Math.max(lo, 0);
  known.hi = Math.max(hi, 0);
  plane.lo = 0;
  const isOn = lo >= 0;
  if (isOn || hi <= 0) {
    plane.tilts[0] = isOn ? 1 : 0;
    plane.low = plane.tilts[0];
    plane.hi = 0;
    return;
  }
  const tilt = hi / (hi - lo);
  plane.tilts[0] = Math.min(tilt, 1);
  plane.low = hi > -lo ? 1 : 0;
  plane.hi = Math.max(above(-plane.tilts[0] * lo), above(hi - below(plane.tilts[0] * hi)));
}

/** u v = u v_m + v u_m - u_m v_m + (u - u_m)(v - v_m). */
export function productPlane(plane: Plane, known: Known, u: Known, v: Known): void {
  const ends = [u.lo * v.lo, u.lo * v.hi, u.hi * v.lo, u.hi * v.hi];
  known.lo = below(Math.min(...ends));
  known.hi = above(Math.max(...ends));
  const corner = above(reachOf(u) * reachOf(v));
  plane.tilts[0] = v.middle;
  plane.tilts[1] = u.middle;
  plane.lo = below(below(-u.middle * v.middle) - corner);
  plane.hi = above(above(-u.middle * v.middle) + corner);
  flatten(plane, known);
}

/** u^2 = 2 u u_m - u_m^2 + (u - u_m)^2. */
export function squarePlane(plane: Plane, known: Known, u: Known): void {
  const ends = [u.lo * u.lo, u.hi * u.hi];
  known.lo = u.lo <= 0 && u.hi >= 0 ? 0 : Math.max(below(Math.min(...ends)), 0);
  known.hi = above(Math.max(...ends));
  const square = u.middle * u.middle;
  plane.tilts[0] = 2 * u.middle;
  plane.tilts[1] = 0;
  plane.lo = -above(square);
  plane.hi = above(above(reachOf(u) * reachOf(u)) - below(square));
  flatten(plane, known);
}

/** How far the form may be from its middle. */
function reachOf({ lo, hi, middle }: Known): number {
  return above(Math.max(hi - middle, middle - lo));
}

/** A function by its tangent at the middle: f(m) + f'(m) (t - m) + f''/2 (t - m)^2. */
export function curvePlane(
  plane: Plane,
  known: Known,
  { lo, hi, middle }: Known,
  atom: Atom & { kind: 'apply' },
): void {
  const over = lo <= hi ? outer(atom.fn, atom.exponent, between(lo, hi)) : null;
  const value = over?.value ? outward(over.value) : null;
  [known.lo, known.hi] = value ?? [Number.NaN, Number.NaN];
  plane.tilts[0] = 0;
  plane.lo = known.lo;
  plane.hi = known.hi;
  const m = Math.min(Math.max(middle, lo), hi);
  const at = over && value && outer(atom.fn, atom.exponent, between(m, m));
  if (!at?.value || !at.slope || !over?.second) return;
  const [start, slope] = [outward(at.value), outward(at.slope)];
  const tilt = slope[0];
  const half = above(Math.max(hi - m, m - lo));
  const [down, up] = bent(outward(over.second), half);
  const lean = above(above(slope[1] - tilt) * half);
  const base = tilt * m;
  plane.tilts[0] = tilt;
  plane.lo = below(below(below(start[0] - above(base)) - lean) + down);
  plane.hi = above(above(above(start[1] - below(base)) + lean) + up);
  flatten(plane, known);
}

/** f''/2 (t - m)^2 for |t - m| <= half. */
function bent([least, most]: Ends, half: number): Ends {
  const square = above(half * half) / 2;
  return [Math.min(below(least * square), 0), Math.max(above(most * square), 0)];
}
