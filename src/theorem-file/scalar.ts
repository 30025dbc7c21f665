import { InputError } from '../errors.js';
import { ballIntervals } from '../numbers/balls.js';
import type { Direction } from '../numbers/convert.js';
import { Rational } from '../numbers/rational.js';
import { roundedTo } from '../numbers/significant-bits.js';
import * as E from '../symbolic/index.js';

/**
 * Exact real numbers without variables: rationals wherever that is what they are, closed expressions such as 4 log(64)
 * otherwise. Nothing here approximates but `rounded`, which says so; a comparison that cannot be decided is refused.
 */
export type Scalar = E.Expression;

/** Largest numerator or denominator, so that repeated squaring costs bounded time. */
const LARGEST = 1n << 100_000n;
/** Most parts of an irrational number. */
const MOST_PARTS = 10_000;
const PRECISIONS = [64, 256, 1024, 4096];

export function of(value: Rational | number): Scalar {
  return E.constant(typeof value === 'number' ? Rational.of(value) : value);
}

export function plus(a: Scalar, b: Scalar): Scalar {
  return a.kind === 'constant' && b.kind === 'constant'
    ? short(E.constant(a.value.add(b.value)))
    : counted(E.add(a, b), a, b);
}

export function minus(a: Scalar, b: Scalar): Scalar {
  return a.kind === 'constant' && b.kind === 'constant'
    ? short(E.constant(a.value.sub(b.value)))
    : counted(E.sub(a, b), a, b);
}

export function times(a: Scalar, b: Scalar): Scalar {
  return a.kind === 'constant' && b.kind === 'constant'
    ? short(E.constant(a.value.mul(b.value)))
    : counted(E.mul(a, b), a, b);
}

/** Throws InputError for a divisor of 0. */
export function over(a: Scalar, b: Scalar): Scalar {
  if (b.kind !== 'constant') return counted(E.div(a, b), a, b);
  if (b.value.isZero()) throw new InputError({ found: 'a division by 0', allowed: 'a divisor that is not 0' });
  return times(a, E.constant(b.value.inverse()));
}

/** base^exponent for a rational exponent, exp(exponent*log(base)) for others. */
export function raised(base: Scalar, exponent: Scalar): Scalar {
  if (exponent.kind !== 'constant') return applied('exp', times(exponent, applied('log', base)));
  const value = exponent.value;
  if (base.kind === 'constant') {
    if (base.value.isZero() && value.sign() < 0) throw new InputError({ found: '0 to a negative power' });
    const bits = Math.max(digits(base.value.num), digits(base.value.den)) * 4;
    if (Math.abs(Number(value.num)) * bits > 100_000)
      throw new InputError({ found: 'a power of more than 100000 binary digits', allowed: 'shorter exact numbers' });
  } else if (Math.abs(Number(value.num)) > 1000) {
    throw new InputError({ found: `an irrational number to the power ${value}`, allowed: 'exponents up to 1000' });
  }
  return counted(E.power(base, value), base);
}

/** A function of one or more numbers, such as exp; min and max of rationals are rational. */
export function applied(name: E.FunctionName, ...args: readonly Scalar[]): Scalar {
  return counted(E.apply(name, ...args), ...args);
}

/** log(x)/log(2), exact for powers of 2. */
export function log2(x: Scalar): Scalar {
  if (x.kind === 'constant' && x.value.sign() > 0) {
    const { num, den } = x.value;
    const exponent = num.toString(2).length - den.toString(2).length;
    if (Rational.pow2(exponent).equals(x.value)) return of(exponent);
  }
  return over(applied('log', x), applied('log', of(2)));
}

/** -1, 0 or 1 as a is below, equal to or above b. Throws InputError when that cannot be told. */
export function compare(a: Scalar, b: Scalar): number {
  if (a.kind === 'constant' && b.kind === 'constant') return a.value.compare(b.value);
  const decided = refine(minus(a, b), ({ lo, hi }) =>
    lo.sign() > 0 ? 1 : hi.sign() < 0 ? -1 : lo.isZero() && hi.isZero() ? 0 : null,
  );
  if (decided !== null) return decided;
  throw new InputError({
    found: `${E.toText(a)} and ${E.toText(b)} cannot be told apart`,
    allowed: 'rational numbers',
  });
}

