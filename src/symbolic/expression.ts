import { isOver, Unfinished } from '../deadline.js';
import { Rational, sum as total } from '../numbers/rational.js';
import { ExpressionMap } from './identity.js';
import { isLongPower, rationalPower } from './roots.js';
import { children, type Expression, type FunctionRule, type Term } from './tree.js';
import { partsOf, remembered } from './walk.js';

export type * from './tree.js';
export { children } from './tree.js';

export const zero: Expression = { kind: 'constant', value: Rational.zero };
export const one: Expression = { kind: 'constant', value: Rational.one };

export function constant(value: Rational): Expression {
  return { kind: 'constant', value };
}

export function variable(name: string): Expression {
  return { kind: 'variable', name };
}

/** The sum of all parts; 0 for none. */
export function sum(parts: readonly Expression[]): Expression {
  return combination(
    Rational.zero,
    parts.map((of) => ({ coefficient: Rational.one, of })),
  );
}

export function add(a: Expression, b: Expression): Expression {
  return sum([a, b]);
}

export function sub(a: Expression, b: Expression): Expression {
  return sum([a, neg(b)]);
}

export function neg(e: Expression): Expression {
  return scale(MINUS_ONE, e);
}

/** factor * e; a sum is scaled term by term. */
export function scale(factor: Rational, e: Expression): Expression {
  return combination(Rational.zero, [{ coefficient: factor, of: e }]);
}

/** constant + sum of coefficient * of, with like terms collected in the order of their first appearance. */
export function combination(constantPart: Rational, parts: readonly Term[]): Expression {
  checkTime(parts);
  const offsets = [constantPart];
  const coefficients = new ExpressionMap<Rational[]>();
  const collect = (coefficient: Rational, of: Expression): void => {
    const known = coefficients.get(of);
    if (known) known.push(coefficient);
    else coefficients.set(of, [coefficient]);
  };
  for (const { coefficient, of } of parts) {
    if (of.kind === 'constant') offsets.push(coefficient.mul(of.value));
    else if (of.kind === 'sum') {
      offsets.push(coefficient.mul(of.constant));
      for (const term of of.terms) collect(coefficient.mul(term.coefficient), term.of);
    } else collect(coefficient, of);
  }
  const offset = total(offsets);
  const terms: Term[] = [];
  for (const [of, list] of coefficients) {
    const coefficient = total(list);
    if (!coefficient.isZero() || !isTotal(of)) terms.push({ coefficient, of });
  }
  if (terms.length === 0) return constant(offset);
  if (terms.length === 1 && offset.isZero() && terms[0].coefficient.equals(Rational.one)) return terms[0].of;
  return { kind: 'sum', constant: offset, terms };
}

/** Layers of a thousand units are millions of terms. Throws Unfinished when the time of the work around is over. */
function checkTime(parts: readonly Term[]): void {
  for (const { of } of parts) gathered += of.kind === 'sum' ? of.terms.length : 1;
  if (gathered < UNCHECKED_TERMS) return;
  gathered = 0;
  if (isOver()) throw new Unfinished('the time limit ended before the formulas of the weights were written out');
}

/** Terms of all sums since the last look at the clock. */
let gathered = 0;
const UNCHECKED_TERMS = 10_000;

export function mul(a: Expression, b: Expression): Expression {
  return product([a, b]);
}

export function div(a: Expression, b: Expression): Expression {
  return product([a, power(b, MINUS_ONE)]);
}

/** The product of all parts; 1 for none. Integer powers of one base and of one sign are collected. */
export function product(parts: readonly Expression[]): Expression {
  let [num, den] = [1n, 1n];
  const exponents = new ExpressionMap<Rational[]>();
  const collect = (part: Expression): void => {
    const { factor, rest } = scaled(part);
    num *= factor.num;
    den *= factor.den;
    if (rest.kind === 'product') rest.factors.forEach(collect);
    else if (rest.kind !== 'constant') collectPower(exponents, rest);
  };
  parts.forEach(collect);
  const factors: Expression[] = [];
  for (const [base, powers] of exponents) {
    for (const exponent of powers) factors.push(power(base, exponent));
  }
  const bare: Expression =
    factors.length === 0 ? one : factors.length === 1 ? factors[0] : { kind: 'product', factors };
  return scale(Rational.of(num, den), bare);
}

