import { PARTIAL } from '../../numbers/arithmetic.js';
import { doubleIntervals as D } from '../../numbers/doubles.js';
import { bounds, ENTIRE, type Interval } from '../../numbers/interval.js';
import { addDown, addUp, mulDown, mulUp, subDown, subUp } from '../../numbers/rounding.js';
import { type Curve, isProper } from './curves.js';
import type { Kernel } from './program.js';

/** Values of an atom when its rows lie in the given intervals; everything where it may be undefined. */
export function rangeOf(atom: Kernel, rows: readonly Interval[]): Interval {
  const [x, y] = rows;
  switch (atom.kind) {
    case 'relu':
      return bounds(Math.max(x.lo, 0), Math.max(x.hi, 0), 0);
    case 'product':
      return D.mul(x, y);
    case 'curve': {
      const value = atom.curve.value(x);
      return value.lo <= value.hi && (value.mark & PARTIAL) === 0 ? value : ENTIRE;
    }
  }
}

/**
 * Lines around an atom v over the intervals of its rows: loOffset + sum of loSlope z <= v <= upOffset + sum of upSlope z,
 * in real numbers, for these doubles. Offsets are infinite where there is none.
 */
export interface LinearBounds {
  /** By row. */
  readonly upSlope: Float64Array;
  readonly loSlope: Float64Array;
  /** By atom. */
  readonly upOffset: Float64Array;
  readonly loOffset: Float64Array;
  /** Whether all atoms so far are known to have values: a sine is bounded, but it has none where its argument has none. */
  isDefined: boolean;
}

/** The lines of atom k, its rows from number `row` on being in [lo, hi]. */
export function relax(
  lines: LinearBounds,
  atom: Kernel,
  k: number,
  row: number,
  lo: Float64Array,
  hi: Float64Array,
): void {
  switch (atom.kind) {
    case 'relu':
      relu(lines, k, row, lo[row], hi[row]);
      break;
    case 'product':
      product(lines, k, row, lo, hi);
      break;
    case 'curve':
      curve(lines, k, row, atom.curve, bounds(lo[row], hi[row], 0));
      break;
  }
}

/**
 * max(z, 0) on [l, u]: exact where the sign is known; otherwise at most the chord, with slope w near u/(u - l) and the
 * offset max(-w l, (1 - w) u), and at least w z for any w of [0, 1]: 0 or 1, whichever is nearer to the chord.
 */
function relu(
  { upSlope, loSlope, upOffset, loOffset }: LinearBounds,
  k: number,
  row: number,
  l: number,
  u: number,
): void {
  loOffset[k] = 0;
  if (l >= 0 || u <= 0) {
    upSlope[row] = loSlope[row] = l >= 0 ? 1 : 0;
    upOffset[k] = 0;
    return;
  }
  const slope = u - l < Number.POSITIVE_INFINITY ? u / (u - l) : 0;
  upSlope[row] = slope;
  upOffset[k] = Math.max(mulUp(-slope, l), mulUp(subUp(1, slope), u));
  loSlope[row] = u > -l ? 1 : 0;
}

/** (x - m)(y - n) lies within +-rx ry: xy = n x + m y - m n + that. */
function product(lines: LinearBounds, k: number, row: number, lo: Float64Array, hi: Float64Array): void {
  const m = lo[row] / 2 + hi[row] / 2;
  const n = lo[row + 1] / 2 + hi[row + 1] / 2;
  const isBounded = Number.isFinite(m) && Number.isFinite(n);
  const rx = Math.max(subUp(hi[row], m), subUp(m, lo[row]));
  const ry = Math.max(subUp(hi[row + 1], n), subUp(n, lo[row + 1]));
  lines.upSlope[row] = lines.loSlope[row] = isBounded ? n : 0;
  lines.upSlope[row + 1] = lines.loSlope[row + 1] = isBounded ? m : 0;
  lines.upOffset[k] = isBounded ? addUp(mulUp(rx, ry), mulUp(-m, n)) : Number.POSITIVE_INFINITY;
  lines.loOffset[k] = isBounded ? addDown(mulDown(-rx, ry), mulDown(-m, n)) : Number.NEGATIVE_INFINITY;
}

/**
 * A convex function lies above its tangents, here in the middle, and below its chord; a concave one the other way round.
 * Otherwise f(z) - f(m) - w (z - m), w near f'(m), lies between (z - m)^2/2 times the ends of f'' (Taylor), if that says
 * more than the range of f.
 */
function curve(lines: LinearBounds, k: number, row: number, f: Curve, z: Interval): void {
  const range = f.value(z);
  if (!(range.lo <= range.hi) || (range.mark & PARTIAL) !== 0) lines.isDefined = false;
  if (!isProper(range)) {
    flat(lines, k, row, ENTIRE);
    return;
  }
  const m = z.lo / 2 + z.hi / 2;
  const slope = f.slope(bounds(m, m, 0));
  const w = slope.lo / 2 + slope.hi / 2;
  if (!(z.lo < z.hi) || !Number.isFinite(w) || !isProper(slope)) {
    flat(lines, k, row, range);
    return;
  }
  const shape = f.shape(z);
  if (shape === 'mixed') taylor(lines, k, row, f, z, m, slope, w, range);
  else {
    const isConvex = shape === 'convex';
    const [l, r, c] = [z.lo, z.hi, m].map((t) => f.value(bounds(t, t, 0)));
    const chord = (isConvex ? r.hi - l.hi : r.lo - l.lo) / (z.hi - z.lo);
    const ends = D.hull(beyond(l, chord, z.lo), beyond(r, chord, z.hi));
    const radius = Math.max(subUp(z.hi, m), subUp(m, z.lo));
    const slack = mulUp(Math.max(subUp(slope.hi, w), subUp(w, slope.lo)), radius);
    const touching = beyond(c, w, m);
    lines.upSlope[row] = isConvex ? chord : w;
    lines.loSlope[row] = isConvex ? w : chord;
    lines.upOffset[k] = isConvex ? ends.hi : addUp(touching.hi, slack);
    lines.loOffset[k] = isConvex ? subDown(touching.lo, slack) : ends.lo;
  }
}

/** value - w t. */
function beyond(value: Interval, w: number, t: number): Interval {
  return bounds(subDown(value.lo, mulUp(w, t)), subUp(value.hi, mulDown(w, t)), 0);
}

function taylor(
  lines: LinearBounds,
  k: number,
  row: number,
  f: Curve,
  z: Interval,
  m: number,
  slope: Interval,
  w: number,
  range: Interval,
): void {
  const radius = Math.max(subUp(z.hi, m), subUp(m, z.lo));
  const second = f.second(z);
  const half = mulUp(mulUp(radius, radius), 0.5);
  const slack = mulUp(Math.max(subUp(slope.hi, w), subUp(w, slope.lo)), radius);
  const touching = beyond(f.value(bounds(m, m, 0)), w, m);
  const up = addUp(touching.hi, addUp(slack, mulUp(Math.max(second.hi, 0), half)));
  const lo = subDown(touching.lo, addUp(slack, mulUp(Math.max(-second.lo, 0), half)));
  if (!isProper(second) || !(up - lo < range.hi - range.lo)) {
    flat(lines, k, row, range);
    return;
  }
  lines.upSlope[row] = lines.loSlope[row] = w;
  lines.upOffset[k] = up;
  lines.loOffset[k] = lo;
}

function flat(lines: LinearBounds, k: number, row: number, range: Interval): void {
  lines.upSlope[row] = lines.loSlope[row] = 0;
  lines.upOffset[k] = range.hi;
  lines.loOffset[k] = range.lo;
}
