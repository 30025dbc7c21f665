import { type Mark, PARTIAL } from './arithmetic.js';
import type { Ball } from './ball.js';
import { ballIntervals } from './balls.js';
import { expDown, expUp, logDown, logUp, tanhDown, tanhUp } from './elementary.js';
import { abs, bounds, div, EMPTY, type Interval, intersect, ONE } from './interval.js';
import { lambertDown, lambertUp } from './lambert.js';
import { powDown, powUp } from './power.js';
import type { Rational } from './rational.js';
import { sqrtDown, sqrtUp } from './rounding.js';
import { quadrant, reduce, sinOfReduced } from './trigonometric.js';

/**
 * The functions of IEEE 1788-2015 table 9.1 on double intervals: monotone pieces between rounded ends. Every bound is
 * within one double of the tightest, `lambertW` within a few.
 */

export function exp(x: Interval): Interval {
  return x.lo > x.hi ? x : bounds(expDown(x.lo), expUp(x.hi), x.mark);
}

export function tanh(x: Interval): Interval {
  return x.lo > x.hi ? x : bounds(tanhDown(x.lo), tanhUp(x.hi), x.mark);
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

/** sin(x + shift pi/2): the values at the ends, and 1 or -1 where the interval passes a maximum or minimum. */
function shiftedSin(x: Interval, shift: number): Interval {
  if (x.lo > x.hi) return x;
  if (!(x.hi - x.lo < 6.25)) return bounds(-1, 1, x.mark);
  const atLo = reduce(x.lo);
  if (atLo === undefined) return sinOnBalls(x, shift);
  const first = quadrant(atLo) + shift;
  let lo = sinOfReduced(atLo + shift, false);
  let hi = sinOfReduced(atLo + shift, true);
  if (x.lo === x.hi) return bounds(lo, hi, x.mark);
  const atHi = reduce(x.hi);
  if (atHi === undefined) return sinOnBalls(x, shift);
  const last = quadrant(atHi) + shift;
  lo = Math.min(lo, sinOfReduced(atHi + shift, false));
  hi = Math.max(hi, sinOfReduced(atHi + shift, true));
  return bounds(passes(3, first, last) ? -1 : lo, passes(1, first, last) ? 1 : hi, x.mark);
}

/** For arguments that doubles cannot reduce. */
function sinOnBalls(x: Interval, shift: number): Interval {
  return intersect(onBalls(shift === 0 ? BALLS.sin : BALLS.cos, x), bounds(-1, 1, 0));
}

/** Whether some n = residue mod 4 has first < n <= last, as the multiples of pi/2 between two points have. */
function passes(residue: number, first: number, last: number): boolean {
  return Math.floor((last - residue) / 4) > Math.floor((first - residue) / 4);
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
  const atEnd = (end: number) => onBalls((y) => BALLS.pow(y, exponent), bounds(end, end, 0));
  return bounds(
    x.lo > 0 ? atEnd(x.lo).lo : 0,
    x.hi === Number.POSITIVE_INFINITY ? x.hi : atEnd(x.hi).hi,
    x.lo < 0 ? x.mark | PARTIAL : x.mark,
  );
}

export function lambertW(x: Interval): Interval {
  if (x.lo > x.hi) return x;
  if (x.lo >= -0.25) return bounds(lambertDown(x.lo), lambertUp(x.hi), x.mark);
  const left = onBalls(BALLS.lambertW, bounds(x.lo, Math.min(x.hi, -0.25), x.mark));
  if (left.lo > left.hi) return left;
  return bounds(Math.max(left.lo, -1), x.hi > -0.25 ? lambertUp(x.hi) : left.hi, left.mark);
}

const BALLS = ballIntervals(128);

/** A function whose doubles would be too coarse, evaluated in 128 bits. */
function onBalls(f: (x: Ball) => Ball, x: Interval): Interval {
  if (x.lo > x.hi) return x;
  const y = f(BALLS.fromDoubles(x.lo, x.hi));
  const { lo, hi } = BALLS.outer(y);
  return bounds(lo, hi, x.mark | y.mark);
}

function undefinedOn(mark: Mark): Interval {
  return { ...EMPTY, mark: mark | PARTIAL };
}
