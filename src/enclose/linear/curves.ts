import { float64 } from '../../evaluate/float64.js';
import { sigmoid } from '../../evaluate/interval-operations.js';
import { PARTIAL } from '../../numbers/arithmetic.js';
import { doubleIntervals as D } from '../../numbers/doubles.js';
import { erfNear } from '../../numbers/erf.js';
import type { Interval } from '../../numbers/interval.js';
import { Rational } from '../../numbers/rational.js';
import { FUNCTIONS } from '../../symbolic/functions.js';

/** How a function bends on an interval: convex, concave, or not known to be either. */
export type Shape = 'convex' | 'concave' | 'mixed';

/** A smooth function of one number: all that a linear relaxation needs of it. */
export interface Curve {
  /** Curves of one name are one function. */
  readonly name: string;
  /** Enclosures over an interval of the function and its first two derivatives. */
  value(x: Interval): Interval;
  slope(x: Interval): Interval;
  second(x: Interval): Interval;
  shape(x: Interval): Shape;
  /** In floats: for searches, never for a bound. */
  at(t: number): number;
  slopeAt(t: number): number;
}

/** The functions of one argument by the names that expressions give them. */
export const CURVES: Readonly<Record<'exp' | 'log' | 'sin' | 'cos' | 'tanh' | 'sigmoid' | 'erf', Curve>> = {
  exp: {
    name: 'exp',
    value: D.exp,
    slope: D.exp,
    second: D.exp,
    shape: () => 'convex',
    at: Math.exp,
    slopeAt: Math.exp,
  },
  log: {
    name: 'log',
    value: D.log,
    slope: (x) => D.div(D.one, x),
    second: (x) => D.neg(D.div(D.one, D.sqr(x))),
    shape: () => 'concave',
    at: Math.log,
    slopeAt: (t) => 1 / t,
  },
  sin: {
    name: 'sin',
    value: D.sin,
    slope: D.cos,
    second: (x) => D.neg(D.sin(x)),
    shape: (x) => bySign(D.neg(D.sin(x))),
    at: Math.sin,
    slopeAt: Math.cos,
  },
  cos: {
    name: 'cos',
    value: D.cos,
    slope: (x) => D.neg(D.sin(x)),
    second: (x) => D.neg(D.cos(x)),
    shape: (x) => bySign(D.neg(D.cos(x))),
    at: Math.cos,
    slopeAt: (t) => -Math.sin(t),
  },
  tanh: {
    name: 'tanh',
    value: D.tanh,
    slope: tanhSlope,
    second: (x) => D.mul(D.fromDoubles(-2, -2), D.mul(D.tanh(x), tanhSlope(x))),
    shape: (x) => bySign(D.neg(x)),
    at: Math.tanh,
    slopeAt: (t) => 1 - Math.tanh(t) ** 2,
  },
  sigmoid: {
    name: 'sigmoid',
    value: (x) => sigmoid(D, x),
    slope: sigmoidSlope,
    second: (x) => D.mul(sigmoidSlope(x), D.sub(D.one, D.mul(D.fromDoubles(2, 2), sigmoid(D, x)))),
    shape: (x) => bySign(D.neg(x)),
    at: (t) => float64.apply('sigmoid', t),
    slopeAt: (t) => float64.apply('sigmoid', t) * float64.apply('sigmoid', -t),
  },
  erf: {
    name: 'erf',
    value: D.erf,
    slope: erfSlope,
    second: (x) => D.mul(D.mul(D.fromDoubles(-2, -2), x), erfSlope(x)),
    shape: (x) => bySign(D.neg(x)),
    at: erfNear,
    slopeAt: (t) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t),
  },
};

/** sigmoid' = sigmoid (1 - sigmoid) <= 1/4. */
function sigmoidSlope(x: Interval): Interval {
  const s = sigmoid(D, x);
  return D.intersect(D.mul(s, D.sub(D.one, s)), D.fromDoubles(0, 0.25));
}

/** erf' = 2/sqrt(pi) exp(-x^2). */
function erfSlope(x: Interval): Interval {
  const atZero = D.div(D.fromDoubles(2, 2), D.sqrt(FUNCTIONS.pi.enclose(D, [])));
  return D.mul(atZero, D.exp(D.neg(D.sqr(x))));
}

/** pi as a function of anything. */
export const PI: Curve = {
  name: 'pi',
  value: () => FUNCTIONS.pi.enclose(D, []),
  slope: () => D.zero,
  second: () => D.zero,
  shape: () => 'convex',
  at: () => Math.PI,
  slopeAt: () => 0,
};

/** t^exponent, on t >= 0 where the exponent is no integer. */
export function powerCurve(exponent: Rational): Curve {
  const n = Number(exponent.num) / Number(exponent.den);
  const first = exponent;
  const second = exponent.mul(exponent.sub(Rational.one));
  const pow = (r: Rational) => (x: Interval) => D.pow(x, r);
  const scaled = (factor: Rational, f: (x: Interval) => Interval) => (x: Interval) => D.mul(D.of(factor), f(x));
  const isEven = exponent.isInteger() && exponent.num % 2n === 0n;
  return {
    name: `^${exponent}`,
    value: exponent.equals(TWO) ? D.sqr : exponent.equals(HALF) ? D.sqrt : pow(exponent),
    slope: scaled(first, pow(exponent.sub(Rational.one))),
    second: scaled(second, pow(exponent.sub(TWO))),
    shape: (x) => {
      if (x.lo >= 0) return second.sign() >= 0 ? 'convex' : 'concave';
      if (!exponent.isInteger()) return 'mixed';
      if (isEven) return exponent.sign() > 0 || x.hi < 0 ? 'convex' : 'mixed';
      return x.hi <= 0 ? 'concave' : 'mixed';
    },
    at: (t) => t ** n,
    slopeAt: (t) => n * t ** (n - 1),
  };
}

/** Whether every value is known to exist and to be finite. */
export function isProper({ lo, hi, mark }: Interval): boolean {
  return lo <= hi && (mark & PARTIAL) === 0 && Number.isFinite(lo) && Number.isFinite(hi);
}

const TWO = Rational.of(2);
const HALF = Rational.of(1, 2);

function tanhSlope(x: Interval): Interval {
  const t = D.tanh(x);
  return D.mul(D.sub(D.one, t), D.add(D.one, t));
}

/** From an enclosure of the second derivative, or of a number with its sign. */
function bySign({ lo, hi }: Interval): Shape {
  return lo >= 0 ? 'convex' : hi <= 0 ? 'concave' : 'mixed';
}