/** The largest integer at most x. Throws InputError when x is too close to an integer to tell. */
export function floor(x: Scalar): Scalar {
  const found = refine(x, ({ lo, hi }) => (lo.floor() === hi.floor() ? lo.floor() : null));
  if (found === null) throw new InputError({ found: `${E.toText(x)} cannot be told from an integer` });
  return E.constant(Rational.of(found));
}

/** The least integer at least x. */
export function ceil(x: Scalar): Scalar {
  return minus(of(0), floor(minus(of(0), x)));
}

/** The denominator of a rational number in lowest terms. */
export function denominator(x: Scalar): Scalar {
  return E.constant(Rational.of(rationalOf(x).den));
}

/**
 * A number of at most `bits` significant binary digits that is surely at least x (`up`), at most x (`down`) or next to it
 * (`nearest`).
 */
export function rounded(x: Scalar, bits: number, direction: Direction): Scalar {
  const { lo, hi } = bounds(x, bits + 64);
  if (direction !== 'nearest') return E.constant(roundedTo(direction === 'up' ? hi : lo, bits, direction));
  return E.constant(roundedTo(lo.add(hi).div(Rational.of(2)), bits, 'nearest'));
}

/** The rational that x is. Throws InputError for a number that is irrational or not known to be rational. */
export function rationalOf(x: Scalar): Rational {
  if (x.kind === 'constant') return x.value;
  throw new InputError({
    found: `${E.toText(x).slice(0, 60)}, which is no rational number`,
    allowed: 'weights are exact rationals',
    mend: 'round it: up(...) to at least it, down(...) to at most it, near(...) next to it',
  });
}

/** The rationals that numbers are; null where one is none. */
export function rationalsOf(numbers: readonly Scalar[]): Rational[] | null {
  const values: Rational[] = [];
  for (const x of numbers) {
    if (x.kind !== 'constant') return null;
    values.push(x.value);
  }
  return values;
}

function refine<T>(
  x: Scalar,
  decide: (bounds: { readonly lo: Rational; readonly hi: Rational }) => T | null,
): T | null {
  for (const bits of PRECISIONS) {
    const decided = decide(bounds(x, bits));
    if (decided !== null) return decided;
  }
  return null;
}

function bounds(x: Scalar, bits: number): { readonly lo: Rational; readonly hi: Rational } {
  if (x.kind === 'constant') return { lo: x.value, hi: x.value };
  try {
    return E.valueBounds(x, new Map(), ballIntervals(bits));
  } catch (error) {
    if (error instanceof E.DomainError) throw error.toInputError();
    if (error instanceof RangeError) throw new InputError({ found: `${E.toText(x)} is too large or undefined` });
    throw error;
  }
}

function short(x: Scalar): Scalar {
  if (x.kind !== 'constant') return x;
  const { num, den } = x.value;
  if (num < LARGEST && -num < LARGEST && den < LARGEST) return x;
  throw new InputError({ found: 'a number of more than 100000 binary digits', allowed: 'shorter exact numbers' });
}

const sizes = new WeakMap<E.Expression, number>();

/** An irrational number is as large as what it was made of, so that sharing cannot hide an expression of any size. */
function counted(result: Scalar, ...parts: readonly Scalar[]): Scalar {
  if (result.kind === 'constant') return short(result);
  const size = parts.reduce((total, part) => total + (sizes.get(part) ?? 1), 1);
  if (size > MOST_PARTS)
    throw new InputError({
      found: `an irrational number of ${size} parts`,
      allowed: `at most ${MOST_PARTS}; round it`,
    });
  sizes.set(result, Math.max(size, sizes.get(result) ?? 0));
  return result;
}

function digits(value: bigint): number {
  return value.toString(16).length;
}
