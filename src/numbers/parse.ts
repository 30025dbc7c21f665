import { InputError, quote } from '../errors.js';
import { Rational } from './rational.js';

/** Longest number accepted: a thousand digits say more than any theorem needs, a million would only cost time. */
export const LONGEST_TEXT = 1000;
/** Largest decimal exponent accepted: the value's digits stay within what BigInt handles in microseconds. */
const LARGEST_EXPONENT = 5000;

const NUMBER = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?$/;

/**
 * The exact value of a number's text: `3`, `-0.001`, `1e-3`, `1/1000`, `2.5/1e3`.
 *
 * Throws InputError for anything else (infinities and NaN included), for more than 1000 characters and for decimal
 * exponents beyond 5000, so that a hostile number costs bounded time.
 */
export function parseRational(text: string): Rational {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) {
    throw new InputError({ found: `a number of ${trimmed.length} characters`, allowed: `at most ${LONGEST_TEXT}` });
  }
  const parts = trimmed.split('/');
  if (parts.length > 2) throw notANumber(text);
  const [numerator, denominator] = parts.map((part) => parseDecimal(part.trim(), text));
  if (!denominator) return numerator;
  if (denominator.isZero())
    throw new InputError({ found: `${quote(text)}, a division by zero`, allowed: 'a finite number' });
  return numerator.div(denominator);
}

/** Whether `parseRational` would accept the text; for telling numbers from names. */
export function looksLikeNumber(text: string): boolean {
  return text
    .trim()
    .split('/')
    .every((part) => NUMBER.test(part.trim()));
}

function parseDecimal(part: string, whole: string): Rational {
  const match = NUMBER.exec(part);
  if (!match) throw notANumber(whole);
  const [, sign, digits, exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > LARGEST_EXPONENT) {
    throw new InputError({
      found: `${quote(whole)}, a decimal exponent of ${exponentText.slice(0, 20)}`,
      allowed: `exponents from -${LARGEST_EXPONENT} to ${LARGEST_EXPONENT}`,
    });
  }
  const [integer, fraction = ''] = digits.split('.');
  const significand = BigInt(`${integer}${fraction}` || '0');
  const power = exponent - fraction.length;
  const value =
    power >= 0 ? Rational.of(significand * 10n ** BigInt(power)) : Rational.of(significand, 10n ** BigInt(-power));
  return sign === '-' ? value.neg() : value;
}

function notANumber(text: string): InputError {
  return new InputError({
    found: `${quote(text)} is not a number`,
    allowed: 'an exact finite number such as 3, 0.001, 1e-3 or 1/1000',
  });
}
