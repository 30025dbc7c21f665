import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import type { Rational } from '../numbers/rational.js';
import { enclose } from './enclosure.js';
import { evaluateExact, NotRational } from './exact.js';
import type { Expression } from './expression.js';

/**
 * Bounds of the value at an exact point: equal where the value is known to be rational, otherwise as close as the
 * arithmetic, 128 bits unless given, allows. Throws DomainError where the expression is undefined, RangeError where the
 * arithmetic has no finite bounds.
 */
export function valueBounds<I>(
  e: Expression,
  point: ReadonlyMap<string, Rational>,
  arithmetic: Arithmetic<I> = ballIntervals(128) as unknown as Arithmetic<I>,
): { readonly lo: Rational; readonly hi: Rational } {
  try {
    const value = evaluateExact(e, point);
    return { lo: value, hi: value };
  } catch (error) {
    if (!(error instanceof NotRational)) throw error;
  }
  const value = enclose(e, arithmetic, new Map([...point].map(([name, x]) => [name, arithmetic.of(x)])));
  const [lo, hi] = [arithmetic.lower(value), arithmetic.upper(value)];
  if (!lo || !hi) throw new RangeError('a value without finite bounds');
  return { lo, hi };
}
