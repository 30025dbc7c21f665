import { spend } from './budget.js';
import type { Expression } from './expression.js';
import { demand } from './failure.js';
import { Fraction } from './fraction.js';

/** Coefficients by monomial: the sorted numbers of its factors, `3,3,7`. */
type Polynomial = ReadonlyMap<string, Fraction>;

const MOST_TERMS = 1 << 14;
const LARGEST_EXPONENT = 64n;
/** First character of the keys of variables, which no function's name has. */
const VARIABLE = '$';

/**
 * Whether two expressions are equal as polynomials in their variables and in those parts that are none, which are equal
 * when they apply the same function to equal polynomials. Even powers of |u| are those of u. All such parts of `b` must be
 * parts of `a`, so that `b` is defined where `a` is: 0 log(x) is not 0.
 */
export function samePolynomial(a: Expression, b: Expression): boolean {
  const symbols = new Map<string, number>();
  const p = polynomialOf(a, symbols);
  const known = new Set(symbols.keys());
  const q = polynomialOf(b, symbols);
  const isDefined = [...symbols.keys()].every((part) => part.startsWith(VARIABLE) || known.has(part));
  return isDefined && p.size === q.size && [...p].every(([monomial, factor]) => q.get(monomial)?.equals(factor));
}

function polynomialOf(e: Expression, symbols: Map<string, number>): Polynomial {
  spend(50);
  if (e.kind === 'number') return sum([new Map([['', e.value]])]);
  if (e.kind === 'sum') return sum(e.args.map((arg) => polynomialOf(arg, symbols)));
  if (e.kind === 'product') return e.args.map((arg) => polynomialOf(arg, symbols)).reduce(product);
  if (e.kind === 'power' && e.exponent.d === 1n && e.exponent.n > 0n && e.exponent.n <= LARGEST_EXPONENT) {
    const [base] = e.args;
    const isEven = base.kind === 'function' && base.name === 'abs' && e.exponent.n % 2n === 0n;
    const factor = polynomialOf(isEven ? base.args[0] : base, symbols);
    return Array.from({ length: Number(e.exponent.n) }, () => factor).reduce(product);
  }
  const key =
    e.kind === 'variable'
      ? `${VARIABLE}${e.name}`
      : `${headOf(e)}(${e.args.map((arg) => textOf(polynomialOf(arg, symbols))).join(' ; ')})`;
  spend(1 + (key.length >> 4));
  const number = symbols.get(key) ?? symbols.size;
  symbols.set(key, number);
  return new Map([[`${number}`, Fraction.one]]);
}

function headOf(e: Extract<Expression, { kind: 'power' | 'function' }>): string {
  return e.kind === 'power' ? `^${e.exponent}` : e.name;
}

function textOf(p: Polynomial): string {
  return [...p]
    .map(([monomial, factor]) => `${factor} ${monomial}`)
    .sort()
    .join('+');
}

function sum(parts: readonly Polynomial[]): Polynomial {
  const total = new Map<string, Fraction>();
  for (const [monomial, factor] of parts.flatMap((part) => [...part])) {
    spend(1 + (monomial.length >> 4));
    total.set(monomial, (total.get(monomial) ?? Fraction.zero).add(factor));
  }
  return new Map([...total].filter(([, factor]) => !factor.isZero));
}

function product(a: Polynomial, b: Polynomial): Polynomial {
  demand(a.size * b.size <= MOST_TERMS, 'a polynomial has too many terms');
  const factors = (monomial: string) => (monomial === '' ? [] : monomial.split(',').map(Number));
  return sum(
    [...a].flatMap(([left, p]) =>
      [...b].map(([right, q]) => {
        spend(4 + left.length + right.length);
        const monomial = [...factors(left), ...factors(right)].sort((x, y) => x - y).join();
        return new Map([[monomial, p.mul(q)]]);
      }),
    ),
  );
}
