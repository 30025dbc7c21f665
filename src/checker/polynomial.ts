import { spend } from './budget.js';
import type { Expression } from './expression.js';
import { demand } from './failure.js';
import { combine, constantForm, equal, type Form, key } from './forms.js';
import { Fraction } from './fraction.js';

const MOST_TERMS = 1 << 14;
const LARGEST_EXPONENT = 64n;

/**
 * Whether two expressions are equal as polynomials in their variables and in those parts that are none, which are equal
 * when they apply the same function to equal polynomials. Even powers of |u| are those of u. All such parts of `b` must be
 * parts of `a`, so that `b` is defined where `a` is: 0 log(x) is not 0.
 */
export function samePolynomial(a: Expression, b: Expression): boolean {
  const symbols = new Symbols();
  const first = symbols.polynomial(a);
  const known = symbols.parts.size;
  return equal(first, symbols.polynomial(b)) && symbols.parts.size === known;
}

/** Polynomials as forms whose atoms are monomials. */
class Symbols {
  /** The parts of expressions that are neither polynomials nor variables. */
  readonly parts = new Set<string>();
  private readonly numbers = new Map<string, number>();
  /** Monomials by their factors' numbers in order, and these by the monomial's number. */
  private readonly monomials = new Map<string, number>();
  private readonly factors: (readonly number[])[] = [];

  polynomial(e: Expression): Form {
    spend(50);
    if (e.kind === 'number') return constantForm(e.value);
    if (e.kind === 'sum') return combine(e.args.map((arg) => [this.polynomial(arg), Fraction.one]));
    if (e.kind === 'product') return e.args.map((arg) => this.polynomial(arg)).reduce((a, b) => this.product(a, b));
    if (e.kind === 'power' && e.exponent.d === 1n && e.exponent.n > 0n && e.exponent.n <= LARGEST_EXPONENT) {
      const [base] = e.args;
      const isEven = base.kind === 'function' && base.name === 'abs' && e.exponent.n % 2n === 0n;
      const factor = this.polynomial(isEven ? base.args[0] : base);
      return Array.from({ length: Number(e.exponent.n) }, () => factor).reduce((a, b) => this.product(a, b));
    }
    return { constant: Fraction.zero, terms: new Map([[this.monomial([this.symbol(e)]), Fraction.one]]) };
  }

  /** The number of a variable, or of a function of polynomials. */
  private symbol(e: Exclude<Expression, { kind: 'number' | 'sum' | 'product' }>): number {
    const head = e.kind === 'function' ? e.name : e.kind === 'power' ? `^${e.exponent}` : `$${e.name}`;
    const name =
      e.kind === 'variable' ? head : `${head}(${e.args.map((arg) => key(this.polynomial(arg))).join(' ; ')})`;
    spend(1 + (name.length >> 4));
    if (e.kind !== 'variable') this.parts.add(name);
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }

  private monomial(factors: readonly number[]): number {
    const sorted = [...factors].sort((a, b) => a - b);
    const name = sorted.join();
    spend(4 + name.length);
    const number = this.monomials.get(name) ?? this.monomials.size;
    this.monomials.set(name, number);
    this.factors[number] = sorted;
    return number;
  }

  private product(a: Form, b: Form): Form {
    demand((1 + a.terms.size) * (1 + b.terms.size) <= MOST_TERMS, 'a polynomial has too many terms');
    const times = (monomial: number): Form => {
      const terms = [...b.terms].map(([other, factor]) => {
        return [this.monomial([...this.factors[monomial], ...this.factors[other]]), factor] as const;
      });
      return { constant: Fraction.zero, terms: new Map([...terms, [monomial, b.constant]]) };
    };
    return combine([[b, a.constant], ...[...a.terms].map(([monomial, factor]) => [times(monomial), factor] as const)]);
  }
}
