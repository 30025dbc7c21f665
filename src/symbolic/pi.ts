import { Rational } from '../numbers/rational.js';

/** Rational bounds of pi at most 2^-bits apart. */
export function piBounds(bits: number): { readonly lo: Rational; readonly hi: Rational } {
  const known = cache.get(bits);
  if (known) return known;
  const shift = bits + GUARD_BITS;
  const five = arctanInverse(5n, shift);
  const large = arctanInverse(239n, shift);
  const unit = Rational.pow2(-shift);
  const bounds = {
    lo: Rational.of(16n * five.lo - 4n * large.hi).mul(unit),
    hi: Rational.of(16n * five.hi - 4n * large.lo).mul(unit),
  };
  cache.set(bits, bounds);
  return bounds;
}

/** Well above log2 of the rounding slack for any precision in use. */
const GUARD_BITS = 64;

const cache = new Map<number, { readonly lo: Rational; readonly hi: Rational }>();

/**
 * Integer bounds of 2^shift arctan(1/n), from the alternating series sum_k (-1)^k / ((2k + 1) n^(2k + 1)) (Machin's
 * formula pi = 16 arctan(1/5) - 4 arctan(1/239) takes two of them). Every quotient is cut by less than 1, and the
 * tail is below its first term, which is below 1.
 */
function arctanInverse(n: bigint, shift: number): { readonly lo: bigint; readonly hi: bigint } {
  let total = 0n;
  let terms = 0n;
  let power = (1n << BigInt(shift)) / n;
  for (; power > 0n; terms += 1n) {
    const term = power / (2n * terms + 1n);
    total += terms % 2n === 0n ? term : -term;
    power /= n * n;
  }
  const slack = 2n * terms + 2n;
  return { lo: total - slack, hi: total + slack };
}
