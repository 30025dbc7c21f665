import { fromFloat, toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { type FloatFormat, FORMATS } from '../numbers/format.js';
import type { Interval } from '../numbers/interval.js';
import type { Algebra } from './algebra.js';

/**
 * What a device may compute: every value is an interval that contains the float the device holds, for any order of
 * summation, fused or not, with subnormal results kept or flushed to zero.
 *
 * Model (Higham, Accuracy and Stability of Numerical Algorithms, sections 2.2 and 3.1): one operation returns
 * x(1 + e) + f with |e| <= u and |f| <= eta; a sum of n products is off by at most gamma_n sum |a_i b_i| + 2 n eta
 * (1 + gamma_n), gamma_n = n u/(1 - n u). u is the format's unit roundoff; where float16 is computed in float32 and
 * rounded again, u16 + u32 + u16 u32. eta is the smallest normal number, since subnormals may be flushed.
 * Results that the format holds exactly, and sums whose terms all lie on one grid of it, are not widened. No partial sum
 * exceeds the sum of |a_i b_i| and its error, so the format's range is asked of that: terms that cancel may overflow.
 *
 * `expUlps` bounds the error of the device's exp in units of u; exp(0) is taken to be 1 exactly, as IEEE 754-2019
 * section 9.2.1 asks for. Throws `OverflowPossible` when a value may leave the format's range: then nothing can be said.
 */
export function rounded(format: FloatFormat, expUlps: number): Algebra<Interval> {
  const R = doubleIntervals;
  const u = unitOf(format);
  const eta = 2 ** format.minExponent;
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  const zero = R.zero;

  const checked = (x: Interval): Interval => {
    if (!(x.hi <= largest && x.lo >= -largest)) throw new OverflowPossible(format);
    return x;
  };
  const widened = (x: Interval, by: Interval): Interval => {
    const e = R.outer(by).hi;
    return checked(R.add(x, R.fromDoubles(-e, e)));
  };
  const unit = R.fromDoubles(u, u);
  const underflow = R.fromDoubles(eta, eta);
  const round = (x: Interval): Interval => {
    if (x.lo === x.hi && isHeld(x.lo, format)) return checked(x);
    return widened(x, R.add(R.mul(R.abs(x), unit), underflow));
  };
  const gamma = (n: number): Interval => {
    const nu = R.mul(R.fromDoubles(n, n), unit);
    const rest = R.sub(R.one, nu);
    if (!(rest.lo > 0)) throw new OverflowPossible(format);
    return R.div(nu, rest);
  };
  const accumulated = (terms: readonly Interval[]): Interval => {
    const exactSum = R.sum(terms);
    if (isOnGrid(terms, format)) return checked(exactSum);
    const n = terms.length;
    const g = gamma(n);
    const size = R.sum(terms.map((term) => R.abs(term)));
    const lost = R.mul(R.mul(R.fromDoubles(2 * n, 2 * n), underflow), R.add(R.one, g));
    const error = R.add(R.mul(g, size), lost);
    checked(R.add(size, error));
    return widened(exactSum, error);
  };
  return {
    name: `${format.name} execution`,
    zero,
    of: (value) => {
      const float = toFloat(value, format, 'nearest');
      if (!Number.isFinite(float)) throw new OverflowPossible(format);
      const held = R.fromDoubles(float, float);
      return Math.abs(float) < eta ? R.hull(held, zero) : held;
    },
    add: (a, b) => round(R.add(a, b)),
    sub: (a, b) => round(R.sub(a, b)),
    mul: (a, b) => round(R.mul(a, b)),
    min: (a, b) => R.min(a, b),
    max: (a, b) => R.max(a, b),
    relu: (a) => (a.lo >= 0 ? a : R.max(a, zero)),
    sum: accumulated,
    dot: (a, b) => {
      const products: Interval[] = [];
      for (let k = 0; k < a.length; k++) {
        if (isZero(a[k]) || isZero(b[k])) continue;
        products.push(R.mul(a[k], b[k]));
      }
      return products.length === 0 ? zero : accumulated(products);
    },
    softmax: (z) => {
      const top = z.reduce((a, b) => R.max(a, b));
      const relative = R.mul(R.fromDoubles(expUlps, expUlps), unit);
      const areSame = isSame(z);
      const powers = z.map((logit) => {
        if (areSame) return R.one;
        const shifted = R.min(round(R.sub(logit, top)), zero);
        const power = R.exp(shifted);
        return R.max(widened(power, R.add(R.mul(power, relative), underflow)), zero);
      });
      const total = accumulated(powers);
      return powers.map((power) => round(total.lo > 0 ? R.div(power, total) : R.fromDoubles(0, 1)));
    },
  };
}

/** A value of the execution may exceed the format's largest finite number. */
export class OverflowPossible extends Error {
  override readonly name = 'OverflowPossible';

  constructor(format: FloatFormat) {
    super(`a value may leave the range of ${format.name}`);
  }
}

function unitOf(format: FloatFormat): number {
  const u = 2 ** -format.precision;
  const wider = 2 ** -FORMATS.float32.precision;
  return format.precision < FORMATS.float32.precision ? u + wider + u * wider : u;
}

function isZero(x: Interval): boolean {
  return x.lo === 0 && x.hi === 0;
}

/** Whether all logits are one and the same number: their differences are then exactly 0 whatever the order. */
function isSame(z: readonly Interval[]): boolean {
  return z.every((logit) => logit.lo === z[0].lo && logit.hi === logit.lo);
}

/** Whether a double is a number of the format, and not one that might be flushed to zero. */
function isHeld(x: number, format: FloatFormat): boolean {
  if (x === 0) return true;
  if (Math.abs(x) < 2 ** format.minExponent) return false;
  return format.precision === 53 || toFloat(fromFloat(x), format, 'nearest') === x;
}

/**
 * Whether the terms are known numbers on one grid 2^g of the format with sum |t| <= 2^(g + precision): then every
 * partial sum in every order is held exactly, and so is every term.
 */
function isOnGrid(terms: readonly Interval[], format: FloatFormat): boolean {
  let finest = Number.POSITIVE_INFINITY;
  let total = 0;
  for (const { lo, hi } of terms) {
    if (lo !== hi) return false;
    if (lo === 0) continue;
    finest = Math.min(finest, lowestBit(lo));
    total += Math.abs(lo);
  }
  // The doubles added up in `total` are exact when the test below holds in float64, and off by far less than its
  // factor 2 of slack otherwise: n 2^-53 < 1/2 for every n that fits in memory.
  return finest >= format.minExponent && total <= 2 ** Math.min(finest + format.precision - 1, format.maxExponent);
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);

/** The exponent of the lowest set bit of a nonzero double. */
function lowestBit(x: number): number {
  DOUBLE[0] = x;
  const [low, high] = [WORDS[0], WORDS[1]];
  const biased = (high >>> 20) & 0x7ff;
  const fractionHigh = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const trailing = low !== 0 ? trailingZeros(low) : 32 + trailingZeros(fractionHigh);
  return Math.max(biased, 1) - 1075 + trailing;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