/** base^exponent; constants are folded where the value is rational. */
export function power(base: Expression, exponent: Rational): Expression {
  if (exponent.equals(Rational.one)) return base;
  if (exponent.isZero() && isTotal(base)) return one;
  if (exponent.isInteger() && !Number.isSafeInteger(Number(exponent.num)))
    throw new Unfinished(`the exponent ${exponent} is too large to work with`);
  if (base.kind === 'constant') {
    const value = rationalPower(base.value, exponent);
    return value ? constant(value) : { kind: 'power', base, exponent };
  }
  if (!exponent.isInteger()) return { kind: 'power', base, exponent };
  const { factor, rest } = scaled(base);
  if (!factor.isZero() && !factor.equals(Rational.one) && !isLongPower(factor, exponent)) {
    return scale(factor.pow(Number(exponent.num)), power(rest, exponent));
  }
  if (base.kind === 'product') return product(base.factors.map((part) => power(part, exponent)));
  if (base.kind === 'power') {
    const joined = base.exponent.mul(exponent);
    const sameDomain = base.exponent.isInteger() || !joined.isInteger();
    if (sameDomain && (base.exponent.sign() > 0 || exponent.sign() > 0)) return power(base.base, joined);
  }
  return { kind: 'power', base, exponent };
}

/** fn(args), simplified as its rule says and folded where its value is rational. */
export function application(fn: FunctionRule, args: readonly Expression[]): Expression {
  const simplified = fn.simplify?.(args);
  if (simplified) return simplified;
  const values = args.map((arg) => (arg.kind === 'constant' ? arg.value : undefined));
  const value = values.every((v) => v !== undefined) ? fn.exact(values) : undefined;
  return value ? constant(value) : { kind: 'application', fn, args };
}

/** The expression with each part directly below it replaced. */
export function rebuild(e: Expression, replace: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'constant':
    case 'variable':
      return e;
    case 'sum':
      return combination(
        e.constant,
        e.terms.map(({ coefficient, of }) => ({ coefficient, of: replace(of) })),
      );
    case 'product':
      return product(e.factors.map(replace));
    case 'power':
      return power(replace(e.base), e.exponent);
    case 'application':
      return application(e.fn, e.args.map(replace));
  }
}

/** Whether the expression is known to be defined at every point. */
export const isTotal: (e: Expression) => boolean = remembered((e, below) => {
  if (e.kind === 'power' && !(e.exponent.isInteger() && e.exponent.sign() >= 0) && leastSign(e.base) !== 'above')
    return false;
  if (e.kind === 'application' && e.fn.domain !== undefined) return false;
  return children(e).every(below);
});

/** What the form of an expression shows of its sign: sums of exponentials and squares, as sigmoid, softmax and norms divide by. */
const leastSign: (e: Expression) => 'above' | 'zero' | 'unknown' = remembered((e, below) => {
  switch (e.kind) {
    case 'constant':
      return signOf(e.value);
    case 'variable':
      return 'unknown';
    case 'sum': {
      const terms = e.terms.filter(({ coefficient }) => !coefficient.isZero());
      const parts = terms.map(({ coefficient, of }) => (coefficient.sign() > 0 ? below(of) : 'unknown'));
      const all = [signOf(e.constant), ...parts];
      return all.includes('unknown') ? 'unknown' : all.includes('above') ? 'above' : 'zero';
    }
    case 'product': {
      const parts = e.factors.map(below);
      return parts.includes('unknown') ? 'unknown' : parts.includes('zero') ? 'zero' : 'above';
    }
    case 'power': {
      const base = below(e.base);
      if (base === 'above') return 'above';
      const isEven = e.exponent.isInteger() && e.exponent.sign() > 0 && e.exponent.num % 2n === 0n;
      return isEven ? 'zero' : 'unknown';
    }
    case 'application':
      return e.fn.name === 'exp' ? 'above' : e.fn.name === 'abs' ? 'zero' : 'unknown';
  }
});

function signOf(value: Rational): 'above' | 'zero' | 'unknown' {
  return value.sign() > 0 ? 'above' : value.isZero() ? 'zero' : 'unknown';
}

/** The names of the variables that occur, in the order of their first appearance. */
export function variablesOf(e: Expression): ReadonlySet<string> {
  return new Set(partsOf([e]).flatMap((part) => (part.kind === 'variable' ? [part.name] : [])));
}

/** e = factor * rest, the factor being that of a lone term or of a constant. */
export function scaled(e: Expression): { readonly factor: Rational; readonly rest: Expression } {
  if (e.kind === 'constant') return { factor: e.value, rest: one };
  if (e.kind === 'sum' && e.terms.length === 1 && e.constant.isZero()) {
    return { factor: e.terms[0].coefficient, rest: e.terms[0].of };
  }
  return { factor: Rational.one, rest: e };
}

const MINUS_ONE = Rational.of(-1);

function collectPower(exponents: ExpressionMap<Rational[]>, factor: Expression): void {
  const [base, exponent] = factor.kind === 'power' ? [factor.base, factor.exponent] : [factor, Rational.one];
  const known = exponents.get(base);
  if (!known) {
    exponents.set(base, [exponent]);
    return;
  }
  const sameDomain = (other: Rational) =>
    exponent.isInteger() && other.isInteger() && exponent.sign() * other.sign() > 0;
  const index = known.findIndex(sameDomain);
  if (index < 0) known.push(exponent);
  else known[index] = known[index].add(exponent);
}
