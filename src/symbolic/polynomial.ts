import { Rational } from '../numbers/rational.js';
import { children, type Expression } from './expression.js';
import { fold, remembered } from './walk.js';

/** A polynomial with rational coefficients, multiplied out; the terms are not 0 and their exponents differ. */
export interface Polynomial {
  readonly variables: readonly string[];
  readonly terms: readonly Monomial[];
  /** The largest total degree of a term; 0 for the polynomial 0. */
  readonly degree: number;
}

export interface Monomial {
  readonly coefficient: Rational;
  /** One exponent per variable. */
  readonly exponents: readonly number[];
}

/** constant + sum of coefficients[i] * variables[i]. */
export interface Affine {
  readonly variables: readonly string[];
  readonly constant: Rational;
  readonly coefficients: readonly Rational[];
}

/** Products of terms that one multiplication may form: beyond it, multiplying out is not worth its time. */
const MOST_PRODUCTS = 20_000;

/**
 * The expression as a polynomial in the variables; undefined when it is not built by sums, products and powers alone,
 * when it has another variable, and when multiplying out would take too long.
 */
export function polynomialOf(e: Expression, variables: readonly string[]): Polynomial | undefined {
  if (!isArithmetic(e)) return undefined;
  const table = fold<Table | undefined>(e, (part, below) => expand(part, below, variables));
  if (!table) return undefined;
  const terms = [...table.values()].filter(({ coefficient }) => !coefficient.isZero());
  return { variables, terms, degree: Math.max(0, ...terms.map(totalDegree)) };
}

/** The expression as an affine function of the variables; undefined unless it is a polynomial of degree at most 1. */
export function affineOf(e: Expression, variables: readonly string[]): Affine | undefined {
  const polynomial = polynomialOf(e, variables);
  return polynomial && polynomial.degree <= 1 ? affineForm(polynomial) : undefined;
}

function affineForm({ variables, terms }: Polynomial): Affine {
  const coefficients = variables.map(() => Rational.zero);
  let constant = Rational.zero;
  for (const { coefficient, exponents } of terms) {
    const index = exponents.indexOf(1);
    if (index < 0) constant = coefficient;
    else coefficients[index] = coefficient;
  }
  return { variables, constant, coefficients };
}

/** Whether the expression is built by sums, products and natural powers alone. */
const isArithmetic = remembered<boolean>((e, below) => {
  if (e.kind === 'application' || (e.kind === 'power' && !isNatural(e.exponent))) return false;
  return children(e).every(below);
});

function isNatural(exponent: Rational): boolean {
  return exponent.isInteger() && exponent.sign() >= 0;
}

/** Monomials by their exponents. */
type Table = Map<string, Monomial>;

function expand(
  e: Expression,
  below: (part: Expression) => Table | undefined,
  variables: readonly string[],
): Table | undefined {
  switch (e.kind) {
    case 'constant':
      return constantTable(e.value, variables);
    case 'variable': {
      const index = variables.indexOf(e.name);
      return index < 0
        ? undefined
        : tableOf([{ coefficient: Rational.one, exponents: variables.map((_, i) => Number(i === index)) }]);
    }
    case 'sum': {
      const parts: Monomial[] = [...constantTable(e.constant, variables).values()];
      for (const { coefficient, of } of e.terms) {
        const part = below(of);
        if (!part) return undefined;
        for (const monomial of part.values()) {
          parts.push({ ...monomial, coefficient: monomial.coefficient.mul(coefficient) });
        }
      }
      return tableOf(parts);
    }
    case 'product':
      return e.factors.reduce<Table | undefined>(
        (total, factor) => total && multiply(total, below(factor)),
        constantTable(Rational.one, variables),
      );
    case 'power': {
      const base = below(e.base);
      return base && raise(base, Number(e.exponent.num), variables);
    }
    case 'application':
      return undefined;
  }
}

function raise(base: Table | undefined, exponent: number, variables: readonly string[]): Table | undefined {
  let result: Table | undefined = constantTable(Rational.one, variables);
  let square = base;
  for (let rest = exponent; rest > 0 && result; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    if (rest > 1) square = square && multiply(square, square);
  }
  return result;
}

function multiply(a: Table, b: Table | undefined): Table | undefined {
  if (!b || a.size * b.size > MOST_PRODUCTS) return undefined;
  const products: Monomial[] = [];
  for (const x of a.values()) {
    for (const y of b.values()) {
      const exponents = x.exponents.map((n, i) => n + y.exponents[i]);
      products.push({ coefficient: x.coefficient.mul(y.coefficient), exponents });
    }
  }
  return tableOf(products);
}

function constantTable(value: Rational, variables: readonly string[]): Table {
  return tableOf([{ coefficient: value, exponents: variables.map(() => 0) }]);
}

function tableOf(monomials: readonly Monomial[]): Table {
  const table: Table = new Map();
  for (const { coefficient, exponents } of monomials) {
    const key = exponents.join();
    const known = table.get(key);
    table.set(key, { exponents, coefficient: known ? known.coefficient.add(coefficient) : coefficient });
  }
  return table;
}

function totalDegree({ exponents }: Monomial): number {
  return exponents.reduce((total, exponent) => total + exponent, 0);
}
