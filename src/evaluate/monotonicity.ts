import type { FunctionName } from '../network/operations.js';
import { Rational } from '../numbers/rational.js';
import type { Algebra } from './algebra.js';
import { exact } from './exact.js';

/**
 * How an entry moves when the inputs grow: a number that does not move, or a direction (1 never falls, -1 never rises,
 * undefined may do both).
 */
export type Monotonicity = { readonly value: Rational } | { readonly direction: 1 | -1 | undefined };

export const INCREASING: Monotonicity = { direction: 1 };

/** Whether the entry never falls when the inputs grow. */
export function isNondecreasing(entry: Monotonicity): boolean {
  return 'value' in entry || entry.direction === 1;
}

const UNKNOWN: Monotonicity = { direction: undefined };

/** Semantics of monotonicity: each operation's rule for sums, multiples and compositions of monotone functions. */
export const monotonicity: Algebra<Monotonicity> = {
  name: 'monotonicity',
  zero: { value: Rational.zero },
  of: (value) => ({ value }),
  add: (a, b) => both(a, b, exact.add),
  sub: (a, b) => both(a, times(b, Rational.of(-1)), exact.add),
  mul: product,
  min: (a, b) => both(a, b, exact.min),
  max: (a, b) => both(a, b, exact.max),
  relu: (a) => ('value' in a ? { value: exact.relu(a.value) } : a),
  div: quotient,
  apply: (fn, a) => ('value' in a || !RISES[fn] ? UNKNOWN : a),
  power: (a, exponent) => ('value' in a ? { value: a.value.pow(exponent) } : exponent % 2 === 1 ? a : UNKNOWN),
  normalise: (x) => x.map(() => UNKNOWN),
  argmax: () => UNKNOWN,
  dot: (a, b) => a.reduce<Monotonicity>((total, x, k) => both(total, product(x, b[k]), exact.add), monotonicity.zero),
  sum: (terms) => terms.reduce((a, b) => both(a, b, exact.add), monotonicity.zero),
  softmax: (z) => z.map(() => UNKNOWN),
};

/** Functions that rise on all of their domain. */
const RISES: Readonly<Record<FunctionName, boolean>> = {
  exp: true,
  log: true,
  sqrt: true,
  tanh: true,
  sigmoid: true,
  erf: true,
  sin: false,
  cos: false,
};

function quotient(a: Monotonicity, b: Monotonicity): Monotonicity {
  return 'value' in b && !b.value.isZero() ? times(a, Rational.one.div(b.value)) : UNKNOWN;
}

/** A function that rises in both arguments. */
function both(a: Monotonicity, b: Monotonicity, value: (a: Rational, b: Rational) => Rational): Monotonicity {
  if ('value' in a) return 'value' in b ? { value: value(a.value, b.value) } : b;
  return 'value' in b || a.direction === b.direction ? a : UNKNOWN;
}

function product(a: Monotonicity, b: Monotonicity): Monotonicity {
  if ('value' in a) return times(b, a.value);
  return 'value' in b ? times(a, b.value) : UNKNOWN;
}

function times(a: Monotonicity, factor: Rational): Monotonicity {
  if ('value' in a) return { value: a.value.mul(factor) };
  if (factor.isZero()) return monotonicity.zero;
  return factor.sign() > 0 || a.direction === undefined ? a : { direction: a.direction === 1 ? -1 : 1 };
}
