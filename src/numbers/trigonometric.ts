import { towards } from './elementary.js';
import { nextDown, nextUp, productError, sumError } from './rounding.js';

/**
 * sin and cos of a double, rounded down or up, for the arguments where doubles suffice: |x| <= 2^20 and not within
 * 2^-40 of a non-zero multiple of pi/2. `reduce` says which; the others are for the multi-precision path.
 *
 * Reduction. x = k pi/2 + r, pi/2 = P1 + P2 + P3 + 2^-122.9 with 33, 32 and 53 bits, |k| < 2^20: k P1 and k P2 are
 * exact, k P3 errs by 2^-101, so r = b + c with |c| <= ulp(b)/2 and an error below 2^-98, that is 2^-58 |r|; r = x
 * exactly for k = 0. |r| <= 0.7855, z = b^2 <= 0.6171 as an exact pair z + z'. u = 2^-53.
 *
 * sin r = b - b(z + z')/6 + b z^2 S(z) + c (1 - z/2), S(z) = 1/120 - z/5040 + ... to z^7: the second term as a pair
 * (products exact, relative error 2^-100), the third at most 0.0032 |b| with 7u relative error, the sum of small terms
 * 4u of that; truncation below 2^-62, dropped c-terms below 2^-59. Together below 2^-57 |sin r|.
 * cos r = 1 - z/2 + z^2 C(z) + z'(z/12 - 1/2) - c b (1 - z/6), C(z) = 1/24 - z/720 + ... to z^7: the third term at
 * most 0.0159 with 4.1u relative error, the sum of small terms 2u of that: 0.1u absolute, cos r >= 0.7071: below 0.14u.
 * Stated: 2^-56 for sin, 2^-55 for cos.
 */

const SIN_ERROR = 2 ** -56;
const COS_ERROR = 2 ** -55;

const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const INVERSE_HALF_PI = 0.6366197723675814;

const SIXTH_HIGH = 0.16666666666666666;
const SIXTH_LOW = 9.25185853854297e-18;

/** b and c of the last `reduce`, and 0 in the third place if r = b exactly. */
const REDUCED = new Float64Array(3);

/** The k of x = k pi/2 + r, leaving r for the other functions here; undefined where doubles do not suffice. */
export function reduce(x: number): number | undefined {
  if (!(Math.abs(x) <= 2 ** 20)) return undefined;
  const k = Math.floor(x * INVERSE_HALF_PI + 0.5);
  const first = k * HALF_PI_1;
  const a = x - first;
  const second = k * HALF_PI_2;
  const main = a - second;
  const rest = sumError(a, -second, main) + sumError(x, -first, a) - k * HALF_PI_3;
  const b = main + rest;
  REDUCED[0] = b;
  REDUCED[1] = rest - (b - main);
  REDUCED[2] = k;
  return k === 0 || Math.abs(b) > 2 ** -40 ? k : undefined;
}

/** The greatest integer n with n pi/2 <= x, for the x just reduced to k. */
export function quadrant(k: number): number {
  return REDUCED[0] >= 0 ? k : k - 1;
}

/** A bound of sin(r + k pi/2) for the r just reduced. */
export function sinOfReduced(k: number, up: boolean): number {
  const isNegative = (k & 2) !== 0;
  const bound = (k & 1) === 0 ? sinBound(up !== isNegative) : cosBound(up !== isNegative);
  return isNegative ? -bound : bound;
}

function sinBound(up: boolean): number {
  const b = REDUCED[0];
  if (Math.abs(b) < 2 ** -27) return nearLinear(b, up);
  const z = b * b;
  const sixth = z * SIXTH_HIGH;
  const sixthTail = productError(z, SIXTH_HIGH, sixth) + z * SIXTH_LOW + productError(b, b, z) * SIXTH_HIGH;
  const cubic = b * sixth;
  const cubicTail = productError(b, sixth, cubic) + b * sixthTail;
  const main = b - cubic;
  const rest = sumError(b, -cubic, main) + (b * z * (z * sinTail(z)) + (REDUCED[1] * (1 - z / 2) - cubicTail));
  const high = main + rest;
  return towards(up, high, rest - (high - main), SIN_ERROR);
}

function cosBound(up: boolean): number {
  const b = REDUCED[0];
  if (Math.abs(b) < 2 ** -27) return up || b === 0 ? 1 : nextDown(1);
  const z = b * b;
  const half = z / 2;
  const main = 1 - half;
  const small = z * z * cosTail(z) + (productError(b, b, z) * (z / 12 - 0.5) - REDUCED[1] * (b - (b * z) / 6));
  const rest = 1 - main - half + small;
  const high = main + rest;
  return towards(up, high, rest - (high - main), COS_ERROR);
}

/** A bound of sin r for |b| < 2^-27: |sin r - r| <= |r|^3/6 and the error of r together stay below half an ulp, as c. */
function nearLinear(b: number, up: boolean): number {
  if (b === 0) return 0;
  if (REDUCED[2] !== 0) return up ? nextUp(b) : nextDown(b);
  if (up) return b > 0 ? b : nextUp(b);
  return b > 0 ? nextDown(b) : b;
}

/** 1/5! - z/7! + z^2/9! - ... */
function sinTail(z: number): number {
  let s = -1 / 121645100408832000;
  s = s * z + 1 / 355687428096000;
  s = s * z - 1 / 1307674368000;
  s = s * z + 1 / 6227020800;
  s = s * z - 1 / 39916800;
  s = s * z + 1 / 362880;
  s = s * z - 1 / 5040;
  return s * z + 1 / 120;
}

/** 1/4! - z/6! + z^2/8! - ... */
function cosTail(z: number): number {
  let c = -1 / 6402373705728000;
  c = c * z + 1 / 20922789888000;
  c = c * z - 1 / 87178291200;
  c = c * z + 1 / 479001600;
  c = c * z - 1 / 3628800;
  c = c * z + 1 / 40320;
  c = c * z - 1 / 720;
  return c * z + 1 / 24;
}
