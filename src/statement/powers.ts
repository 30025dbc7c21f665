import { InputError } from '../errors.js';
import { bitLength } from '../numbers/bits.js';
import { Rational } from '../numbers/rational.js';
import { number, type Term } from './ast.js';
import { printTerm } from './print.js';

const LARGEST_EXPONENT = 10_000n;
const MOST_BITS = 200_000;

export const MINUS_ONE = Rational.of(-1);

/** A product of powers; a base under several exponents where joining them would change the domain. */
export interface Power {
  readonly base: Term;
  readonly exponent: Rational;
}

export function powerOf(term: Term, inverted: boolean): Power {
  const isPower = term.kind === 'power' && term.exponent.kind === 'number';
  if (isPower && !inverted) return { base: term.base, exponent: (term.exponent as { value: Rational }).value };
  return { base: term, exponent: inverted ? MINUS_ONE : Rational.one };
}

/** (base^p)^q = base^(pq) where both sides have the same domain; else the power itself is the base. */
export function raised({ base, exponent }: Power, to: Rational): Power {
  if (to.equals(Rational.one)) return { base, exponent };
  const joined = exponent.mul(to);
  const sameDomain = exponent.isInteger() || !joined.isInteger();
  if (sameDomain && (exponent.sign() > 0 || to.sign() > 0) && !to.isZero()) {
    return { base, exponent: checkExponent(joined) };
  }
  return { base: powerTerm(base, exponent), exponent: checkExponent(to) };
}

/** A product as it is collected: exponents of one base are added where they are integers of one sign. */
export class Powers {
  private readonly byBase = new Map<string, Power[]>();

  collect({ base, exponent }: Power): void {
    const key = printTerm(base);
    const known = this.byBase.get(key) ?? [];
    this.byBase.set(key, known);
    const isJoined = (other: Power) =>
      other.exponent.isInteger() && exponent.isInteger() && other.exponent.sign() * exponent.sign() > 0;
    const i = known.findIndex(isJoined);
    if (i < 0) known.push({ base, exponent });
    else known[i] = { base, exponent: checkExponent(known[i].exponent.add(exponent)) };
  }

  list(): Power[] {
    return [...this.byBase.values()].flat();
  }
}

export function powerTerm(base: Term, exponent: Rational): Term {
  return exponent.equals(Rational.one) ? base : { kind: 'power', base, exponent: number(exponent) };
}

export function constantPower(base: Rational, exponent: Rational): Rational {
  checkExponent(exponent);
  if (base.isZero() && exponent.sign() < 0) throw new InputError({ found: 'a division by 0' });
  const bits = bitsOf(base) * Math.abs(Number(exponent.num));
  if (bits > MOST_BITS) throw tooLarge();
  return base.pow(Number(exponent.num));
}

export function checkExponent(exponent: Rational): Rational {
  const { num, den } = exponent.abs();
  if (num <= LARGEST_EXPONENT && den <= LARGEST_EXPONENT) return exponent;
  throw new InputError({ found: `the exponent ${exponent}`, allowed: `exponents up to ${LARGEST_EXPONENT}` });
}

export function limited(value: Rational): Rational {
  if (bitsOf(value) > MOST_BITS) throw tooLarge();
  return value;
}

function bitsOf({ num, den }: Rational): number {
  return bitLength(num < 0n ? -num : num || 1n) + bitLength(den);
}

function tooLarge(): InputError {
  return new InputError({ found: 'a number too large for exact arithmetic', allowed: `${MOST_BITS} binary digits` });
}
