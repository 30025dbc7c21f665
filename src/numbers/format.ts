import { binadeOf, lowestBit } from './bits.js';
import { Rational } from './rational.js';

/** A binary floating-point format of IEEE 754 or bfloat16. */
export interface FloatFormat {
  readonly name: 'float64' | 'float32' | 'float16' | 'bfloat16';
  /** Bits of the significand, the hidden one included: unit roundoff is 2^-precision. */
  readonly precision: number;
  /** Exponent of the largest binade: finite numbers are below 2^(maxExponent + 1). */
  readonly maxExponent: number;
  /** Exponent of the smallest normal number 2^minExponent. */
  readonly minExponent: number;
}

export const FORMATS = {
  float64: { name: 'float64', precision: 53, maxExponent: 1023, minExponent: -1022 },
  float32: { name: 'float32', precision: 24, maxExponent: 127, minExponent: -126 },
  float16: { name: 'float16', precision: 11, maxExponent: 15, minExponent: -14 },
  bfloat16: { name: 'bfloat16', precision: 8, maxExponent: 127, minExponent: -126 },
} as const satisfies Record<string, FloatFormat>;

/** u = 2^-precision, the largest relative error of one rounding to nearest (no underflow). */
export function unitRoundoff(format: FloatFormat): Rational {
  return Rational.pow2(-format.precision);
}

/** The distance between neighbouring subnormal numbers; half of it bounds the absolute error of an underflow. */
export function smallestSubnormal(format: FloatFormat): Rational {
  return Rational.pow2(format.minExponent - format.precision + 1);
}

/** The largest finite number of the format. */
export function largestFinite(format: FloatFormat): Rational {
  return Rational.pow2(format.maxExponent + 1).sub(Rational.pow2(format.maxExponent + 1 - format.precision));
}

/** Whether a double is a normal number of the format. */
export function isNormal(x: number, { precision, minExponent, maxExponent }: FloatFormat): boolean {
  const exponent = binadeOf(x);
  return exponent >= minExponent && exponent <= maxExponent && exponent - lowestBit(x) < precision;
}
