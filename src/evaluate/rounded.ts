import { toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { type FloatFormat, FORMATS, isNormal } from '../numbers/format.js';
import { bounds, greatestProduct, type Interval, leastProduct } from '../numbers/interval.js';
import type { Rational } from '../numbers/rational.js';
import { addDown, addUp, mulUp, subDown, subUp } from '../numbers/rounding.js';
import { remembering } from '../remembering.js';
import type { Accuracy } from './accuracy.js';
import { type AffineMap, type Algebra, UnsupportedOperation } from './algebra.js';
import { type DeviceSums, deviceSums, OverflowPossible } from './device-sums.js';
import { argmax, sigmoid } from './interval-operations.js';
import type { Ridge } from './ridges.js';
import { roundedRidge } from './rounded-ridge.js';
import { greatestMean, leastMean, type Mass, massesOf, timesCount, type Weight } from './soft-mean.js';
import { Terms } from './terms.js';

export { OverflowPossible } from './device-sums.js';

/** An interval that contains a float of the device, and what else is known of it. */
export interface Held extends Interval {
  /** The float is p_t v, a share of a softmax times a value: sums over all t are means, see `soft-mean.ts`. */
  readonly term?: Term;
}

interface Term {
  readonly softmax: Softmax;
  readonly index: number;
  readonly value: Interval;
}

export interface Softmax {
  readonly size: number;
  /**
   * exp(z_t) with the errors that are its own, up to a factor that all shares have in common; null where nothing is
   * known of them.
   */
  masses(): readonly Mass[] | null;
  /** Whether some of them are the same object. */
  readonly hasEqual: boolean;
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
  return executionModel(format, device).algebra;
}

/** The algebra, and what it is made of. */
export interface ExecutionModel {
  readonly algebra: Algebra<Held>;
  readonly sums: DeviceSums;
  /** A sum in `plain` of all shares of a softmax, number `index` of them times number `index` of the values. */
  mean(softmax: Softmax, values: readonly Interval[], plain: Interval): Interval;
}

export function executionModel(format: FloatFormat, device: Accuracy): ExecutionModel {
  const R = doubleIntervals;
  const u = unitOf(format, device);
  const smallest = 2 ** format.minExponent;
  const eta = device.flushes ? smallest : smallest * 2 ** (1 - format.precision);
  const zero = R.zero;
  const sums = deviceSums(format, u, eta);
  const { gamma, inRange } = sums;
  /** Where results are put down, and terms that are not kept. */
  const ends = new Float64Array(2);
  const terms = new Terms();
  const found = (): Interval => bounds(ends[0], ends[1], 0);
  const round = (lo: number, hi: number): Interval => {
    sums.round(ends, 0, 1, lo, hi);
    return found();
  };
  const apart = (lo: number, hi: number, by: number): Interval => {
    sums.widened(ends, 0, 1, lo, hi, by);
    return found();
  };
  /** The sum of `terms`. */
  const accumulated = (areProducts: boolean): Interval => {
    sums.accumulated(ends, 0, 1, terms, areProducts);
    return found();
  };

  /** Whether the device holds a number as it is: those that may be flushed to zero are not. */
  const isHeld = (x: number): boolean => x === 0 || isNormal(x, format);
  const checked = (x: Interval): Interval => {
    inRange(x.lo, x.hi);
    return x;
  };
  const widened = (x: Interval, by: Interval): Interval => apart(x.lo, x.hi, by.hi);
  const rounding = (x: Interval): Interval => round(x.lo, x.hi);
  const unit = R.fromDoubles(u, u);
  const underflow = R.fromDoubles(eta, eta);
  const cutOff = format.precision < FORMATS.float32.precision ? 4 * eta : smallest;
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
  const factorError = R.add(R.one, quotientError);
  /** The mean of n values, as the device sums them up; with counts, some of them stand for several. */
  const mean = (n: number, masses: readonly Mass[] | null, values: readonly Interval[]): Interval => {
    const g = gamma(n);
    const k = R.sub(R.mul(factorError, R.add(R.one, g)), R.one);
    const sizes = Float64Array.from(values, ({ lo, hi }) => Math.max(-lo, hi));
    const most = sizes.reduce((a, b) => Math.max(a, b));
    const largest = R.fromDoubles(most, most);
    const error = sumError(n);
    if (!(error.hi < 1)) return R.entire;
    const lost = R.add(
      R.mul(scaled(2 * n, underflow), R.mul(R.add(R.one, g), R.add(R.one, largest))),
      R.mul(scaled(4 * n, R.fromDoubles(cutOff, cutOff)), largest),
    );
    const least = leastMean(
      masses,
      Float64Array.from(values, ({ lo }) => lo),
    );
    const greatest = greatestMean(
      masses,
      Float64Array.from(values, ({ hi }) => hi),
    );
    const moved = mulUp(k.hi, greatestMean(masses, sizes));
    return widened(R.div(apart(least, greatest, moved), within(error)), lost);
  };
  const meanWithin: ExecutionModel['mean'] = (softmax, values, plain) => {
    if (plain.lo === plain.hi) return plain;
    const masses = softmax.masses();
    if (!masses || !softmax.hasEqual) return R.intersect(plain, mean(softmax.size, masses, values));
    const kinds = kindsOf(masses, values);
    return R.intersect(plain, mean(softmax.size, kinds.masses, kinds.values));
  };
  /** The sum of terms whose shares are all those of one softmax lies in the range of a mean as well. */
  const asMean = (shares: readonly Held[], valueAt: (place: number) => Interval, plain: Interval): Interval => {
    const softmax = shares[0].term?.softmax;
    const order =
      softmax &&
      orderOf(
        softmax.size,
        shares.map(({ term }) => (term?.softmax === softmax ? term.index : -1)),
      );
    return order ? meanWithin(softmax, order.map(valueAt), plain) : plain;
  };
  const isShare = ({ term }: Held): boolean => term?.value === R.one;
  const addHeld = (a: Held, b: Held): Held => round(addDown(a.lo, b.lo), addUp(a.hi, b.hi));
  const product = (a: Held, b: Held): Interval =>
    round(leastProduct(a.lo, a.hi, b.lo, b.hi), greatestProduct(a.lo, a.hi, b.lo, b.hi));
  /** Unit by unit. */
  const plainRidge = ({ parts, offset }: Ridge): AffineMap<Held> => {
    const units = parts.flatMap(({ entry, fan, bias }) =>
      fan.map((weight, k) => ({ entry, weight: held(weight), bias: held(bias[k]) })),
    );
    const columns = offset.map((_, j) => parts.flatMap(({ columns: own }) => own[j].map(held)));
    const offsets = offset.map(held);
    return (row) => {
      const hidden = units.map(({ entry, weight, bias }) => R.max(addHeld(product(row[entry], weight), bias), zero));
      return columns.map((column, j) => {
        terms.length = 0;
        column.forEach(({ lo, hi }, k) => {
          terms.pushProduct(hidden[k].lo, hidden[k].hi, lo, hi);
        });
        return addHeld(accumulated(true), offsets[j]);
      });
    };
  };

  const algebra: Algebra<Held> = {
    name: `${format.name} execution`,
    zero,
    sharesResults: true,
    of: held,
    add: addHeld,
    sub: (a, b) => round(subDown(a.lo, b.hi), subUp(a.hi, b.lo)),
    mul: (a, b) => {
      const [p, v] = isShare(b) ? [b, a] : [a, b];
      if (!isShare(p)) return product(a, b);
      const { lo, hi, mark } = isZero(v) ? zero : product(a, b);
      return { lo, hi, mark, term: { ...p.term!, value: v } };
    },
    min: (a, b) => R.min(a, b),
    max: (a, b) => R.max(a, b),
    relu: (a) => (a.lo >= 0 ? a : R.max(a, zero)),
    div: quotient,
    fewestUnits: WIDE,
    ridge: (ridge) =>
      roundedRidge(ridge, { format, unit, underflow, gamma, checked, widened, round: rounding, held }) ??
      plainRidge(ridge),
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
      terms.length = 0;
      for (const entry of x) {
        const { lo, hi } = rounding(R.sqr(entry));
        terms.push(lo, hi);
      }
      const count = R.fromDoubles(x.length, x.length);
      const sum = rounding(R.add(quotient(accumulated(false), count), held(epsilon)));
      const root = off(defined(R.sqrt(R.max(sum, zero))), unit, underflow);
      return x.map((entry) => quotient(entry, root));
    },
    argmax: (x) => argmax(R, x),
    sum: (summands) => {
      if (summands.every(isZero)) return zero;
      terms.length = 0;
      for (const { lo, hi } of summands) terms.push(lo, hi);
      return asMean(summands, (k) => summands[k].term!.value, accumulated(false));
    },
    dot: (a, b) => {
      terms.length = 0;
      for (let k = 0; k < a.length; k++) {
        const [x, y] = [a[k], b[k]];
        if (!isZero(x) && !isZero(y)) terms.pushProduct(x.lo, x.hi, y.lo, y.hi);
      }
      if (terms.length === 0) return zero;
      const plain = accumulated(true);
      return a.every(isShare) ? asMean(a, (k) => b[k], plain) : plain;
    },
    softmax: (z) => {
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
      terms.length = 0;
      for (const { lo, hi } of powers) terms.push(lo, hi);
      const total = accumulated(false);
      const shareOf = remembering((power: Interval) => share(power, total));
      const hasEqual = new Set(weights).size < weights.length;
      let masses: readonly Mass[] | null | undefined;
      const softmax: Softmax = { size: z.length, hasEqual, masses: () => (masses ??= massesOf(weights)) };
      return powers.map((power, index) => {
        const { lo, hi, mark } = shareOf(power);
        return { lo, hi, mark, term: { softmax, index, value: R.one } };
      });
    },
  };
  return { algebra, sums, mean: meanWithin };
}

/** Units from which on their sorted terms are not looked at one by one. */
const WIDE = 2048;

/** Masses and values that occur together, the very same objects, once. */
function kindsOf(masses: readonly Mass[], values: readonly Interval[]) {
  const known = new Map<Mass, Map<Interval, number>>();
  masses.forEach((mass, k) => {
    let own = known.get(mass);
    if (!own) known.set(mass, (own = new Map()));
    own.set(values[k], (own.get(values[k]) ?? 0) + 1);
  });
  const kinds = [...known].flatMap(([mass, own]) =>
    [...own].map(([value, count]) => ({ mass: count === 1 ? mass : timesCount(mass, count), value })),
  );
  return { masses: kinds.map(({ mass }) => mass), values: kinds.map(({ value }) => value) };
}

/** Where each index stands in a list that holds every one below n once; null for other lists. */
export function orderOf(n: number, indices: readonly number[]): readonly number[] | null {
  if (indices.length !== n) return null;
  const places = new Array<number>(n).fill(-1);
  for (let k = 0; k < n; k++) {
    if (places[indices[k]] !== -1) return null;
    places[indices[k]] = k;
  }
  return places;
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
