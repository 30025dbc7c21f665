import { LARGEST, mulDown, mulUp, nextDown, nextUp, productError, SMALLEST, sumError } from './rounding.js';

/**
 * exp, log and tanh of a double, rounded down or up, without trusting Math.* (for which ECMAScript promises nothing).
 *
 * Each function computes a pair high + low with |low| <= ulp(high)/2 and a proved error, and returns `high` itself
 * when the error cannot carry the value across it, its neighbour otherwise: one step from the tightest bound at most.
 * u = 2^-53; "exact" means an error-free transformation (rounding.ts). The stated bounds leave room of a factor of 1.4 at least.
 *
 * expm1 on the reduced argument. x = k ln 2 + r, ln 2 = L1 + L2 + 2^-86.1 with at most 42 bits in each of L1 and L2,
 * |k| < 2^11: k L1 and k L2 are exact, so r = b + c with |c| <= ulp(b)/2 and an error below 2^-74, and |r| <= 0.3467
 * since k is x / ln 2 to the nearest integer up to rounding. e^r - 1 = b + b^2/2 + T + c e^b, where b^2 is an exact
 * pair and T = b^3 q(b), q the Taylor polynomial sum of b^n/(n+3)! for n <= 11: truncation below 2^-63. Horner on
 * |b| <= 0.3467 errs by at most 3u relative, T by 6u, |T| <= 0.0064 for b < 0 and 0.0077 for b > 0, and the sum of the
 * small terms adds 4u times that: at most 7.1e-18 for b < 0, where e^r >= 0.7071, and 8.6e-18 for b > 0. So e^r has a
 * relative error below 2^-56.4; stated: 2^-55.
 *
 * log. x = 2^k m, m in [0.707, 1.4143]; f = m - 1 is exact and 2 + f = t + t' exact; s + s' = f/(2 + f) with
 * s = fl(f/t), s' from the exact remainder, error 2^-100. log m = 2s + 2s'(1 + z) + s z w(z), z = s^2 <= 0.02945, w the
 * series sum of 2 z^n/(2n+3) for n <= 10: truncation below 2^-65 |2s|. |s z w| <= 0.01 |2s| with 6u relative error,
 * the sum of small terms adds 2u of the same size: 8.9e-18 |log m|. With k the exact k L1 is added, k L2 joins the
 * small terms, |log x| >= 0.3465: 3.5e-18 absolute. Relative error below 2^-56.4; stated: 2^-55.
 *
 * tanh. E = e^{2x} - 1 for x > 0 from the same kernel, E = 2^k s + 2^k low - 1, and tanh = E/(E + 2), whose relative
 * error is that of E times 2/(E + 2). For k = 0 E errs by at most 10u T <= 2.1e-17 E; for k = 1 by at most 1.5e-17,
 * E >= 0.414, hence 2.9e-17 tanh x; for k >= 2 less. The division of pairs adds 2^-100. Stated: 4.1e-17.
 * Beyond x = 19, 1 - tanh x < 2^-53; below 2^-27, 0 < x - tanh x < u x.
 */

const ERROR = 2 ** -55;
const TANH_ERROR = 0.75 * 2 ** -54;

const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.49792301870721e-14;

/** What a kernel leaves behind besides its result: the part below the rounded value. */
const TAIL = new Float64Array(1);

export function expDown(x: number): number {
  if (Math.abs(x) < 2 ** -54) return x < 0 ? nextDown(1) : 1;
  if (x > 710) return LARGEST;
  if (x < -746) return 0;
  const k = exponentOf(x);
  return timesPow2Down(towards(false, expOfReduced(x, k), TAIL[0], ERROR), k);
}

export function expUp(x: number): number {
  if (Math.abs(x) < 2 ** -54) return x > 0 ? nextUp(1) : 1;
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -746) return SMALLEST;
  const k = exponentOf(x);
  return timesPow2Up(towards(true, expOfReduced(x, k), TAIL[0], ERROR), k);
}

/** log x for x > 0, -infinity for 0. */
export function logDown(x: number): number {
  return x === Number.POSITIVE_INFINITY ? LARGEST : logBound(x, false);
}

/** log x for x > 0. */
export function logUp(x: number): number {
  return x === Number.POSITIVE_INFINITY ? x : logBound(x, true);
}

export function tanhDown(x: number): number {
  return x < 0 ? -tanhBound(-x, true) : tanhBound(x, false);
}

export function tanhUp(x: number): number {
  return x < 0 ? -tanhBound(-x, false) : tanhBound(x, true);
}

/** A bound of a value known to lie within `relative` |high| of high + low. */
export function towards(up: boolean, high: number, low: number, relative: number): number {
  const error = Math.abs(high) * relative;
  if (up) return low <= -error ? high : nextUp(high);
  return low >= error ? high : nextDown(high);
}

function exponentOf(x: number): number {
  return Math.floor(x * Math.LOG2E + 0.5);
}

/** e^x = 2^k (high + low) up to a relative error of 2^-55, for |x| <= 710. */
export function expPair(x: number): { readonly k: number; readonly high: number; readonly low: number } {
  const k = exponentOf(x);
  const high = expOfReduced(x, k);
  return { k, high, low: TAIL[0] };
}

