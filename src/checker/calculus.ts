import { type Atoms, valueAt } from './atoms.js';
import { spend } from './budget.js';
import type { Expression } from './expression.js';
import { constantForm, type Form, isConstant, scale } from './forms.js';
import { Fraction, raise, Total } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';

/** The names of the variables in an expression, found once for each part. */
const found = new WeakMap<Expression, ReadonlySet<string>>();

export function variablesOf(e: Expression): ReadonlySet<string> {
  let names = found.get(e);
  if (!names) {
    spend(30);
    names = new Set(
      e.kind === 'variable' ? [e.name] : e.kind === 'number' ? [] : e.args.flatMap((arg) => [...variablesOf(arg)]),
    );
    found.set(e, names);
  }
  return names;
}

/** The forms of the rows of softmaxes in expressions. */
export type Rows = Map<Expression, readonly Form[]>;

/**
 * A piecewise linear expression as an affine form; null for any other. `input` gives the form of a variable. With `rows`,
 * also products and entries of softmaxes.
 */
export function formOf(e: Expression, atoms: Atoms, input: (name: string) => Form, rows?: Rows): Form | null {
  spend(20);
  if (e.kind === 'number') return constantForm(e.value);
  if (e.kind === 'variable') return input(e.name);
  if (e.kind === 'function' && e.name === 'softmax') return rows ? shareOf(e.args, atoms, input, rows) : null;
  const args = e.args.map((arg) => formOf(arg, atoms, input, rows));
  if (!args.every((arg) => arg !== null)) return null;
  switch (e.kind) {
    case 'sum':
      return atoms.sum(args);
    case 'product': {
      const varying = args.filter((arg) => !isConstant(arg));
      const factor = args.filter(isConstant).reduce((product, arg) => product.mul(arg.constant), Fraction.one);
      if (varying.length > 1 && !rows) return null;
      return scale(
        varying.length > 0 ? varying.reduce((a, b) => atoms.product(a, b)) : constantForm(Fraction.one),
        factor,
      );
    }
    case 'power':
      return closedForm('power', args[0], e.exponent);
    case 'function':
      if (e.name === 'min' || e.name === 'max')
        return args.reduce((a, b) => (e.name === 'min' ? atoms.min(a, b) : atoms.max(a, b)));
      if (e.name === 'abs') return atoms.abs(args[0]);
      return closedForm(e.name, args[0]);
  }
}

/** The value of a function at a number, where it is known to be rational. */
function closedForm(name: string, of: Form | undefined, exponent = Fraction.one): Form | null {
  const value = of && isConstant(of) ? valueAt(name, of.constant, exponent) : null;
  return value && constantForm(value);
}

/** An entry of a softmax: of the row of its logits, and its place there. */
function shareOf(
  [row, place]: readonly Expression[],
  atoms: Atoms,
  input: (name: string) => Form,
  rows: Rows,
): Form | null {
  let shares = rows.get(row);
  if (!shares && row.kind === 'function' && place.kind === 'number') {
    const logits = row.args.map((arg) => formOf(arg, atoms, input, rows));
    if (!logits.every((logit) => logit !== null)) return null;
    shares = atoms.softmax(logits);
    rows.set(row, shares);
  }
  return place.kind === 'number' ? (shares?.[Number(place.value.n)] ?? null) : null;
}

/** sum of factor * expression. */
export type Smooth = readonly (readonly [Fraction, Expression])[];

/** The sum where the variables have the given values, if it takes nothing but arithmetic; else null. */
export function exactSum(smooth: Smooth, at: (name: string) => Fraction): Fraction | null {
  const total = new Total();
  for (const [factor, e] of smooth) {
    const value = exactValue(e, at);
    if (!value) return null;
    total.add(value, factor);
  }
  return total.value();
}

function exactValue(e: Expression, at: (name: string) => Fraction): Fraction | null {
  spend(20);
  if (e.kind === 'number') return e.value;
  if (e.kind === 'variable') return at(e.name);
  if (e.kind === 'function' || (e.kind === 'power' && e.exponent.d !== 1n)) return null;
  const args = e.args.map((arg) => exactValue(arg, at));
  if (!args.every((arg) => arg !== null)) return null;
  if (e.kind === 'power') return raise(args[0], e.exponent.n);
  return args.reduce((a, b) => (e.kind === 'sum' ? a.add(b) : a.mul(b)));
}

