import { binadeOf, bitLength, lowestBit } from './bits.js';
import { type FloatFormat, FORMATS } from './format.js';
import { Rational } from './rational.js';

/** How a result is rounded: to nearest with ties to even, toward -infinity, or toward +infinity. */
export type Direction = 'nearest' | 'down' | 'up';

/**
 * The number of `format` that `value` rounds to, as a double (every format here embeds in float64).
 *
 * Exact in every case, subnormals included. IEEE 754 section 4.3: beyond the largest finite number, 'nearest' and the
 * outward direction give an infinity, the inward direction the largest finite number. There is no negative zero.
 */
export function toFloat(value: Rational, format: FloatFormat, direction: Direction): number {
  if (value.isZero()) return 0;
  const quick = quickly(value, format, direction);
  if (quick !== null) return quick;
  const negative = value.num < 0n;
  const magnitude = negative ? -value.num : value.num;
  const towardZero = direction === (negative ? 'up' : 'down');
  const exponent = Math.max(floorLog2(magnitude, value.den), format.minExponent);
  const ulpExponent = exponent - format.precision + 1;
  const [num, den] =
    ulpExponent >= 0 ? [magnitude, value.den << BigInt(ulpExponent)] : [magnitude << BigInt(-ulpExponent), value.den];
  let significand = num / den;
  const remainder = num - significand * den;
  if (direction === 'nearest') {
    const twice = remainder * 2n;
    if (twice > den || (twice === den && (significand & 1n) === 1n)) significand += 1n;
  } else if (remainder !== 0n && !towardZero) {
    significand += 1n;
  }
  const result = scale(Number(significand), ulpExponent, format, towardZero);
  return negative && result > 0 ? -result : result;
}

/**
 * The same by the processor's own rounding, null where that does not do: a quotient of two integers below 2^53 is one
 * division, which rounds to the nearest double, and an integer is a double that `Math.fround` rounds to float32.
 */
function quickly({ num, den }: Rational, format: FloatFormat, direction: Direction): number | null {
  if (direction !== 'nearest' || num >= SAFE || num <= -SAFE || den >= SAFE) return null;
  if (format === FORMATS.float64) return Number(num) / Number(den);
  return den === 1n ? nearestTo(Number(num), format) : null;
}

const SAFE = 1n << 53n;

/** The exact value of a finite double. Throws RangeError for NaN and infinities. */
export function fromFloat(value: number): Rational {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a rational number`);
  if (Number.isInteger(value)) return Rational.of(BigInt(value));
  // With its trailing zeros left out the significand is odd, and there is nothing to reduce.
  const exponent = lowestBit(value);
  const odd = exponent > -1000 ? BigInt(value * 2 ** -exponent) : BigInt(value * 2 ** 500 * 2 ** (-exponent - 500));
  return Rational.unsafeReduced(odd, powerOfTwo(-exponent));
}

const POWERS: bigint[] = [];

function powerOfTwo(exponent: number): bigint {
  POWERS[exponent] ??= 1n << BigInt(exponent);
  return POWERS[exponent];
}

/** A rational rounded to a format: the float, and the exact error `float - value` (null when the float is infinite). */
export interface Quantised {
  readonly float: number;
  readonly error: Rational | null;
}

/** Rounds to nearest even and says exactly what that cost. */
export function quantise(value: Rational, format: FloatFormat): Quantised {
  const float = toFloat(value, format, 'nearest');
  return { float, error: Number.isFinite(float) ? fromFloat(float).sub(value) : null };
}

/** The nearest double: for pictures, progress and candidates, never for a bound. */
export function approximate(value: Rational): number {
  return toFloat(value, FORMATS.float64, 'nearest');
}

/** floor(log2(num/den)) for positive num and den. */
export function floorLog2(num: bigint, den: bigint): number {
  const guess = bitLength(num) - bitLength(den);
  const isAtLeast = guess >= 0 ? num >= den << BigInt(guess) : num << BigInt(-guess) >= den;
  return isAtLeast ? guess : guess - 1;
}

/** An integer below 2^53 rounded to a format of fewer bits; infinity beyond it. */
function nearestTo(x: number, { precision, maxExponent }: FloatFormat): number {
  const ulp = 2 ** (binadeOf(x) - precision + 1);
  // Sums with 3 * 2^51 are rounded to integers, ties to even.
  const rounded = (x / ulp + MIDDLE - MIDDLE) * ulp;
  return Math.abs(rounded) < 2 ** (maxExponent + 1) ? rounded : Math.sign(x) * Number.POSITIVE_INFINITY;
}

const MIDDLE = 3 * 2 ** 51;

function scale(significand: number, ulpExponent: number, format: FloatFormat, towardZero: boolean): number {
  const overflow = significand >= 2 ** format.precision && ulpExponent + format.precision > format.maxExponent;
  const exponent = ulpExponent + format.precision - 1;
  if (overflow || exponent > format.maxExponent) {
    const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
    return towardZero ? largest : Number.POSITIVE_INFINITY;
  }
  return significand * 2 ** ulpExponent;
}
