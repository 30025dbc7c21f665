import { ACCURACY } from '../../evaluate/accuracy.js';
import type { Algebra } from '../../evaluate/algebra.js';
import { float64 } from '../../evaluate/float64.js';
import { intervals } from '../../evaluate/intervals.js';
import { OverflowPossible, rounded, unitOf } from '../../evaluate/rounded.js';
import type { Target } from '../../evaluate/target.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import { FORMATS } from '../../numbers/format.js';
import type { Interval } from '../../numbers/interval.js';

/** What computes the network: nobody, exactly, or a provider in a format, whose values are enclosed in the place of exact ones. */
export interface Arithmetic {
  /** Operations on single numbers. */
  readonly numbers: Algebra<Interval>;
  /** What a sum of n terms of this total size may be off, in any order, with its products rounded as well. */
  sumError(n: number, size: number): number;
  /**
   * What a mean by a softmax over n logits may be off, when values have at most this size and logits lie, by their shares, at most
   * this far below the largest on average.
   */
  meanError(n: number, distance: number, size: number): number;
}

export const EXACT: Arithmetic = { numbers: intervals(A), sumError: () => 0, meanError: () => 0 };

/** Powers of logits that lie further below the largest vanish in what underflows. */
const FAR = 300;
/** Above e^(-299). */
const VANISHING = 2 ** -431;

/**
 * The model of `rounded` (src/evaluate/rounded.ts) for sums over all tokens of a domain at once: gamma_n bounds a sum of n rounded
 * products in any order, fused or not.
 */
export function executed({ provider, dtype }: Target): Arithmetic {
  const [format, device] = [FORMATS[dtype], ACCURACY[provider]];
  const u = unitOf(format, device);
  const smallest = 2 ** format.minExponent;
  const eta = device.flushes ? smallest : smallest * 2 ** (1 - format.precision);
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  const point = (x: number): Interval => A.fromDoubles(x, x);
  const gamma = (n: number): Interval => {
    const nu = A.mul(point(n), point(u));
    const rest = A.sub(A.one, nu);
    if (!(rest.lo > 0)) throw new OverflowPossible(format);
    return A.div(nu, rest);
  };
  const ulps = (count: number): Interval => A.mul(point(2 * count), point(2 ** -format.precision));
  return {
    numbers: rounded(format, device),
    sumError: (n, size) => {
      const bound = A.add(A.mul(gamma(n), point(size)), A.mul(point(2 * n), point(eta)));
      if (!(A.add(point(size), bound).hi <= largest)) throw new OverflowPossible(format);
      return bound.hi;
    },
    // With w_p = exp(z_p - m) the device holds w_p (1 + r_p), |r_p| <= r = u d_p + the error of exp, their sum up to a factor 1 + s,
    // and quotients up to 1 + q: sum_p s_p |r_p| <= R moves both the powers and their sum.
    meanError: (n, distance, size) => {
      const farthest = A.exp(A.mul(point(u), point(FAR)));
      const ofExp = A.add(ulps(device.exp.ulps), A.mul(ulps(device.exp.perUnit), point(distance + 1)));
      const R = A.mul(farthest, A.add(A.add(A.mul(point(u), point(distance)), point(eta)), ofExp));
      const q = A.add(ulps(device.quotient), A.mul(point(2), A.sub(point(u), ulps(device.basic))));
      const s = gamma(n);
      const plus = (x: Interval): Interval => A.add(A.one, x);
      const rest = A.mul(A.sub(A.one, R), A.sub(A.one, s));
      if (!(rest.lo > 0)) throw new OverflowPossible(format);
      const above = A.sub(A.add(A.mul(plus(R), plus(q)), A.mul(plus(R), plus(s))), point(2));
      const relative = A.div(above, rest);
      const added = A.mul(s, plus(relative));
      const lost = A.mul(point(n * (16 * smallest + VANISHING)), plus(point(size)));
      return A.add(A.mul(A.add(relative, added), point(size)), lost).hi;
    },
  };
}

/** What one execution computes in float32, one operation after the other; in other formats, doubles. Decides nothing. */
export function simulated({ dtype }: Target): Algebra<number> {
  if (dtype !== 'float32') return float64;
  const round = Math.fround;
  const add = (a: number, b: number): number => round(a + b);
  return {
    ...float64,
    name: 'float32, one operation after the other',
    of: (value) => round(float64.of(value)),
    add,
    sub: (a, b) => round(a - b),
    mul: (a, b) => round(a * b),
    div: (a, b) => round(a / b),
    apply: (fn, a) => round(float64.apply(fn, a)),
    power: (a, exponent) => round(a ** exponent),
    normalise: (x, epsilon) => float64.normalise(x, epsilon).map(round),
    dot: (a, b) => a.reduce((total, x, k) => add(total, round(x * b[k])), 0),
    sum: (terms) => terms.reduce(add, 0),
    softmax: (z) => {
      const top = Math.max(...z);
      const powers = z.map((logit) => round(Math.exp(round(logit - top))));
      const total = powers.reduce(add, 0);
      return powers.map((power) => round(power / total));
    },
  };
}