/** Bounds of the sum where the variables have the given values, its value where that is exact; null where it is not defined. */
export function valueOfSum(smooth: Smooth, at: (name: string) => Fraction) {
  const exact = exactSum(smooth, at);
  if (exact) return { lo: exact, hi: exact };
  const { value } = jetOfSum(smooth, (name) => inputJet(I.interval(at(name))));
  return value && I.sideOf(value);
}

/** A bound of the degree of an expression as a polynomial in all of its variables. */
export function degreeOf(e: Expression): number {
  spend(20);
  if (e.kind === 'number' || e.kind === 'variable') return e.kind === 'number' ? 0 : 1;
  const degrees = e.args.map(degreeOf);
  if (e.kind === 'sum') return Math.max(...degrees);
  if (e.kind === 'product') return degrees.reduce((a, b) => a + b);
  if (degrees.every((degree) => degree === 0)) return 0;
  const isWhole = e.kind === 'power' && e.exponent.d === 1n && e.exponent.n >= 0n;
  return isWhole ? degrees[0] * Number(e.exponent.n) : Number.POSITIVE_INFINITY;
}

/** Enclosures over a box of a value and its first two derivatives along one direction; null: no bound. */
export interface Jet {
  readonly value: Interval | null;
  readonly slope: Interval | null;
  readonly second: Interval | null;
}

const ZERO = I.interval(Fraction.zero);
const ONE = I.interval(Fraction.one);
const NOTHING: Jet = { value: null, slope: null, second: null };

/** The jet of a variable that ranges over `value` and has the derivative `slope` in the direction. */
export function inputJet(value: Interval, slope: Interval = ONE): Jet {
  return { value, slope, second: ZERO };
}

/** The sum where `at` gives the jet of each variable, by the rules of differentiation; kinks have Clarke's derivative. */
export function jetOfSum(smooth: Smooth, at: (name: string) => Jet): Jet {
  return smooth
    .map(([factor, e]) => timesJet(constantJet(I.interval(factor)), jetOf(e, at)))
    .reduce(plus, constantJet(ZERO));
}

function jetOf(e: Expression, at: (name: string) => Jet): Jet {
  spend(50);
  if (e.kind === 'number') return constantJet(I.interval(e.value));
  if (e.kind === 'variable') return at(e.name);
  const args = e.args.map((arg) => jetOf(arg, at));
  if (e.kind === 'sum') return args.reduce(plus);
  if (e.kind === 'product') return args.reduce(timesJet);
  if (e.kind === 'power') return chain(args[0], 'power', e.exponent);
  if (e.name === 'min' || e.name === 'max') return args.reduce((a, b) => extremum(e.name, a, b));
  if (e.name === 'abs') return extremum('max', args[0], timesJet(args[0], constantJet(I.interval(Fraction.of(-1)))));
  return chain(args[0] ?? constantJet(ZERO), e.name, Fraction.one);
}

/** f, f' and f'' over the range of their argument, for a function of one number; `exponent` is that of `power`. */
export function outer(name: string, exponent: Fraction, u: Interval): Jet {
  if (name === 'pi') return constantJet(I.PI);
  if (name === 'power') return powerAt(u, exponent);
  return Object.hasOwn(OUTER, name) ? OUTER[name](u) : NOTHING;
}

/** f, f' and f'' over the range of their argument. */
const OUTER: Readonly<Record<string, (u: Interval) => Jet>> = {
  exp: (u) => {
    const value = I.exp(u);
    return { value, slope: value, second: value };
  },
  log: (u) => {
    const slope = u.lo > 0n ? I.inverse(u) : null;
    return { value: I.log(u), slope, second: slope && I.neg(I.power(slope, 2)) };
  },
  sin: (u) => ({ value: I.sine(u), slope: I.cosine(u), second: I.neg(I.sine(u)) }),
  cos: (u) => ({ value: I.cosine(u), slope: I.neg(I.sine(u)), second: I.neg(I.cosine(u)) }),
  erf: (u) => {
    const bell = I.exp(I.neg(I.power(u, 2)));
    const slope = bell && I.mul(bell, I.TWO_OVER_ROOT_PI);
    return { value: I.erf(u), slope, second: slope && I.neg(I.mul(I.add(u, u), slope)) };
  },
  tanh: (u) => {
    const growth = I.exp(I.add(u, u));
    const share = growth && I.inverse(I.add(growth, ONE));
    if (!share) return { ...NOTHING, value: farTanh(u) };
    const value = I.add(ONE, I.neg(I.add(share, share)));
    const slope = I.add(ONE, I.neg(I.power(value, 2)));
    return { value, slope, second: I.neg(I.mul(I.add(value, value), slope)) };
  },
};

