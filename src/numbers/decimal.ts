import type { Direction } from './convert.js';
import { floorLog2 } from './convert.js';
import { Rational } from './rational.js';

/**
 * `value` as a decimal string of at most `digits` significant digits, rounded in the stated direction ('down' is
 * toward -infinity; 'nearest' rounds ties to even). Numbers that need no more digits are printed exactly.
 *
 * The form is plain (`0.00125`) for exponents from -6 to 20 and scientific (`1.25e-9`) beyond; `parseRational` reads both.
 */
export function toDecimal(value: Rational, digits: number, direction: Direction): string {
  if (value.isZero()) return '0';
  const negative = value.num < 0n;
  const magnitude = value.abs();
  const inward = direction === (negative ? 'up' : 'down');
  let exponent = floorLog10(magnitude);
  let significand = roundScaled(magnitude, digits - 1 - exponent, direction === 'nearest', inward);
  if (significand === 10n ** BigInt(digits)) {
    significand /= 10n;
    exponent += 1;
  }
  return (negative ? '-' : '') + layout(significand.toString().replace(/0+$/, ''), exponent);
}

/** 10^exponent, exact. */
export function pow10(exponent: number): Rational {
  return exponent >= 0 ? Rational.of(10n ** BigInt(exponent)) : Rational.of(1n, 10n ** BigInt(-exponent));
}

const LOG10_2 = Math.log10(2);

/** More than a product of LOG10_2 and a number of bits, at most 2^30 in V8, is off. */
const MARGIN = 1e-6;

/** floor(log10(value)) for value > 0: most often its bits tell, so that no power of ten is needed. */
export function floorLog10({ num, den }: Rational): number {
  const bits = floorLog2(num, den);
  const least = Math.floor(bits * LOG10_2 - MARGIN);
  const most = Math.floor((bits + 1) * LOG10_2 + MARGIN);
  if (least === most) return least;
  const power = 10n ** BigInt(Math.abs(most));
  const isLess = most >= 0 ? num < den * power : num * power < den;
  return isLess ? least : most;
}

/** value * 10^shift as an integer. Numerator and denominator are not reduced: a gcd of long numbers would cost most. */
function roundScaled(value: Rational, shift: number, nearest: boolean, inward: boolean): bigint {
  const num = shift >= 0 ? value.num * 10n ** BigInt(shift) : value.num;
  const den = shift >= 0 ? value.den : value.den * 10n ** BigInt(-shift);
  const floor = num / den;
  const remainder = num - floor * den;
  if (remainder === 0n) return floor;
  if (!nearest) return inward ? floor : floor + 1n;
  const twice = remainder * 2n;
  return twice > den || (twice === den && (floor & 1n) === 1n) ? floor + 1n : floor;
}

function layout(digits: string, exponent: number): string {
  if (exponent < -6 || exponent > 20) {
    const fraction = digits.slice(1);
    return `${digits[0]}${fraction && `.${fraction}`}e${exponent}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const integer = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction ? `${integer}.${fraction}` : integer;
}
