import type { Arithmetic } from '../numbers/arithmetic.js';
import type { Rational } from '../numbers/rational.js';

/**
 * Expressions in named real variables with exact rational constants: immutable trees in a light normal form.
 *
 * Build them with the functions of expression.ts only. They fold constants exactly, collect like terms and equal bases, and never
 * change the domain: what may be undefined somewhere stays in the tree, even times 0.
 */
export type Expression = Constant | Variable | Sum | Product | Power | Application;

export interface Constant {
  readonly kind: 'constant';
  readonly value: Rational;
}

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
}

/** constant + sum of coefficient * of; no `of` is a constant or a sum. */
export interface Sum {
  readonly kind: 'sum';
  readonly constant: Rational;
  readonly terms: readonly Term[];
}

export interface Term {
  readonly coefficient: Rational;
  readonly of: Expression;
}

/** At least two factors, none a constant, a product or a scaled expression. */
export interface Product {
  readonly kind: 'product';
  readonly factors: readonly Expression[];
}

/** base^exponent; for an exponent that is no integer the domain is base >= 0, as in `Arithmetic.pow`. */
export interface Power {
  readonly kind: 'power';
  readonly base: Expression;
  readonly exponent: Rational;
}

/** A function of the table in functions.ts, applied. */
export interface Application {
  readonly kind: 'application';
  readonly fn: FunctionRule;
  readonly args: readonly Expression[];
}

/** All that the rest of this folder needs to know about a function: one entry of the table in functions.ts. */
export interface FunctionRule {
  readonly name: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** Where it is defined, for messages; absent when that is everywhere. */
  readonly domain?: string;
  /** Whether it takes linear functions to piecewise linear ones. */
  readonly piecewiseLinear?: true;
  /** Whether all its values are positive. */
  readonly positive?: true;
  /** Arises by differentiation only; the parser does not know it. */
  readonly internal?: true;
  /** A simpler expression that is equal wherever fn(args) is defined, and defined nowhere else. */
  simplify?(args: readonly Expression[]): Expression | undefined;
  /** The value where it is rational and known to be; undefined elsewhere. */
  exact(args: readonly Rational[]): Rational | undefined;
  float(...args: number[]): number;
  enclose<I>(arithmetic: Arithmetic<I>, args: readonly I[]): I;
  /** The derivative of fn(args) when those of the arguments are `inner`. */
  derivative(args: readonly Expression[], inner: readonly Expression[]): Expression;
  tex(args: readonly string[]): string;
  /** How fn(args) grows when its arguments grow as given; undefined when that is not known. */
  growth?(args: readonly Growth[]): Growth | undefined;
}

/**
 * The leading behaviour coefficient * t^power * log(t)^logPower for t -> infinity, up to a factor that tends to 1.
 * The coefficient does not contain t and is not the constant 0, except for the function 0 itself (then both powers are 0).
 */
export interface Growth {
  readonly coefficient: Expression;
  readonly power: Rational;
  readonly logPower: Rational;
}

/** The parts directly below an expression. */
export function children(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'constant':
    case 'variable':
      return [];
    case 'sum':
      return e.terms.map((term) => term.of);
    case 'product':
      return e.factors;
    case 'power':
      return [e.base];
    case 'application':
      return e.args;
  }
}
