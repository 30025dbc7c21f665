import { type Arithmetic, PARTIAL } from '../numbers/arithmetic.js';
import { erfNear } from '../numbers/erf.js';
import { Rational } from '../numbers/rational.js';
import {
  application,
  constant,
  div,
  type Expression,
  type FunctionRule,
  mul,
  neg,
  one,
  power,
  scale,
  sub,
  zero,
} from './expression.js';
import { signOf, splitByOrder, steady, tendency, vanishes } from './growth.js';
import { ExpressionMap, sameExpression } from './identity.js';
import { piBounds } from './pi.js';
import type { Growth } from './tree.js';

/**
 * Where `condition` is positive the second argument, where it is negative the third; where it is 0, all between them.
 * So the derivative of |u| is select(u, 1, -1) u': the generalised derivative of Clarke (Optimization and Nonsmooth
 * Analysis, section 2.3), for which the mean value theorem of Lebourg holds.
 */
const select: FunctionRule = {
  name: 'select',
  arity: [3, 3],
  internal: true,
  simplify: ([condition, positive, negative]) =>
    sameExpression(positive, negative) ? positive : decided(condition, positive, negative),
  exact: ([condition, positive, negative]) =>
    condition.isZero() ? undefined : condition.sign() > 0 ? positive : negative,
  float: (condition, positive, negative) => (condition > 0 ? positive : negative),
  enclose: (arithmetic, [condition, positive, negative]) =>
    decide(arithmetic, condition, positive, negative, () =>
      arithmetic.marked(arithmetic.hull(positive, negative), arithmetic.mark(condition)),
    ),
  derivative: ([condition], [, positive, negative]) => application(branch, [condition, positive, negative]),
  tex: ([condition, positive, negative]) => cases(condition, positive, negative),
};

/** As `select`, but undefined where the condition is 0: the derivative of a function that may jump there. */
const branch: FunctionRule = {
  ...select,
  name: 'branch',
  domain: 'a condition that is not 0',
  simplify: ([condition, positive, negative]) => decided(condition, positive, negative),
  enclose: (arithmetic, [condition, positive, negative]) =>
    decide(arithmetic, condition, positive, negative, () => arithmetic.marked(arithmetic.entire, PARTIAL)),
};

const exp: FunctionRule = {
  name: 'exp',
  arity: [1, 1],
  positive: true,
  exact: only(Rational.zero, Rational.one),
  float: Math.exp,
  enclose: (arithmetic, [x]) => arithmetic.exp(x),
  derivative: ([u], [du]) => mul(application(exp, [u]), du),
  tex: ([x]) => `e^{${x}}`,
  growth: ([u]) => limit(u, () => undefined, exp, steady(one)),
};

const log: FunctionRule = {
  name: 'log',
  arity: [1, 1],
  domain: 'arguments above 0',
  // exp is positive wherever it is defined; the other way round, log is not.
  simplify: ([u]) => (u.kind === 'application' && u.fn === exp ? u.args[0] : undefined),
  exact: only(Rational.one, Rational.zero),
  float: Math.log,
  enclose: (arithmetic, [x]) => arithmetic.log(x),
  derivative: ([u], [du]) => div(du, u),
  tex: call('\\log'),
  growth: ([u]) => {
    if (signOf(u.coefficient) !== 1) return undefined;
    if (!u.power.isZero()) return { ...steady(constant(u.power)), logPower: Rational.one };
    const value = application(log, [u.coefficient]);
    return u.logPower.isZero() && !vanishes(steady(value)) ? steady(value) : undefined;
  },
};

const sin: FunctionRule = {
  name: 'sin',
  arity: [1, 1],
  exact: only(Rational.zero, Rational.zero),
  float: Math.sin,
  enclose: (arithmetic, [x]) => arithmetic.sin(x),
  derivative: ([u], [du]) => mul(application(cos, [u]), du),
  tex: call('\\sin'),
  growth: ([u]) => limit(u, () => undefined, sin, u),
};

const cos: FunctionRule = {
  name: 'cos',
  arity: [1, 1],
  exact: only(Rational.zero, Rational.one),
  float: Math.cos,
  enclose: (arithmetic, [x]) => arithmetic.cos(x),
  derivative: ([u], [du]) => neg(mul(application(sin, [u]), du)),
  tex: call('\\cos'),
  growth: ([u]) => limit(u, () => undefined, cos, steady(one)),
};

const tanh: FunctionRule = {
  name: 'tanh',
  arity: [1, 1],
  exact: only(Rational.zero, Rational.zero),
  float: Math.tanh,
  enclose: (arithmetic, [x]) => arithmetic.tanh(x),
  derivative: ([u], [du]) => mul(sub(one, power(application(tanh, [u]), Rational.of(2))), du),
  tex: call('\\tanh'),
  growth: ([u]) => {
    const sign = signOf(u.coefficient);
    return limit(u, () => (sign ? steady(constant(Rational.of(sign))) : undefined), tanh, u);
  },
};

const erf: FunctionRule = {
  name: 'erf',
  arity: [1, 1],
  exact: only(Rational.zero, Rational.zero),
  float: erfNear,
  enclose: (arithmetic, [x]) => arithmetic.erf(x),
  derivative: ([u], [du]) => mul(mul(slopeAtZero(), application(exp, [neg(power(u, Rational.of(2)))])), du),
  tex: call('\\operatorname{erf}'),
  growth: ([u]) => {
    const sign = signOf(u.coefficient);
    const atZero = { ...u, coefficient: mul(slopeAtZero(), u.coefficient) };
    return limit(u, () => (sign ? steady(constant(Rational.of(sign))) : undefined), erf, atZero);
  },
};

