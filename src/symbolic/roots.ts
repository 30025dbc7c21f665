import { bitLength } from '../numbers/bits.js';
import { Rational } from '../numbers/rational.js';

/** Longer numbers are not written out: 0.3^(2^25), which 25 layers of squares compute, has 44 million digits. */
const MOST_BITS = 2 ** 20;

/** Whether base^exponent has more digits than anybody reads, for an integer exponent. */
export function isLongPower({ num, den }: Rational, exponent: Rational): boolean {
  const bits = bitLength(num < 0n ? -num : num) + bitLength(den);
  return bits > 2 && bits * Math.abs(Number(exponent.num)) > MOST_BITS;
}

/**
 * base^exponent where it is defined and rational: undefined for 0 to a negative power, for a negative base under an
 * exponent that is no integer, for irrational values, and for numbers that are too long to be written out.
 */
export function rationalPower(base: Rational, exponent: Rational): Rational | undefined {
  if (base.isZero()) return exponent.sign() < 0 ? undefined : exponent.isZero() ? Rational.one : Rational.zero;
  if (isLongPower(base, exponent)) return undefined;
  if (exponent.isInteger()) return base.pow(Number(exponent.num));
  if (base.equals(Rational.one)) return base;
  if (base.sign() < 0) return undefined;
  const num = integerRoot(base.num, exponent.den);
  const den = num && integerRoot(base.den, exponent.den);
  return num && den ? Rational.of(num, den).pow(Number(exponent.num)) : undefined;
}

/** The integer whose `degree`-th power is `value` > 0, if there is one. */
function integerRoot(value: bigint, degree: bigint): bigint | undefined {
  if (value === 1n) return 1n;
  const bits = BigInt(bitLength(value));
  if (degree >= bits) return undefined;
  let root = 1n << (bits / degree + 1n);
  for (;;) {
    const next = ((degree - 1n) * root + value / root ** (degree - 1n)) / degree;
    if (next >= root) break;
    root = next;
  }
  return root ** degree === value ? root : undefined;
}
