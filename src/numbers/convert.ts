import { binadeOf, bitLength, lowestBit } from './bits.js';
import { type FloatFormat, FORMATS } from './format.js';
import { Rational } from './rational.js';
import { addUp, divUp, isSafeProduct, productError, sumError } from './rounding.js';

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
 * division, which rounds to the nearest double.
 */
function quickly({ num, den }: Rational, format: FloatFormat, direction: Direction): number | null {
  if (direction !== 'nearest' || num >= SAFE || num <= -SAFE || den >= SAFE) return null;
  const double = Number(num) / Number(den);
  if (format === FORMATS.float64) return double;
  return den === 1n || isDecided(double, format) ? nearestTo(double, format) : null;
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

/** A bound of |value - float| that is off by a few units in its last place; infinite where the float is. */
export function missUp(value: Rational, float: number): number {
  if (!Number.isFinite(float)) return Number.POSITIVE_INFINITY;
  const { num, den } = value;
  if (num < SAFE && num > -SAFE && den < SAFE) {
    const [p, q] = [Number(num), Number(den)];
    const product = float * q;
    const rest = product - p;
    if (isSafeProduct(float, q, product) && sumError(product, -p, rest) === 0) {
      const error = productError(float, q, product);
      return divUp(Math.max(addUp(rest, error), addUp(-rest, -error)), q);
    }
  }
  return toFloat(value.sub(fromFloat(float)).abs(), FORMATS.float64, 'up');
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

/** The distance of numbers of a format near x, where they are normal. */
function ulpAt(x: number, { precision }: FloatFormat): number {
  return 2 ** (binadeOf(x) - precision + 1);
}

/** Whether what rounds to a double rounds to a format of fewer bits as that does: it is no midpoint of its, nor subnormal in it. */
function isDecided(x: number, format: FloatFormat): boolean {
  return binadeOf(x) >= format.minExponent && Math.abs((x / ulpAt(x, format)) % 1) !== 1 / 2;
}

/** A double that is 0 or normal in a format of fewer bits, rounded to it; infinity beyond it. */
function nearestTo(x: number, format: FloatFormat): number {
  const [ulp, { maxExponent }] = [ulpAt(x, format), format];
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