const FAR = I.interval(Fraction.of(256));

/** tanh where its argument reaches far above 0: from its value at the lower end, or at 256, to 1. */
function farTanh({ lo }: Interval): Interval {
  const at = lo < FAR.lo ? lo : FAR.lo;
  return { lo: OUTER.tanh({ lo: at, hi: at }).value!.lo, hi: ONE.hi };
}

function constantJet(value: Interval): Jet {
  return { value, slope: ZERO, second: ZERO };
}

function plus(a: Jet, b: Jet): Jet {
  return {
    value: both(a.value, b.value, I.add),
    slope: both(a.slope, b.slope, I.add),
    second: both(a.second, b.second, I.add),
  };
}

function timesJet(a: Jet, b: Jet): Jet {
  const product = (x: Interval | null, y: Interval | null) => both(x, y, I.mul);
  const cross = product(a.slope, b.slope);
  const outer = both(product(a.second, b.value), product(a.value, b.second), I.add);
  return {
    value: product(a.value, b.value),
    slope: both(product(a.slope, b.value), product(a.value, b.slope), I.add),
    second: both(outer, cross && I.add(cross, cross), I.add),
  };
}

function both(x: Interval | null, y: Interval | null, operation: (x: Interval, y: Interval) => Interval) {
  return x && y && operation(x, y);
}

/** f(u)' = f'(u) u', f(u)'' = f''(u) u'^2 + f'(u) u''. */
function chain(u: Jet, name: string, exponent: Fraction): Jet {
  const f = u.value ? outer(name, exponent, u.value) : NOTHING;
  const square = u.slope && I.power(u.slope, 2);
  return {
    value: f.value,
    slope: both(f.slope, u.slope, I.mul),
    second: both(both(f.second, square, I.mul), both(f.slope, u.second, I.mul), I.add),
  };
}

function powerAt(x: Interval, exponent: Fraction): Jet {
  const falling = exponent.sub(Fraction.one);
  const times = (factor: Fraction, y: Interval | null) => (factor.isZero ? ZERO : y && I.mul(I.interval(factor), y));
  return {
    value: powerOf(x, exponent),
    slope: times(exponent, powerOf(x, falling)),
    second: times(exponent.mul(falling), powerOf(x, falling.sub(Fraction.one))),
  };
}

/** x^r; for r that is no integer x >= 0 and exp(r log x), 0^r = 0 for r > 0; for multiples of 1/2 by roots. */
function powerOf(x: Interval, r: Fraction): Interval | null {
  if (r.d === 2n) {
    const root = I.root(x);
    return root && powerOf(root, Fraction.of(r.n));
  }
  if (r.d === 1n) {
    if (r.n >= 0n) return I.power(x, Number(r.n));
    const inverted = I.inverse(x);
    return inverted && I.power(inverted, Number(-r.n));
  }
  if (x.lo < 0n || (x.lo === 0n && r.n < 0n)) return null;
  const positive = (end: bigint) => {
    const logarithm = I.log({ lo: end, hi: end });
    return logarithm && I.exp(I.mul(logarithm, I.interval(r)));
  };
  if (x.lo > 0n) {
    const [low, high] = [positive(x.lo), positive(x.hi)];
    return low && high && I.hull(low, high);
  }
  const high = x.hi > 0n ? positive(x.hi) : ZERO;
  return high && { lo: 0n, hi: high.hi };
}

function extremum(name: string, a: Jet, b: Jet): Jet {
  if (!a.value || !b.value) return NOTHING;
  const gap = name === 'max' ? I.add(a.value, I.neg(b.value)) : I.add(b.value, I.neg(a.value));
  const decided = I.sign(gap);
  if (decided !== 0) return decided > 0 ? a : b;
  return {
    value: (name === 'max' ? I.max : I.min)(a.value, b.value),
    slope: both(a.slope, b.slope, I.hull),
    second: null,
  };
}
