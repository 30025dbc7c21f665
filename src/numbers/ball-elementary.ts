import { PARTIAL } from './arithmetic.js';
import {
  type Ball,
  ball,
  bits,
  emptied,
  ends,
  entire,
  isNonNegative,
  isThin,
  marked,
  negated,
  ONE,
  scale,
  shift,
  up,
  ZERO,
} from './ball.js';
import { add, div, hull, sub } from './ball-arithmetic.js';
import { atanhOf, expOf, integerSqrt, ln2 } from './fixed-point.js';

/**
 * sqrt, exp, log and tanh of balls. Each function has a kernel for a dyadic point m 2^e; a thin ball takes the value at
 * its middle and a bound of the derivative, any other one the hull of the values at its ends.
 */

const INFINITY = Number.POSITIVE_INFINITY;

type Kernel = (m: bigint, e: number, precision: number) => Ball;

/** The hull of an increasing function's values at the ends of a bounded ball. */
export function increasing(kernel: Kernel, x: Ball, precision: number): Ball {
  if (x.rad === 0) return marked(kernel(x.mid, x.exp, precision), x.mark);
  const { lo, hi, exp } = ends(x);
  return marked(hull(kernel(lo, exp, precision), kernel(hi, exp, precision), precision), x.mark);
}

/** Below this precision the radii of thin balls can be computed in doubles without a thought about their range. */
const EASY_PRECISION = 800;

export function sqrt(x: Ball, precision: number): Ball {
  return onHalfLine(sqrtPoint, ZERO, x, precision);
}

/** An increasing function on [0, inf); `atZero` bounds its values from below. */
export function onHalfLine(kernel: Kernel, atZero: Ball, x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === INFINITY) return entire(x.mark | PARTIAL);
  if (isNonNegative(x)) return increasing(kernel, x, precision);
  const { hi, exp } = ends(x);
  if (hi < 0n) return emptied(x.mark);
  return marked(hull(atZero, kernel(hi, exp, precision), precision), x.mark | PARTIAL);
}

function sqrtPoint(m: bigint, e: number, precision: number): Ball {
  const grow = Math.max(2 * precision + 64 - bits(m), 0);
  const by = (e - grow) % 2 === 0 ? grow : grow + 1;
  const scaled = m << BigInt(by);
  const root = integerSqrt(scaled);
  return ball(root, (e - by) / 2, root * root === scaled ? 0 : 1, 0, 0, precision);
}

export function exp(x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === INFINITY) return entire(x.mark);
  const size = scale(x.rad, x.exp);
  if (x.rad === 0 || size >= 2 ** -10 || x.exp < -900 || precision > EASY_PRECISION)
    return increasing(expPoint, x, precision);
  const middle = expPoint(x.mid, x.exp, precision);
  if (middle.rad === INFINITY) return entire(x.mark);
  const rad = up(middle.rad + (Math.abs(Number(middle.mid)) + middle.rad) * size * (1 + size));
  return ball(middle.mid, middle.exp, rad, 0, x.mark, precision);
}

/** Beyond 2^22 the value leaves the range of exponents. */
const LARGEST_EXPONENT_BITS = 22;

/**
 * x = k ln 2 + r with 24 bits more than the width of r, which swallow the error 2|k| + 1 of the product: r is off by 2
 * ulps at most, e^r <= 2 by 4.1 more than the kernel's 2.
 */
export function expPoint(m: bigint, e: number, precision: number): Ball {
  if (m === 0n) return ONE;
  if (bits(m) + e > LARGEST_EXPONENT_BITS) return m > 0n ? entire(0) : { mid: 1n, exp: -(2 ** 22), rad: 1, mark: 0 };
  const width = precision + 16;
  const fine = shift(m, e + width + 24);
  const log2 = ln2(width + 24);
  const k = fine < 0n ? -((-fine + log2 - 1n) / log2) : fine / log2;
  const { value, error } = expOf((fine - k * log2) >> 24n, width);
  return ball(value, Number(k) - width, error + 5, 0, 0, precision);
}

