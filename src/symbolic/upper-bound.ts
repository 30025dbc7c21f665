import { ballIntervals } from '../numbers/balls.js';
import type { Rational } from '../numbers/rational.js';
import { enclose } from './enclosure.js';
import { parseExpression } from './parse.js';

const BITS = 128;

/**
 * A rational upper bound of a formula at exact values of its variables, within 2^-100 or so of it.
 * Throws DomainError where the formula is undefined, RangeError where it is not finite.
 */
export function upperBound(formula: string, values: Readonly<Record<string, Rational>>): Rational {
  const A = ballIntervals(BITS);
  const box = new Map(Object.entries(values).map(([name, value]) => [name, A.of(value)]));
  const upper = A.upper(enclose(parseExpression(formula, [...box.keys()]), A, box));
  if (!upper) throw new RangeError(`${formula} has no finite upper bound`);
  return upper;
}
