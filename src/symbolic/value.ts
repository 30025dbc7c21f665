import { Unfinished } from '../deadline.js';
import { type Arithmetic, isGuaranteed } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { Rational } from '../numbers/rational.js';
import { roundedTo } from '../numbers/significant-bits.js';
import { DomainError } from './domain.js';
import { enclose, toIntervals } from './enclosure.js';
import { evaluateExact, NotRational } from './exact.js';
import type { Expression } from './expression.js';

/** Two numbers around a value. */
export interface ValueBounds {
  readonly lo: Rational;
  readonly hi: Rational;
}

/** A value that is too large for every arithmetic, such as exp(exp(exp(10))). */
export class NoFiniteBounds extends RangeError {
  override readonly name = 'NoFiniteBounds';
}

/**
 * Bounds of the value at an exact point: equal where the value is known to be rational, otherwise within 2^-100 of its
 * size, for which the arithmetic gets finer until it suffices; at 1024 bits what is known then is returned, as for a
 * value that is 0 and not known to be. In the one arithmetic alone that is given, if any. Throws DomainError where the
 * expression is undefined, NoFiniteBounds where no arithmetic has finite bounds.
 */
export function valueBounds<I>(
  e: Expression,
  point: ReadonlyMap<string, Rational>,
  arithmetic?: Arithmetic<I>,
): ValueBounds {
  const exact = exactValue(e, point);
  if (exact) return { lo: exact, hi: exact };
  let best: ValueBounds | null = null;
  for (const bits of PRECISIONS) {
    const found = arithmetic ? boundsIn(e, point, arithmetic) : boundsIn(e, point, ballIntervals(bits));
    best = found ?? best;
    if (arithmetic || (found && isFine(found))) break;
  }
  if (!best) throw new NoFiniteBounds('a value without finite bounds');
  return best;
}

/** The same; null where the expression is undefined, has no finite bounds, or where there is no time to find them. */
export function knownBounds(e: Expression, point: ReadonlyMap<string, Rational>): ValueBounds | null {
  try {
    return valueBounds(e, point);
  } catch (error) {
    if ([DomainError, RangeError, Unfinished].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

function boundsIn<I>(e: Expression, point: ReadonlyMap<string, Rational>, A: Arithmetic<I>): ValueBounds | null {
  return finite(A, enclose(e, A, new Map([...point].map(([name, x]) => [name, A.of(x)]))));
}

function finite<I>(A: Arithmetic<I>, value: I): ValueBounds | null {
  const [lo, hi] = [A.lower(value), A.upper(value)];
  return lo && hi ? { lo, hi } : null;
}

function exactValue(e: Expression, point: ReadonlyMap<string, Rational>): Rational | null {
  try {
    return evaluateExact(e, point);
  } catch (error) {
    if (error instanceof NotRational) return null;
    throw error;
  }
}

function isFine({ lo, hi }: ValueBounds): boolean {
  return hi.sub(lo).le(lo.abs().min(hi.abs()).mul(FINE));
}

const PRECISIONS = [128, 256, 512, 1024];
const FINE = Rational.pow2(-100);

/** Significant bits of a value that becomes a weight: those of a double. */
const WEIGHT_BITS = 53;

/**
 * The value at exact points as a weight: itself where it is known to be rational, else the nearest number of 53
 * significant bits, a double unless it is too small or too large for one. Throws as `valueBounds`.
 */
export function nearestValue(e: Expression, variables: readonly string[]): (point: readonly Rational[]) => Rational {
  const A = ballIntervals(PRECISIONS[0]);
  const value = toIntervals([e], variables, A);
  return (point) => {
    const at = new Map(variables.map((name, i) => [name, point[i]]));
    const exact = exactValue(e, at);
    if (exact) return exact;
    const [found] = value(point.map(A.of));
    const bounds = isGuaranteed(A, found) ? finite(A, found) : null;
    const { lo, hi } = bounds && isFine(bounds) ? bounds : valueBounds(e, at);
    return roundedTo(lo.add(hi).div(Rational.of(2)), WEIGHT_BITS, 'nearest');
  };
}
