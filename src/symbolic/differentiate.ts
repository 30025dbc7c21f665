import { Rational } from '../numbers/rational.js';
import {
  children,
  combination,
  type Expression,
  mul,
  one,
  power,
  product,
  scale,
  sub,
  sum,
  zero,
} from './expression.js';
import { fold } from './walk.js';

/**
 * The exact derivative by one variable. Where abs, min or max have a kink it is the generalised derivative of Clarke
 * (`select` in functions.ts), so that its enclosure over a box serves the mean value theorem there, too.
 */
export function differentiate(e: Expression, variable: string): Expression {
  return fold(e, (part, below) => derivative(part, variable, below), cost);
}

/** A product of n factors becomes n products. */
function cost(e: Expression): number {
  return e.kind === 'product' ? e.factors.length ** 2 : children(e).length;
}

/** The partial derivatives by the variables, in their order. */
export function gradient(e: Expression, variables: readonly string[]): Expression[] {
  return variables.map((variable) => differentiate(e, variable));
}

/** The matrix of second derivatives; undefined at kinks of abs, min and max (`branch` in functions.ts). */
export function hessian(e: Expression, variables: readonly string[]): Expression[][] {
  const first = gradient(e, variables);
  const upper = first.map((g, i) => variables.map((variable, j) => (j < i ? zero : differentiate(g, variable))));
  return upper.map((row, i) => row.map((entry, j) => (j < i ? upper[j][i] : entry)));
}

function derivative(e: Expression, variable: string, inner: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'constant':
      return zero;
    case 'variable':
      return e.name === variable ? one : zero;
    case 'sum':
      return combination(
        Rational.zero,
        e.terms.map(({ coefficient, of }) => ({ coefficient, of: inner(of) })),
      );
    case 'product':
      return sum(e.factors.map((factor, i) => times(inner(factor), () => product(e.factors.toSpliced(i, 1)))));
    case 'power': {
      const share = shareOf(e);
      if (share) return times(inner(share.args[0]), () => product([e, sub(e, one)]));
      return times(inner(e.base), () => scale(e.exponent, power(e.base, e.exponent.sub(Rational.one))));
    }
    case 'application': {
      const parts = e.args.map(inner);
      return parts.every(isZero) ? zero : e.fn.derivative(e.args, parts);
    }
  }
}

/** u for a sigmoid 1/(1 + exp(u)); null for others. */
export function logitOf(e: Expression): Expression | null {
  const share = shareOf(e);
  return share?.coefficient.equals(Rational.one) ? share.args[0] : null;
}

/**
 * k and u for 1/(1 + k exp(u)) with k > 0; null for others. Its derivative p (p - 1) u' is bounded by itself, where one made of
 * exponentials is not.
 */
function shareOf(e: Expression): { readonly coefficient: Rational; readonly args: readonly Expression[] } | null {
  if (e.kind !== 'power' || !e.exponent.equals(Rational.of(-1)) || e.base.kind !== 'sum') return null;
  const { constant, terms } = e.base;
  const [{ coefficient, of }, ...others] = terms;
  const isShare = others.length === 0 && constant.equals(Rational.one) && coefficient.sign() > 0;
  return isShare && of.kind === 'application' && of.fn.name === 'exp' ? { coefficient, args: of.args } : null;
}

/** a * b(), with b not even built when a is 0. */
function times(a: Expression, b: () => Expression): Expression {
  return isZero(a) ? zero : mul(b(), a);
}

function isZero(e: Expression): boolean {
  return e.kind === 'constant' && e.value.isZero();
}