/** e^(x - k ln 2) as this plus TAIL[0], half an ulp at most. */
function expOfReduced(x: number, k: number): number {
  const main = expm1OfReduced(x, k);
  const sum = 1 + main;
  const rest = main - (sum - 1) + TAIL[0];
  const high = sum + rest;
  TAIL[0] = rest - (high - sum);
  return high;
}

/** 2^k for |k| < 1023. */
export function pow2(k: number): number {
  return POW2[k + BIAS];
}

/** e^(x - k ln 2) - 1 as this plus TAIL[0]. */
function expm1OfReduced(x: number, k: number): number {
  const first = k * LN2_HIGH;
  const a = x - first;
  const second = k * LN2_LOW;
  const b = a - second;
  const c = sumError(a, -second, b) + sumError(x, -first, a);
  const square = b * b;
  const cubic = b * square * expTail(b);
  const half = square / 2;
  const main = b + half;
  const correction = c + c * (main + cubic);
  TAIL[0] = half - (main - b) + (cubic + (productError(b, b, square) / 2 + correction));
  return main;
}

/** The sum of b^n/(n+3)! for n = 0..11. */
function expTail(b: number): number {
  let q = 1 / 87178291200;
  q = q * b + 1 / 6227020800;
  q = q * b + 1 / 479001600;
  q = q * b + 1 / 39916800;
  q = q * b + 1 / 3628800;
  q = q * b + 1 / 362880;
  q = q * b + 1 / 40320;
  q = q * b + 1 / 5040;
  q = q * b + 1 / 720;
  q = q * b + 1 / 120;
  q = q * b + 1 / 24;
  return q * b + 1 / 6;
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;

function logBound(x: number, up: boolean): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === 1) return 0;
  const isSubnormal = x < 2 ** -1022;
  DOUBLE[0] = isSubnormal ? x * 2 ** 54 : x;
  let k = (WORDS[TOP] >>> 20) - (isSubnormal ? 1077 : 1023);
  WORDS[TOP] = (WORDS[TOP] & 0xfffff) | 0x3ff00000;
  let m = DOUBLE[0];
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const f = m - 1;
  const t = 2 + f;
  const s = f / t;
  const product = s * t;
  const remainder = f - product - productError(s, t, product) - s * (f - (t - 2));
  const z = s * s;
  const tail = s * z * logTail(z) + (2 * remainder * (1 + z)) / t;
  const exact = k * LN2_HIGH;
  const main = exact + 2 * s;
  const rest = sumError(exact, 2 * s, main) + (tail + k * LN2_LOW);
  const high = main + rest;
  return towards(up, high, rest - (high - main), ERROR);
}

/** The sum of 2 z^n/(2n+3) for n = 0..10. */
function logTail(z: number): number {
  let w = 2 / 23;
  w = w * z + 2 / 21;
  w = w * z + 2 / 19;
  w = w * z + 2 / 17;
  w = w * z + 2 / 15;
  w = w * z + 2 / 13;
  w = w * z + 2 / 11;
  w = w * z + 2 / 9;
  w = w * z + 2 / 7;
  w = w * z + 2 / 5;
  return w * z + 2 / 3;
}

/** A bound of tanh x for x >= 0. */
function tanhBound(x: number, up: boolean): number {
  if (x === 0) return 0;
  if (x < 2 ** -27) return up ? x : nextDown(x);
  if (x >= 19) return up ? 1 : nextDown(1);
  const k = exponentOf(2 * x);
  const power = POW2[k + BIAS];
  const scaled = power * expm1OfReduced(2 * x, k);
  const shifted = power - 1;
  const sum = scaled + shifted;
  const sumRest = sumError(scaled, shifted, sum) + (sumError(power, -1, shifted) + power * TAIL[0]);
  const main = sum + sumRest;
  const tail = sumRest - (main - sum);
  const divisor = main + 2;
  const quotient = main / divisor;
  const product = quotient * divisor;
  const remainder = main - product - productError(quotient, divisor, product) + tail;
  const rest = (remainder - quotient * (sumError(main, 2, divisor) + tail)) / divisor;
  const high = quotient + rest;
  return towards(up, high, rest - (high - quotient), TANH_ERROR);
}

const BIAS = 1022;
/** 2^-1022 .. 2^1023 by exact doubling and halving. */
const POW2 = new Float64Array(2046);
POW2[BIAS] = 1;
for (let k = 1; k <= 1023; k++) POW2[BIAS + k] = POW2[BIAS + k - 1] * 2;
for (let k = 1; k <= 1022; k++) POW2[BIAS - k] = POW2[BIAS - k + 1] / 2;

/** value 2^k for a value in [0.7, 1.42] and |k| < 1080: exact in the normal range. */
function timesPow2Down(value: number, k: number): number {
  if (k > 1023) return mulDown(value * 4, POW2[Math.min(k - 2, 1023) + BIAS]);
  return k > -1021 ? value * POW2[k + BIAS] : mulDown(value * 2 ** -100, POW2[Math.max(k + 100, -1022) + BIAS]);
}

function timesPow2Up(value: number, k: number): number {
  if (k > 1023) return mulUp(value * 4, POW2[Math.min(k - 2, 1023) + BIAS]);
  return k > -1021 ? value * POW2[k + BIAS] : mulUp(value * 2 ** -100, POW2[Math.max(k + 100, -1022) + BIAS]);
}
