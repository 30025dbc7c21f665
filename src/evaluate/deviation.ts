import { fromFloat, toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { FloatFormat } from '../numbers/format.js';
import type { Interval } from '../numbers/interval.js';
import type { Accuracy } from './accuracy.js';
import { type Algebra, UnsupportedOperation, unsupported } from './algebra.js';
import { OverflowPossible, unitOf } from './rounded.js';
import { partialSums } from './summation.js';

/** Values of the exact network over a set of inputs, and how far an execution may be from them at any one input. */
export interface Deviating {
  readonly range: Interval;
  /** At least 0. */
  readonly error: number;
}

/** How an execution departs from the exact network. */
export interface Departure {
  /** What weights and inputs are rounded to. */
  readonly weights: FloatFormat;
  /** What every operation is rounded to, and how accurately; null when only the weights are rounded. */
  readonly execution: { readonly format: FloatFormat; readonly device: Accuracy } | null;
}

/**
 * The largest distance between the exact network and an execution, over whole ranges of inputs at once: running error
 * analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3) with the model of `rounded`, on pairs of
 * a range and an error. Errors are bounded by magnitudes and never by the width of a range, so a range may be the whole
 * domain. Products by 0 and +-1 and sums with 0 are exact.
 *
 * Softmax is supported for logits that are one and the same number; for others what an error does depends on how logits
 * and values belong together (`execution/perturbed-head`). Throws OverflowPossible where a value may
 * leave the range of the format.
 */
export function deviation({ weights, execution }: Departure): Algebra<Deviating> {
  const R = doubleIntervals;
  const point = (x: number): Interval => R.fromDoubles(x, x);
  const format = execution?.format ?? weights;
  const u = execution ? unitOf(execution.format, execution.device) : 0;
  const flushes = execution?.device.flushes ?? false;
  const smallest = 2 ** format.minExponent;
  const eta = execution ? (flushes ? smallest : smallest * 2 ** (1 - format.precision)) : 0;
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;

  /** A bound of |device value|. */
  const size = ({ range, error }: Deviating): Interval => R.add(R.abs(range), point(error));
  const checked = (x: Deviating): Deviating => {
    if (!(size(x).hi <= largest)) throw new OverflowPossible(format);
    return x;
  };
  const roundedOnce = (range: Interval, error: Interval): Deviating => {
    const off = R.add(R.mul(R.add(R.abs(range), error), point(u)), point(eta));
    return checked({ range, error: R.add(error, off).hi });
  };
  const gamma = (n: number): Interval => {
    const rest = R.sub(R.one, R.mul(point(n), point(u)));
    if (!(rest.lo > 0)) throw new OverflowPossible(format);
    return R.div(R.mul(point(n), point(u)), rest);
  };
  /** Where the device's value lies. */
  const held = ({ range, error }: Deviating): Interval => R.add(range, R.fromDoubles(-error, error));
  /** A sum of what the device holds, or of products that it rounds, whose own errors add up to `error`. */
  const accumulated = (
    range: Interval,
    error: Interval,
    terms: readonly Interval[],
    areProducts: boolean,
  ): Deviating => {
    const n = terms.length;
    const g = gamma(n);
    const sizes = R.sum(terms.map(R.abs));
    const lost = R.mul(point(2 * n * eta), R.add(R.one, g));
    const partial = partialSums(terms);
    const isHeld = R.add(sizes, R.mul(g, sizes)).hi <= largest && Number.isFinite(partial);
    if (!isHeld) throw new OverflowPossible(format);
    const rounded = areProducts ? R.add(point(partial), sizes) : point(partial);
    const own = R.mul(R.mul(point(u), rounded), R.add(R.one, g));
    return checked({ range, error: R.add(error, R.add(own, lost)).hi });
  };
  const productError = (a: Deviating, b: Deviating): Interval => {
    const [ea, eb] = [point(a.error), point(b.error)];
    return R.add(R.add(R.mul(R.abs(a.range), eb), R.mul(R.abs(b.range), ea)), R.mul(ea, eb));
  };
  /** Whether all partial sums of n ones are held. */
  const isCounted = (n: number): boolean => n <= 2 ** format.precision;
  /** The relative error of exp(0)/(n exp(0)): of both powers, of their sum and of the quotient. */
  const shareError = (n: number, { exp, quotient }: Accuracy): Interval => {
    const around = (e: Interval): Interval => R.add(R.one, R.hull(R.neg(e), e));
    const power = around(point(exp.exactAtZero ? 0 : 2 * exp.ulps * u));
    const sum = isCounted(n) && exp.exactAtZero ? R.one : around(gamma(n));
    const ratio = R.div(R.mul(power, around(point(2 * (quotient + 1) * u))), R.mul(power, sum));
    return R.abs(R.sub(ratio, R.one));
  };
  const zero: Deviating = { range: R.zero, error: 0 };
  const add = (a: Deviating, b: Deviating, range: Interval): Deviating => {
    if (isExactly(b, 0)) return { range, error: a.error };
    if (isExactly(a, 0)) return { range, error: b.error };
    return roundedOnce(range, R.add(point(a.error), point(b.error)));
  };
  const mul = (a: Deviating, b: Deviating): Deviating => {
    const range = R.mul(a.range, b.range);
    if (isExactly(a, 0) || isExactly(b, 0)) return zero;
    if (isExactly(a, 1) || isExactly(a, -1)) return { range, error: b.error };
    if (isExactly(b, 1) || isExactly(b, -1)) return { range, error: a.error };
    return roundedOnce(range, productError(a, b));
  };
  const choice = (range: Interval, a: Deviating, b: Deviating): Deviating => ({
    range,
    error: Math.max(a.error, b.error),
  });

  return {
    name: `deviation (${format.name})`,
    zero,
    sharesResults: true,
    of: (value) => {
      const float = toFloat(value, weights, 'nearest');
      if (!Number.isFinite(float)) throw new OverflowPossible(weights);
      const error = R.abs(R.of(fromFloat(float).sub(value))).hi;
      const isFlushed = flushes && Math.abs(float) < smallest;
      return checked({ range: R.of(value), error: isFlushed ? Math.max(error, R.abs(R.of(value)).hi) : error });
    },
    add: (a, b) => add(a, b, R.add(a.range, b.range)),
    sub: (a, b) => add(a, b, R.sub(a.range, b.range)),
    mul,
    min: (a, b) => choice(R.min(a.range, b.range), a, b),
    max: (a, b) => choice(R.max(a.range, b.range), a, b),
    relu: (a) => (R.add(a.range, point(a.error)).hi <= 0 ? zero : { range: R.max(a.range, R.zero), error: a.error }),
    ...unsupported('bounds over ranges of inputs'),
    sum: (all) => {
      const terms = all.filter((term) => !isExactly(term, 0));
      if (terms.length < 2) return terms[0] ?? zero;
      const total = (values: readonly Interval[]) => R.sum(values);
      return accumulated(
        total(terms.map(({ range }) => range)),
        total(terms.map(({ error }) => point(error))),
        terms.map(held),
        false,
      );
    },
    dot: (a, b) => {
      const used = a.flatMap((x, k) => (isExactly(x, 0) || isExactly(b[k], 0) ? [] : [k]));
      if (used.length < 2) return used.length === 0 ? zero : mul(a[used[0]], b[used[0]]);
      const [left, right] = [used.map((k) => a[k]), used.map((k) => b[k])];
      return accumulated(
        R.dot(
          left.map(({ range }) => range),
          right.map(({ range }) => range),
        ),
        R.sum(left.map((x, k) => productError(x, right[k]))),
        left.map((x, k) => R.mul(held(x), held(right[k]))),
        true,
      );
    },
    softmax: (z) => {
      const [first] = z;
      const areSame = z.every(
        ({ range, error }) => error === 0 && range.lo === range.hi && range.lo === first.range.lo,
      );
      if (!areSame) throw new UnsupportedOperation('softmax of different logits over a range of inputs');
      const range = R.div(R.one, point(z.length));
      const error = execution ? R.add(R.mul(range, shareError(z.length, execution.device)), point(eta)).hi : 0;
      const isExact =
        execution?.device.exactReciprocals && Number.isInteger(Math.log2(z.length)) && isCounted(z.length);
      const share: Deviating = { range, error: isExact ? 0 : error };
      return z.map(() => share);
    },
  };
}

function isExactly({ range, error }: Deviating, value: number): boolean {
  return error === 0 && range.lo === value && range.hi === value;
}