export function log(x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === INFINITY) return entire(x.mark | PARTIAL);
  if (x.rad === 0 ? x.mid > 0n : x.mid > Math.ceil(x.rad)) return logOfPositive(x, precision);
  const { hi } = ends(x);
  return hi > 0n ? entire(x.mark | PARTIAL) : emptied(x.mark);
}

function logOfPositive(x: Ball, precision: number): Ball {
  if (x.rad === 0 || !isThin(x) || precision > EASY_PRECISION) return increasing(logPoint, x, precision);
  const middle = logPoint(x.mid, x.exp, precision);
  const relative = up(x.rad / Math.abs(Number(x.mid)));
  const rad = up(scale(relative * (1 + 2 * relative), -middle.exp) + middle.rad);
  return ball(middle.mid, middle.exp, rad, 0, x.mark, precision);
}

/**
 * Near 1, log x = 2 atanh(f/(2 + f)) with f = x - 1 exact, to relative precision. Elsewhere x = 2^k y with y in [1/2, 1):
 * with any l near -log y, log y = -l + log(y e^l) and y e^l is 1 but for the error of l, which Math.log supplies
 * untrusted. y is off by 1 ulp and e^l by 2, their product by 6, the argument of atanh by 4, its value by 6 more.
 */
export function logPoint(m: bigint, e: number, precision: number): Ball {
  const length = exactBits(m);
  const k = e + length;
  const difference = k === 0 || k === 1 ? m - shift(1n, -e) : m;
  if (difference === 0n) return ZERO;
  const closeness = -e - bits(difference);
  if ((k === 0 || k === 1) && closeness > 9) return logNearOne(difference, e, precision + 32 + closeness);

  const width = precision + 48;
  const y = shift(m, width - length);
  const approximation = -Math.log(Number(shift(m, 53 - length)) * 2 ** -53);
  const l = BigInt(Math.round(Math.min(Math.max(approximation, 0), 0.7) * 2 ** 52)) << BigInt(width - 52);
  const one = 1n << BigInt(width);
  const deviation = ((y * expOf(l, width).value) >> BigInt(width)) - one;
  const argument = (deviation << BigInt(width)) / (2n * one + deviation);
  const { value, error } = atanhOf(argument, width);
  return ball(BigInt(k) * ln2(width) - l + 2n * value, -width, 2 * Math.abs(k) + 2 * (error + 6), 0, 0, precision);
}

function exactBits(m: bigint): number {
  const above = bits(m);
  return m >> BigInt(above - 1) === 0n ? above - 1 : above;
}

/** log(1 + f 2^e) for |f 2^e| < 2^-9. */
function logNearOne(f: bigint, e: number, width: number): Ball {
  const argument = (f << BigInt(width)) / (shift(2n, -e) + f);
  const { value, error } = atanhOf(argument, width);
  return { mid: 2n * value, exp: -width, rad: 2 * (error + 2), mark: 0 };
}

export function tanh(x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === INFINITY) return { mid: 0n, exp: 0, rad: 1, mark: x.mark };
  return increasing(tanhPoint, x, precision);
}

/**
 * (e^2x - 1)/(e^2x + 1) with as many bits more as the subtraction cancels; x - x^3/3 < tanh x < x where that is
 * enough; 1 - 2 e^-2x < tanh x < 1 beyond x = P.
 */
function tanhPoint(m: bigint, e: number, precision: number): Ball {
  if (m === 0n) return ZERO;
  if (m < 0n) return negated(tanhPoint(-m, e, precision));
  const top = bits(m) + e;
  if (2 * top < -precision - 20) return ball(m, e, 1, 3 * top - e, 0, precision);
  if (top > Math.ceil(Math.log2(precision)) + 1) return ball(1n, 0, 1, -2 * precision, 0, precision);
  const working = precision + 24 + Math.max(-top, 0);
  const power = expPoint(m, e + 1, working);
  return div(sub(power, ONE, working), add(power, ONE, working), precision);
}
