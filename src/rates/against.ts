import { InputError, quote } from '../errors.js';
import { looksLikeNumber, parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';

/** What a quantity is held against: a parameter, or a number to the power of an integer parameter. */
export interface Against {
  readonly text: string;
  readonly parameter: string;
  /** b of b^parameter. */
  readonly base: Rational | null;
}

/** `N`, or `2^m` for an integer parameter m. Throws InputError when no axis has the parameter. */
export function readAgainst(text: string, names: readonly string[]): Against {
  const [, base, name = text] = /^([^^]+)\^(\w+)$/.exec(text.trim()) ?? [];
  const isPower = base !== undefined && looksLikeNumber(base);
  if ((base !== undefined && !isPower) || !names.includes(name)) {
    const allowed = `an axis (${names.join(', ')}), or a number to the power of one such as 2^${names[0]}`;
    throw new InputError({ found: quote(text), allowed });
  }
  const value = isPower ? parseRational(base) : null;
  if (value && !Rational.one.lt(value)) throw new InputError({ found: quote(text), allowed: 'a base above 1' });
  return { text: text.trim(), parameter: name, base: value };
}

/** The value of `against` where its parameter is `value`; null for one that is no positive number. */
export function valueAgainst({ base }: Against, value: unknown): Rational | null {
  const number = numeric(value);
  if (!number) return null;
  if (!base) return number.sign() > 0 ? number : null;
  const isSmall = number.isInteger() && number.abs().le(Rational.of(LARGEST_POWER));
  return isSmall ? base.pow(Number(number.num)) : null;
}

const LARGEST_POWER = 10_000;

/** An exact parameter as a number; null for one that is none. */
export function numeric(value: unknown): Rational | null {
  if (typeof value === 'number') return Rational.of(value);
  return value instanceof Rational ? value : null;
}
