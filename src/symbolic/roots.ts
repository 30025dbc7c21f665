import { bitLength } from '../numbers/bits.js';
import { Rational } from '../numbers/rational.js';

/**
 * base^exponent where it is defined and rational: undefined for 0 to a negative power, for a negative base under an
 * exponent that is no integer, and for irrational values.
 */
export function rationalPower(base: Rational, exponent: Rational): Rational | undefined {
  if (base.isZero()) return exponent.sign() < 0 ? undefined : exponent.isZero() ? Rational.one : Rational.zero;
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
