import { missUp, toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { FloatFormat } from '../numbers/format.js';
import { type Interval, magnitude } from '../numbers/interval.js';
import { LowerSum } from '../numbers/lower-sum.js';
import { addUp, divUp, mulUp, subDown } from '../numbers/rounding.js';
import type { Accuracy } from './accuracy.js';
import { type Algebra, UnsupportedOperation, unsupported } from './algebra.js';
import { OverflowPossible, unitOf } from './rounded.js';
import { partialSumsIn } from './summation.js';
import { Terms } from './terms.js';

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
  /** Terms of a sum at hand. */
  const terms = new Terms();

  const checked = (range: Interval, error: number): Deviating => {
    // A bound of |device value|.
    if (!(addUp(magnitude(range), error) <= largest)) throw new OverflowPossible(format);
    return { range, error };
  };
  const roundedOnce = (range: Interval, error: number): Deviating => {
    const off = addUp(mulUp(addUp(magnitude(range), error), u), eta);
    return checked(range, addUp(error, off));
  };
  const gamma = (n: number): number => {
    const nu = mulUp(n, u);
    const rest = subDown(1, nu);
    if (!(rest > 0)) throw new OverflowPossible(format);
    return divUp(nu, rest);
  };
  /** Ends of where the device's value lies. */
  const least = ({ range, error }: Deviating): number => subDown(range.lo, error);
  const greatest = ({ range, error }: Deviating): number => addUp(range.hi, error);
  /** A sum of what the device holds, or of products that it rounds: the `terms`, whose own errors add up to minus `error`. */
  const accumulated = (range: Interval, error: LowerSum, areProducts: boolean): Deviating => {
    const { lo, hi, length: n } = terms;
    const g = gamma(n);
    const sum = new LowerSum();
    for (let k = 0; k < n; k++) sum.add(-Math.max(-lo[k], hi[k]));
    const sizes = -sum.bound();
    const partial = partialSumsIn(terms);
    const isHeld = addUp(sizes, mulUp(g, sizes)) <= largest && Number.isFinite(partial);
    if (!isHeld) throw new OverflowPossible(format);
    const rounded = areProducts ? addUp(partial, sizes) : partial;
    const factor = addUp(1, g);
    const own = addUp(mulUp(mulUp(u, rounded), factor), mulUp(2 * n * eta, factor));
    return checked(range, addUp(-error.bound(), own));
  };
  const productError = (a: Deviating, b: Deviating): number =>
    addUp(addUp(mulUp(magnitude(a.range), b.error), mulUp(magnitude(b.range), a.error)), mulUp(a.error, b.error));
  /** Whether all partial sums of n ones are held. */
  const isCounted = (n: number): boolean => n <= 2 ** format.precision;
  /** The relative error of exp(0)/(n exp(0)): of both powers, of their sum and of the quotient. */
  const shareError = (n: number, { exp, quotient }: Accuracy): Interval => {
    const around = (e: Interval): Interval => R.add(R.one, R.hull(R.neg(e), e));
    const power = around(point(exp.exactAtZero ? 0 : 2 * exp.ulps * u));
    const sum = isCounted(n) && exp.exactAtZero ? R.one : around(point(gamma(n)));
    const ratio = R.div(R.mul(power, around(point(2 * (quotient + 1) * u))), R.mul(power, sum));
    return R.abs(R.sub(ratio, R.one));
  };
  const zero: Deviating = { range: R.zero, error: 0 };
  const add = (a: Deviating, b: Deviating, range: Interval): Deviating => {
    if (isExactly(b, 0)) return { range, error: a.error };
    if (isExactly(a, 0)) return { range, error: b.error };
    return roundedOnce(range, addUp(a.error, b.error));
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
      const [range, error] = [R.of(value), missUp(value, float)];
      const isFlushed = flushes && Math.abs(float) < smallest;
      return checked(range, isFlushed ? Math.max(error, magnitude(range)) : error);
    },
    add: (a, b) => add(a, b, R.add(a.range, b.range)),
    sub: (a, b) => add(a, b, R.sub(a.range, b.range)),
    mul,
    min: (a, b) => choice(R.min(a.range, b.range), a, b),
    max: (a, b) => choice(R.max(a.range, b.range), a, b),
    relu: (a) => (greatest(a) <= 0 ? zero : { range: R.max(a.range, R.zero), error: a.error }),
    ...unsupported('bounds over ranges of inputs'),
    sum: (all) => {
      const used = all.filter((term) => !isExactly(term, 0));
      if (used.length < 2) return used[0] ?? zero;
      const errors = new LowerSum();
      terms.length = 0;
      for (const term of used) {
        errors.add(-term.error);
        terms.push(least(term), greatest(term));
      }
      return accumulated(R.sum(used.map(({ range }) => range)), errors, false);
    },
    dot: (a, b) => {
      const [left, right]: [Deviating[], Deviating[]] = [[], []];
      a.forEach((x, k) => {
        if (isExactly(x, 0) || isExactly(b[k], 0)) return;
        left.push(x);
        right.push(b[k]);
      });
      if (left.length < 2) return left.length === 0 ? zero : mul(left[0], right[0]);
      const errors = new LowerSum();
      terms.length = 0;
      left.forEach((x, k) => {
        const y = right[k];
        errors.add(-productError(x, y));
        terms.pushProduct(least(x), greatest(x), least(y), greatest(y));
      });
      const ranges = [left, right].map((factors) => factors.map(({ range }) => range));
      return accumulated(R.dot(ranges[0], ranges[1]), errors, true);
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