/** 2/sqrt(pi), the derivative of erf at 0. */
function slopeAtZero(): Expression {
  return scale(Rational.of(2), power(application(pi, []), Rational.of(-1, 2)));
}

const abs: FunctionRule = {
  name: 'abs',
  arity: [1, 1],
  piecewiseLinear: true,
  exact: ([x]) => x.abs(),
  float: Math.abs,
  enclose: (arithmetic, [x]) => arithmetic.abs(x),
  derivative: ([u], [du]) => application(select, [u, du, neg(du)]),
  tex: ([x]) => `\\left|${x}\\right|`,
  growth: ([u]) => {
    const sign = signOf(u.coefficient);
    return { ...u, coefficient: sign ? scale(Rational.of(sign), u.coefficient) : application(abs, [u.coefficient]) };
  },
};

const min = extremum('min', 1);

const max = extremum('max', -1);

const pi: FunctionRule = {
  name: 'pi',
  arity: [0, 0],
  positive: true,
  exact: () => undefined,
  float: () => Math.PI,
  enclose: (arithmetic) => {
    const { lo, hi } = piBounds(arithmetic.precision + 8);
    return arithmetic.between(lo, hi);
  },
  derivative: () => zero,
  tex: () => '\\pi',
};

/** The table of functions: to add one, write its rule above and name it here. */
export const FUNCTIONS = { exp, log, sin, cos, tanh, erf, abs, min, max, pi, select, branch } as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** fn(args), with rational values folded and nested min and max joined. Throws RangeError for a wrong number of them. */
export function apply(name: FunctionName, ...args: readonly Expression[]): Expression {
  const [least, most] = FUNCTIONS[name].arity;
  if (args.length < least || args.length > most) throw new RangeError(`${name} of ${args.length} arguments`);
  return application(FUNCTIONS[name], args);
}

/** min (orientation 1) or max (orientation -1) of two or more arguments. */
function extremum(name: 'min' | 'max', orientation: 1 | -1): FunctionRule {
  const better = (a: Rational, b: Rational) => (name === 'min' ? a.min(b) : a.max(b));
  const rest = (args: readonly Expression[]) => (args.length === 1 ? args[0] : application(rule, args));
  const rule: FunctionRule = {
    name,
    arity: [1, Number.POSITIVE_INFINITY],
    piecewiseLinear: true,
    simplify: (args) => {
      const distinct = new ExpressionMap<true>();
      let best: Rational | undefined;
      for (const arg of args.flatMap((a) => (a.kind === 'application' && a.fn.name === name ? a.args : [a]))) {
        if (arg.kind === 'constant') best = best ? better(best, arg.value) : arg.value;
        else distinct.set(arg, true);
      }
      const joined = [...distinct].map(([arg]) => arg);
      if (best) joined.push(constant(best));
      return joined.length === 1 ? joined[0] : { kind: 'application', fn: rule, args: joined };
    },
    exact: (args) => args.reduce(better),
    float: name === 'min' ? Math.min : Math.max,
    enclose: (arithmetic, args) => args.reduce((a, b) => arithmetic[name](a, b)),
    derivative: (args, inner) => {
      if (args.length === 1) return inner[0];
      const half = args.length >> 1;
      const [left, right] = [args.slice(0, half), args.slice(half)];
      const gap = scale(Rational.of(-orientation), sub(rest(left), rest(right)));
      const slopes = [rule.derivative(left, inner.slice(0, half)), rule.derivative(right, inner.slice(half))];
      return application(select, [gap, ...slopes]);
    },
    tex: (args) => `\\${name}\\left(${args.join(', ')}\\right)`,
    growth: (args) => {
      const { fastest, others } = splitByOrder(args);
      const signs = fastest.map((growth) => signOf(growth.coefficient));
      const wins = (sign: number | undefined) => sign === -orientation;
      if (signs.every(wins) || others.length === 0) {
        const coefficient = rest(fastest.map((growth) => growth.coefficient));
        return signs.every((sign) => sign !== undefined) ? { ...fastest[0], coefficient } : undefined;
      }
      return signs.every((sign) => sign === orientation) ? rule.growth?.(others) : undefined;
    },
  };
  return rule;
}

function only(argument: Rational, value: Rational): FunctionRule['exact'] {
  return ([x]) => (x.equals(argument) ? value : undefined);
}

/** The growth of a continuous fn(u): given where u -> infinity, fn(limit) where it has another limit not 0. */
function limit(u: Growth, atInfinity: () => Growth | undefined, fn: FunctionRule, atZero: Growth) {
  const trend = tendency(u);
  if (trend > 0) return atInfinity();
  return trend < 0 ? atZero : steady(application(fn, [u.coefficient]));
}

function decided(condition: Expression, positive: Expression, negative: Expression): Expression | undefined {
  if (condition.kind !== 'constant' || condition.value.isZero()) return undefined;
  return condition.value.sign() > 0 ? positive : negative;
}

function decide<I>(arithmetic: Arithmetic<I>, condition: I, positive: I, negative: I, otherwise: () => I): I {
  if (arithmetic.less(arithmetic.zero, condition) === true) return positive;
  if (arithmetic.less(condition, arithmetic.zero) === true) return negative;
  return otherwise();
}

function call(name: string): (args: readonly string[]) => string {
  return (args) => `${name}\\left(${args.join(', ')}\\right)`;
}

function cases(condition: string, positive: string, negative: string): string {
  return `\\begin{cases}${positive} & ${condition} > 0 \\\\ ${negative} & ${condition} < 0\\end{cases}`;
}
