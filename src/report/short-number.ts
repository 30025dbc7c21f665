import type { Direction } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { looksLikeNumber, parseRational } from '../numbers/parse.js';

/** A number of a result in few digits: `mantissa` times ten to the `exponent`, which is 0 for sizes that read well. */
export interface Short {
  readonly mantissa: string;
  readonly exponent: number;
}

/** Powers of ten between which a number is written without an exponent. */
const [SMALL, LARGE] = [-3, 7];

/**
 * A decimal of a document in `digits` digits, rounded outward: what is an upper bound stays one. Null where the text is no
 * number that a double can hold: a document is anyone's file.
 */
export function shortNumber(text: string, digits: number, direction: Direction): Short | null {
  const size = Number(text);
  if (!looksLikeNumber(text) || !Number.isFinite(size) || (size === 0 && /[1-9]/.test(text.replace(/e.*/i, ''))))
    return null;
  const rounded = toDecimal(parseRational(text), digits, direction);
  const [mantissa, exponent] = Number(rounded).toExponential().split('e');
  if (Number(exponent) >= SMALL && Number(exponent) < LARGE) return { mantissa: rounded, exponent: 0 };
  return { mantissa, exponent: Number(exponent) };
}
