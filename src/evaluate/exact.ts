import type { FunctionName } from '../network/operations.js';
import { integerSqrt } from '../numbers/fixed-point.js';
import { innerProducts } from '../numbers/inner-products.js';
import { dot, Rational, sum } from '../numbers/rational.js';
import { type Algebra, normalisedBy, UnsupportedOperation } from './algebra.js';
import { exactRidge } from './piecewise-linear.js';

/**
 * Exact rational arithmetic. Functions with irrational values are refused elsewhere than where the value is known
 * to be rational; a softmax of equal logits is 1/n whatever they are.
 */
export const exact: Algebra<Rational> = {
  name: 'exact',
  zero: Rational.zero,
  sharesResults: true,
  of: (value) => value,
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  min: (a, b) => a.min(b),
  max: (a, b) => a.max(b),
  relu: (a) => (a.num > 0n ? a : Rational.zero),
  div: (a, b) => {
    if (b.isZero()) throw new UnsupportedOperation('a quotient with the divisor 0 has no value');
    return a.div(b);
  },
  apply: (fn, a) => FUNCTIONS[fn](a) ?? refuse(`${fn}(${a})`),
  power: (a, exponent) => a.pow(exponent),
  normalise: (x, epsilon) =>
    x.every((entry) => entry.isZero()) && epsilon.sign() > 0 ? x : normalisedBy(exact, x, epsilon),
  argmax: (x) => Rational.of(x.reduce((best, entry, k) => (x[best].lt(entry) ? k : best), 0)),
  dot,
  innerProducts,
  ridge: exactRidge,
  sum,
  softmax: (z) => {
    if (!z.every((logit) => logit.equals(z[0]))) {
      throw new UnsupportedOperation(
        'softmax of different logits is irrational: evaluate in decimals or in intervals instead',
      );
    }
    const share = Rational.of(1, z.length);
    return z.map(() => share);
  },
};

/** The rational values of each function; undefined where a value is irrational or unknown to be rational. */
const FUNCTIONS: Readonly<Record<FunctionName, (a: Rational) => Rational | undefined>> = {
  exp: at(Rational.zero, Rational.one),
  log: at(Rational.one, Rational.zero),
  sqrt: squareRoot,
  tanh: at(Rational.zero, Rational.zero),
  sigmoid: at(Rational.zero, Rational.of(1, 2)),
  erf: at(Rational.zero, Rational.zero),
  sin: at(Rational.zero, Rational.zero),
  cos: at(Rational.zero, Rational.one),
};

function at(argument: Rational, value: Rational): (a: Rational) => Rational | undefined {
  return (a) => (a.equals(argument) ? value : undefined);
}

function squareRoot(a: Rational): Rational | undefined {
  if (a.sign() < 0) return undefined;
  const [num, den] = [integerSqrt(a.num), integerSqrt(a.den)];
  return num * num === a.num && den * den === a.den ? Rational.of(num, den) : undefined;
}

function refuse(what: string): never {
  throw new UnsupportedOperation(`${what} is irrational or undefined: evaluate in decimals or in intervals instead`);
}
