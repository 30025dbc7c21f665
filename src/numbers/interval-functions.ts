import { type Mark, PARTIAL } from './arithmetic.js';

import { atPoint, passes as passesExactly } from './ball-trigonometric.js';
import { ballIntervals } from './balls.js';
import { expDown, expUp, logDown, logUp, tanhDown, tanhUp } from './elementary.js';
import { erfDown, erfUp } from './erf.js';
import { abs, bounds, div, EMPTY, type Interval, ONE } from './interval.js';
import { lambertDown, lambertUp } from './lambert.js';
import { powDown, powUp } from './power.js';
import type { Rational } from './rational.js';
import { sqrtDown, sqrtUp } from './rounding.js';
import { quadrant, reduce, sinOfReduced } from './trigonometric.js';

/**
 * The functions of IEEE 1788-2015 table 9.1 on double intervals: monotone pieces between rounded ends. Every bound is
 * within one double of the tightest, `erf` and `lambertW` within a few.
 */

export function exp(x: Interval): Interval {
  return x.lo > x.hi ? x : bounds(expDown(x.lo), expUp(x.hi), x.mark);
}

export function tanh(x: Interval): Interval {
  return x.lo > x.hi ? x : bounds(tanhDown(x.lo), tanhUp(x.hi), x.mark);
}

export function erf(x: Interval): Interval {
  return x.lo > x.hi ? x : bounds(erfDown(x.lo), erfUp(x.hi), x.mark);
}

export function sqrt(x: Interval): Interval {
  if (x.lo >= 0) return x.lo > x.hi ? x : bounds(sqrtDown(x.lo), sqrtUp(x.hi), x.mark);
  return x.hi < 0 ? undefinedOn(x.mark) : bounds(0, sqrtUp(x.hi), x.mark | PARTIAL);
}

export function log(x: Interval): Interval {
  if (x.lo > 0) return x.lo > x.hi ? x : bounds(logDown(x.lo), logUp(x.hi), x.mark);
  return x.hi <= 0 ? undefinedOn(x.mark) : bounds(Number.NEGATIVE_INFINITY, logUp(x.hi), x.mark | PARTIAL);
}

export function sin(x: Interval): Interval {
  return shiftedSin(x, 0);
}

export function cos(x: Interval): Interval {
  return shiftedSin(x, 1);
}

/** sin(x + turns pi/2): the values at the ends, and 1 or -1 where the interval passes a maximum or minimum. */
function shiftedSin(x: Interval, turns: number): Interval {
  if (x.lo > x.hi) return x;
  if (!(x.hi - x.lo < 6.25)) return bounds(-1, 1, x.mark);
  const atLo = reduce(x.lo);
  if (atLo === undefined) return sinByEnds(x, turns);
  const first = quadrant(atLo) + turns;
  let lo = sinOfReduced(atLo + turns, false);
  let hi = sinOfReduced(atLo + turns, true);
  if (x.lo === x.hi) return bounds(lo, hi, x.mark);
  const atHi = reduce(x.hi);
  if (atHi === undefined) return sinByEnds(x, turns);
  const last = quadrant(atHi) + turns;
  lo = Math.min(lo, sinOfReduced(atHi + turns, false));
  hi = Math.max(hi, sinOfReduced(atHi + turns, true));
  return bounds(passes(3, first, last) ? -1 : lo, passes(1, first, last) ? 1 : hi, x.mark);
}

/** Whether some n = residue mod 4 has first < n <= last, as the multiples of pi/2 between two points have. */
function passes(residue: number, first: number, last: number): boolean {
  return Math.floor((last - residue) / 4) > Math.floor((first - residue) / 4);
}

/** The same where doubles cannot reduce an end. */
function sinByEnds(x: Interval, turns: number): Interval {
  const [a, b] = [sinAtEnd(x.lo, turns), sinAtEnd(x.hi, turns)];
  return bounds(
    passesExactly(3n, a.quadrant, b.quadrant) ? -1 : Math.max(Math.min(a.lo, b.lo), -1),
    passesExactly(1n, a.quadrant, b.quadrant) ? 1 : Math.min(Math.max(a.hi, b.hi), 1),
    x.mark,
  );
}

function sinAtEnd(x: number, turns: number) {
  const k = reduce(x);
  if (k !== undefined) {
    const n = k + turns;
    return { lo: sinOfReduced(n, false), hi: sinOfReduced(n, true), quadrant: BigInt(quadrant(k) + turns) };
  }
  const { mid, exp } = BALLS.fromDoubles(x, x);
  const { value, quadrant: exact } = atPoint(mid, exp, BigInt(turns), BALLS.precision);
  return { ...BALLS.outer(value), quadrant: exact };
}

/** See `Arithmetic.pown`. */
export function pown(x: Interval, exponent: number): Interval {
  if (!Number.isSafeInteger(exponent)) throw new RangeError(`${exponent} is not an integer exponent`);
  if (x.lo > x.hi) return x;
  if (exponent === 0) return bounds(1, 1, x.mark);
  if (exponent < 0) return div(ONE, pown(x, -exponent));
  if (exponent % 2 === 0) return powerOfPositive(abs(x), exponent);
  if (x.lo >= 0) return powerOfPositive(x, exponent);
  const below = powUp(-x.lo, exponent);
  return bounds(-below, x.hi >= 0 ? powUp(x.hi, exponent) : -powDown(-x.hi, exponent), x.mark);
}

function powerOfPositive(x: Interval, exponent: number): Interval {
  return bounds(powDown(x.lo, exponent), powUp(x.hi, exponent), x.mark);
}

/** See `Arithmetic.pow`. */
export function pow(x: Interval, exponent: Rational): Interval {
  if (exponent.isInteger()) return pown(x, Number(exponent.num));
  if (exponent.sign() < 0) return div(ONE, pow(x, exponent.neg()));
  if (x.lo > x.hi) return x;
  if (x.hi < 0) return undefinedOn(x.mark);
  const atEnd = (end: number) => BALLS.outer(BALLS.pow(BALLS.fromDoubles(end, end), exponent));
  return bounds(
    x.lo > 0 ? atEnd(x.lo).lo : 0,
    x.hi === Number.POSITIVE_INFINITY ? x.hi : atEnd(x.hi).hi,
    x.lo < 0 ? x.mark | PARTIAL : x.mark,
  );
}

export function lambertW(x: Interval): Interval {
  if (x.lo > x.hi) return x;
  if (x.lo >= -0.25) return bounds(lambertDown(x.lo), lambertUp(x.hi), x.mark);
  const atLo = lambertOfBall(Math.max(x.lo, -1));
  const hi = x.hi < -0.25 ? lambertOfBall(Math.max(x.hi, -1)).hi : lambertUp(x.hi);
  if (hi === Number.NEGATIVE_INFINITY) return undefinedOn(x.mark);
  const isInside = atLo.lo <= atLo.hi;
  return bounds(isInside ? Math.max(atLo.lo, -1) : -1, hi, isInside ? x.mark : x.mark | PARTIAL);
}

/** W0(x) near the branch point, where doubles are too coarse; empty to the left of it. */
function lambertOfBall(x: number) {
  return BALLS.outer(BALLS.lambertW(BALLS.fromDoubles(x, x)));
}

/** For the few arguments that doubles cannot treat. */
const BALLS = ballIntervals(128);

function undefinedOn(mark: Mark): Interval {
  return { ...EMPTY, mark: mark | PARTIAL };
}
