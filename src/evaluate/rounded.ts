import { lowestBit } from '../numbers/bits.js';
import { toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { type FloatFormat, FORMATS, isNormal } from '../numbers/format.js';
import type { Interval } from '../numbers/interval.js';
import type { Rational } from '../numbers/rational.js';
import { remembering } from '../remembering.js';
import type { Accuracy } from './accuracy.js';
import { type AffineMap, type Algebra, UnsupportedOperation } from './algebra.js';
import { argmax, sigmoid } from './interval-operations.js';
import type { Ridge } from './ridges.js';
import { roundedRidge } from './rounded-ridge.js';
import { meanRange, type Weight } from './soft-mean.js';
import { partialSums } from './summation.js';

/** An interval that contains a float of the device, and what else is known of it. */
export interface Held extends Interval {
  /** The float is p_t v, a share of a softmax times a value: sums over all t are means, see `soft-mean.ts`. */
  readonly term?: Term;
}

interface Term {
  readonly softmax: object;
  readonly index: number;
  /** exp(z_t) with the errors that are its own, up to a factor that all shares of this softmax have in common. */
  readonly weight: Weight;
  readonly value: Interval;
}

/**
 * What a device may compute: every value is an interval that contains the float the device holds, for any order of
 * summation, fused or not, with subnormal results kept or flushed to zero.
 *
 * Model (Higham, Accuracy and Stability of Numerical Algorithms, sections 2.2 and 3.1): one operation returns
 * x(1 + e) + f with |e| <= u and |f| <= eta; a sum of n terms is off by at most u (1 + gamma_n) times the
 * sum of all |partial sums|, which `partialSums` bounds, and of sum |a_i b_i| for rounded products a_i b_i, and by 2 n eta
 * (1 + gamma_n), gamma_n = n u/(1 - n u). u is the error of one operation as `device` states it, half an ulp where it
 * rounds to nearest; where float16 is computed in float32 and rounded again, u16 + u32 + u16 u32. eta is the
 * smallest subnormal number, or the smallest normal number where subnormals may be flushed; what exp loses of small
 * results may be that much in any case, as its kernels cut off the argument, except in float16, which they compute wider.
 * Results that the format holds exactly, and sums whose terms all lie on one grid of it, are not widened. No partial sum
 * exceeds the sum of |a_i b_i| and its error, so the format's range is asked of that: terms that cancel may overflow.
 *
 * Softmax: with m the largest logit of the device and x_t = fl(z_t - m) = (z_t - m)(1 + r_t), it holds the powers
 * E_t = exp(x_t)(1 + e_t) + f_t, |f_t| <= cut, their sum S = (1 + s) sum_t E_t >= 1/2 and shares E_t/S (1 + q_t) + f_t. The
 * factor exp(-m) cancels in E_t/S, so with w_t = exp(z_t + (z_t - m) r_t)(1 + e_t), which errors of m do not touch, a mean
 * of values v_t by these shares is, up to what underflows,
 *   sum_t w_t v_t (1 + k_t) / sum_t w_t / (1 + s),  |k_t| <= (1 + q)(1 + gamma_n) - 1,  |s| <= gamma_n + 4 n eta
 * (1 + gamma_n),
 * where the first quotient stays in the range of the means over all w_t and v_t. The f_t of the powers move a mean by at
 * most 4 n cut max |v_t|, as the largest power is near exp(0) = 1 and their sum at least 1/2, those of shares, products and sums by
 * 2 n eta (1 + gamma_n)(1 + max |v_t|).
 *
 * Throws `OverflowPossible` when a value may leave the format's range: then nothing can be said.
 */
export function rounded(format: FloatFormat, device: Accuracy): Algebra<Held> {
  const R = doubleIntervals;
  const u = unitOf(format, device);
  const smallest = 2 ** format.minExponent;
  const eta = device.flushes ? smallest : smallest * 2 ** (1 - format.precision);
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  const zero = R.zero;

  /** Whether the device holds a number as it is: those that may be flushed to zero are not. */
  const isHeld = (x: number): boolean => x === 0 || isNormal(x, format);
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
  const cutOff = format.precision < FORMATS.float32.precision ? 4 * eta : smallest;
  const round = (x: Interval): Interval => {
    if (x.lo === x.hi && isHeld(x.lo)) return checked(x);
    return widened(x, R.add(R.mul(R.abs(x), unit), underflow));
  };
  const gamma = (n: number): Interval => {
    const nu = R.mul(R.fromDoubles(n, n), unit);
    const rest = R.sub(R.one, nu);
    if (!(rest.lo > 0)) throw new OverflowPossible(format);
    return R.div(nu, rest);
  };
  /** The sum of numbers that the device holds, or of products that it rounds. */
  const accumulated = (terms: readonly Interval[], areProducts: boolean): Interval => {
    if (terms.length === 1) return round(terms[0]);
    const exactSum = R.sum(terms);
    if (isOnGrid(terms, format)) return checked(exactSum);
    const n = terms.length;
    const g = gamma(n);
    const size = R.sum(terms.map((term) => R.abs(term)));
    const lost = R.mul(R.mul(R.fromDoubles(2 * n, 2 * n), underflow), R.add(R.one, g));
    const partial = partialSums(terms);
    if (!Number.isFinite(partial)) throw new OverflowPossible(format);
    const results = R.fromDoubles(partial, partial);
    const rounded = areProducts ? R.add(results, size) : results;
    const error = R.add(R.mul(R.mul(unit, rounded), R.add(R.one, g)), lost);
    checked(R.add(size, error));
    return widened(exactSum, error);
  };
  const scaled = (n: number, x: Interval): Interval => R.mul(R.fromDoubles(n, n), x);
  /** The relative error of `ulps` units in the last place. */
  const ofUlps = (ulps: number): Interval =>
    scaled(2 * ulps, R.fromDoubles(2 ** -format.precision, 2 ** -format.precision));
  const quotientError = R.add(ofUlps(device.quotient), scaled(2, R.sub(unit, ofUlps(device.basic))));
  const within = (error: Interval): Interval => R.add(R.one, R.hull(R.neg(error), error));
  const atZero = device.exp.exactAtZero ? R.one : within(ofUlps(device.exp.ulps));
  /** sum_t E_t (1 + s): the bound of |s| for n powers, the largest of which is above 1/2. */
  const sumError = (n: number): Interval => {
    const g = gamma(n);
    return R.add(g, R.mul(scaled(4 * n, underflow), R.add(R.one, g)));
  };
  const held = (value: Rational): Interval => {
    const float = toFloat(value, format, 'nearest');
    if (!Number.isFinite(float)) throw new OverflowPossible(format);
    const point = R.fromDoubles(float, float);
    return device.flushes && Math.abs(float) < smallest ? R.hull(point, zero) : point;
  };
  /** A result that an operation misses by a relative and an absolute error; float16 may be rounded from a wider one. */
  const off = (x: Interval, relative: Interval, absolute: Interval): Interval => {
    const more = scaled(2, R.sub(unit, ofUlps(device.basic)));
    return widened(x, R.add(R.mul(R.abs(x), R.add(relative, more)), absolute));
  };
  /** The device may hold NaN where an operation is not defined. */
  const defined = (x: Interval): Interval => {
    if (x.mark !== 0 || !(x.lo <= x.hi)) throw new OverflowPossible(format);
    return x;
  };
  const quotient = (a: Interval, b: Interval): Interval => off(defined(R.div(a, b)), quotientError, underflow);
  const share = (power: Interval, total: Interval): Interval => {
    const unitInterval = R.fromDoubles(0, 1);
    const exactShare = total.lo > 0 ? R.intersect(R.div(power, total), R.fromDoubles(0, 2)) : unitInterval;
    if (device.exactReciprocals && exactShare.lo === exactShare.hi && isHeld(exactShare.lo)) return exactShare;
    return R.max(widened(exactShare, R.add(R.mul(exactShare, quotientError), underflow)), zero);
  };
  const mean = (terms: readonly Term[]): Interval => {
    const n = terms.length;
    const { weights, values, counts } = kindsOf(terms);
    const g = gamma(n);
    const k = R.sub(R.mul(R.add(R.one, quotientError), R.add(R.one, g)), R.one);
    const sizes = values.map((value) => R.abs(value));
    const [size, largest] = [meanRange(weights, sizes, counts), sizes.reduce((a, b) => R.max(a, b))];
    const error = sumError(n);
    if (!(error.hi < 1)) return R.entire;
    const lost = R.add(
      R.mul(scaled(2 * n, underflow), R.mul(R.add(R.one, g), R.add(R.one, largest))),
      R.mul(scaled(4 * n, R.fromDoubles(cutOff, cutOff)), largest),
    );
    return widened(R.div(widened(meanRange(weights, values, counts), R.mul(k, size)), within(error)), lost);
  };
  /** The sum of terms whose shares are all those of one softmax, in the range of a mean as well, unless it is known exactly. */
  const asMean = (terms: readonly (Term | undefined)[], plain: Interval): Held => {
    if (plain.lo === plain.hi) return plain;
    const [first] = terms;
    const isWhole = first && terms.length === SIZES.get(first.softmax) && isOneOfEach(terms, first.softmax);
    return isWhole ? R.intersect(plain, mean(terms as readonly Term[])) : plain;
  };
  const SIZES = new WeakMap<object, number>();
  const isShare = ({ term }: Held): boolean => term?.value === R.one;
  /** Unit by unit. */
  const plainRidge = ({ parts, offset }: Ridge): AffineMap<Held> => {
    const units = parts.flatMap(({ entry, fan, bias }) =>
      fan.map((weight, k) => ({ entry, weight: held(weight), bias: held(bias[k]) })),
    );
    const columns = offset.map((_, j) => parts.flatMap(({ columns: own }) => own[j].map(held)));
    const offsets = offset.map(held);
    return (row) => {
      const hidden = units.map(({ entry, weight, bias }) =>
        R.max(round(R.add(round(R.mul(row[entry], weight)), bias)), zero),
      );
      return columns.map((column, j) => {
        const products = column.map((weight, k) => R.mul(hidden[k], weight));
        return round(R.add(accumulated(products, true), offsets[j]));
      });
    };
  };

  return {
    name: `${format.name} execution`,
    zero,
    sharesResults: true,
    of: held,
    add: (a, b) => round(R.add(a, b)),
    sub: (a, b) => round(R.sub(a, b)),
    mul: (a, b) => {
      const [p, v] = isShare(b) ? [b, a] : [a, b];
      const product = isShare(p) && isZero(v) ? zero : round(R.mul(a, b));
      return isShare(p) ? { ...product, term: { ...p.term!, value: v } } : product;
    },
    min: (a, b) => R.min(a, b),
    max: (a, b) => R.max(a, b),
    relu: (a) => (a.lo >= 0 ? a : R.max(a, zero)),
    div: quotient,
    fewestUnits: WIDE,
    ridge: (ridge) =>
      roundedRidge(ridge, { format, unit, underflow, gamma, checked, widened, round, held }) ?? plainRidge(ridge),
    apply: (fn, a) => {
      const value = defined(fn === 'sigmoid' ? sigmoid(R, a) : R[fn](a));
      if (fn === 'exp') {
        const relative = R.add(ofUlps(device.exp.ulps), R.mul(ofUlps(device.exp.perUnit), R.abs(a)));
        return off(value, relative, R.fromDoubles(cutOff, cutOff));
      }
      const figure = device.functions?.[fn];
      if (!figure) throw new UnsupportedOperation(`how accurately the device computes ${fn} is not known`);
      const units = figure.units * 2 ** -format.precision;
      return off(value, ofUlps(figure.ulps), R.add(R.fromDoubles(units, units), underflow));
    },
    power: (a, exponent) => {
      if (!device.functions) throw new UnsupportedOperation('how accurately the device computes powers is not known');
      const size = R.max(R.one, R.pown(R.abs(a), exponent));
      return off(R.pown(a, exponent), R.add(gamma(exponent), ofUlps(8)), R.mul(scaled(exponent, underflow), size));
    },
    normalise: (x, epsilon) => {
      const squares = x.map((entry) => round(R.sqr(entry)));
      const count = R.fromDoubles(x.length, x.length);
      const sum = round(R.add(quotient(accumulated(squares, false), count), held(epsilon)));
      const root = off(defined(R.sqrt(R.max(sum, zero))), unit, underflow);
      return x.map((entry) => quotient(entry, root));
    },
    argmax: (x) => argmax(R, x),
    sum: (terms) =>
      terms.every(isZero)
        ? zero
        : asMean(
            terms.map(({ term }) => term),
            accumulated(terms, false),
          ),
    dot: (a, b) => {
      const products: Interval[] = [];
      for (let k = 0; k < a.length; k++) {
        if (isZero(a[k]) || isZero(b[k])) continue;
        products.push(R.mul(a[k], b[k]));
      }
      if (products.length === 0) return zero;
      const plain = accumulated(products, true);
      return a.every(isShare)
        ? asMean(
            a.map(({ term }, k) => ({ ...term!, value: b[k] })),
            plain,
          )
        : plain;
    },
    softmax: (z) => {
      const softmax = {};
      SIZES.set(softmax, z.length);
      const c = z.reduce((most, logit) => Math.max(most, logit.hi), Number.NEGATIVE_INFINITY);
      const top = R.fromDoubles(c, c);
      const areSame = isSame(z);
      const weightOf = remembering((logit: Held): Weight => {
        if (areSame) return { exponent: zero, factor: atZero };
        const distance = R.sub(top, R.fromDoubles(logit.lo, logit.lo));
        const moved = R.add(R.mul(distance, unit), underflow);
        const relative = R.add(ofUlps(device.exp.ulps), R.mul(ofUlps(device.exp.perUnit), R.add(distance, moved)));
        return {
          exponent: R.add(R.sub(logit, top), R.hull(R.neg(moved), moved)),
          factor: R.max(within(relative), zero),
        };
      });
      const powerOf = remembering(({ exponent, factor }: Weight) => {
        if (areSame && device.exp.exactAtZero) return R.one;
        return R.max(widened(R.mul(R.exp(exponent), factor), R.fromDoubles(cutOff, cutOff)), zero);
      });
      const weights = z.map(weightOf);
      const powers = weights.map(powerOf);
      const total = accumulated(powers, false);
      const shareOf = remembering((power: Interval) => share(power, total));
      return powers.map((power, index) => {
        const { lo, hi, mark } = shareOf(power);
        return { lo, hi, mark, term: { softmax, index, weight: weights[index], value: R.one } };
      });
    },
  };
}

/** Units from which on their sorted terms are not looked at one by one. */
const WIDE = 2048;

/** Weights and values that occur together, the very same objects, with how often they do. */
function kindsOf(terms: readonly Term[]) {
  const known = new Map<Weight, Map<Interval, number>>();
  for (const { weight, value } of terms) {
    let values = known.get(weight);
    if (!values) known.set(weight, (values = new Map()));
    values.set(value, (values.get(value) ?? 0) + 1);
  }
  const kinds = [...known].flatMap(([weight, values]) =>
    [...values].map(([value, count]) => ({ weight, value, count })),
  );
  return {
    weights: kinds.map(({ weight }) => weight),
    values: kinds.map(({ value }) => value),
    counts: kinds.map(({ count }) => count),
  };
}

function isOneOfEach(terms: readonly (Term | undefined)[], softmax: object): boolean {
  return (
    terms.every((term) => term?.softmax === softmax) && new Set(terms.map((term) => term!.index)).size === terms.length
  );
}

/** A value of the execution may exceed the format's largest finite number. */
export class OverflowPossible extends Error {
  override readonly name = 'OverflowPossible';

  constructor(format: FloatFormat) {
    super(`a value may leave the range of ${format.name}`);
  }
}

/** What is found, or null where a value may exceed the format's largest finite number. */
export function unlessOverflow<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof OverflowPossible) return null;
    throw error;
  }
}

/** The relative error of one operation. */
export function unitOf(format: FloatFormat, { basic }: Accuracy): number {
  const u = basic * 2 ** (1 - format.precision);
  const wider = basic * 2 ** (1 - FORMATS.float32.precision);
  return format.precision < FORMATS.float32.precision ? u + wider + u * wider : u;
}

function isZero(x: Interval): boolean {
  return x.lo === 0 && x.hi === 0;
}

/** Whether all logits are one and the same number: their differences are then exactly 0 whatever the order. */
function isSame(z: readonly Interval[]): boolean {
  return z.every((logit) => logit.lo === z[0].lo && logit.hi === logit.lo);
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
