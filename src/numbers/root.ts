import { floorLog2 } from './convert.js';
import { Rational } from './rational.js';

/**
 * Neighbouring numbers lo <= value^(1/degree) <= hi with `bits` significant bits, equal when the root is such a number.
 * `value` is positive, `degree` and `bits` are at least 1.
 */
export function rootBounds(value: Rational, degree: number, bits: number): { lo: Rational; hi: Rational } {
  const exponent = Math.floor(floorLog2(value.num, value.den) / degree) - bits + 1;
  const scaled = value.mul(Rational.pow2(-exponent * degree));
  const significand = integerRoot(scaled.floor(), degree);
  const unit = Rational.pow2(exponent);
  const lo = Rational.of(significand).mul(unit);
  const isExact = scaled.equals(Rational.of(significand ** BigInt(degree)));
  return { lo, hi: isExact ? lo : lo.add(unit) };
}

/** The largest integer r with r^degree <= n, for n >= 1, by Newton's method from above. */
export function integerRoot(n: bigint, degree: number): bigint {
  if (degree === 1) return n;
  const k = BigInt(degree);
  let root = above(n, degree);
  for (;;) {
    const next = ((k - 1n) * root + n / root ** (k - 1n)) / k;
    if (next >= root) return root;
    root = next;
  }
}

/** A number not below n^(1/degree), and close to it: from far away Newton's method moves by 1/degree of the way only. */
function above(n: bigint, degree: number): bigint {
  const drop = Math.max(0, floorLog2(n, 1n) - 52);
  const logarithm = (Math.log2(Number(n >> BigInt(drop))) + drop) / degree;
  const shift = Math.max(0, Math.ceil(logarithm) - 52);
  let guess = BigInt(Math.ceil(2 ** (logarithm - shift))) << BigInt(shift);
  while (guess ** BigInt(degree) < n) guess += (guess >> 40n) + 1n;
  return guess;
}
