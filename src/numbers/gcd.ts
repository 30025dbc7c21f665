import { bitLength } from './bits.js';

/** Integers below this size are doubles. */
const SAFE = 1n << 53n;

/** Greatest common divisor of a >= 0 and b > 0: the common power of two by shifts, the rest by Lehmer's method. */
export function gcd(a: bigint, b: bigint): bigint {
  if (b < SAFE) return onDoubles(a, b);
  const twos = b & -b;
  if (twos === 1n) return lehmer(a, b);
  const shared = a & -a;
  const common = shared === 0n || twos < shared ? twos : shared;
  return twos === b ? common : lehmer(a, b / twos) * common;
}

/** Least common multiple of positive integers. */
export function lcm(a: bigint, b: bigint): bigint {
  return (a / gcd(a, b)) * b;
}

/** a and b together, for b below 2^53. */
function onDoubles(a: bigint, b: bigint): bigint {
  if (b === 0n) return a;
  let [x, y] = [Number(b), Number(a % b)];
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}

/** Bits of the leading digits: sums of two of them and their quotients are exact in doubles. */
const DIGIT = 50;

/**
 * Lehmer's method (Knuth, TAOCP 2, section 4.5.2, algorithm L): Euclid's quotients are those of the leading digits as
 * long as both extremes of what the lower digits can make of them agree, and some twenty steps at a time are applied to
 * the long numbers as one 2 x 2 matrix of determinant 1 or -1.
 */
function lehmer(a: bigint, b: bigint): bigint {
  if (a < b) [a, b] = [b, a];
  let size = b < SAFE ? 0 : bitLength(a);
  while (b >= SAFE) {
    const by = size - DIGIT;
    const shift = BigInt(by);
    let [x, y] = [Number(a >> shift), Number(b >> shift)];
    let [A, B, C, D] = [1, 0, 0, 1];
    while (y + C !== 0 && y + D !== 0) {
      const q = Math.floor((x + A) / (y + C));
      if (q !== Math.floor((x + B) / (y + D))) break;
      [A, C] = [C, A - q * C];
      [B, D] = [D, B - q * D];
      [x, y] = [y, x - q * y];
    }
    if (B === 0) {
      [a, b] = [b, a % b];
      size = b < SAFE ? 0 : bitLength(a);
    } else {
      [a, b] = [BigInt(A) * a + BigInt(B) * b, BigInt(C) * a + BigInt(D) * b];
      // x leads a up to a unit in its last place times a cofactor: a size that is off by one does no harm.
      size = by + Math.ceil(Math.log2(x + 1));
      if (x < LEAST_DIGIT) size = bitLength(a);
    }
  }
  return onDoubles(a, b);
}

/** Below it, the estimated size of a number could drift. */
const LEAST_DIGIT = 2 ** 20;
