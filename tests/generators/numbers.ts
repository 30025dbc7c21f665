import fc from 'fast-check';
import { Rational } from '../../src/numbers/rational.js';

const SAFE = 2n ** 53n;

/** Integers of every size, with many near 2^53, where a gcd passes from BigInt to doubles. */
export const bigInteger = fc.oneof(
  fc.bigInt({ min: -12n, max: 12n }),
  fc.bigInt({ min: SAFE - 4n, max: SAFE + 4n }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.bigInt({ min: -(2n ** 400n), max: 2n ** 400n }),
);

export const positiveInteger = bigInteger.map((n) => (n < 0n ? -n : n) + 1n);

/** Rationals of every kind: integers, dyadic numbers, decimals, quotients of long integers. */
export const rational = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((n) => Rational.of(n)),
  fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 12 })).map(([p, q]) => Rational.of(p, q)),
  fc.tuple(bigInteger, fc.integer({ min: 0, max: 80 })).map(([p, k]) => Rational.of(p, 2n ** BigInt(k))),
  fc.tuple(bigInteger, fc.integer({ min: 0, max: 30 })).map(([p, k]) => Rational.of(p, 10n ** BigInt(k))),
  fc.tuple(bigInteger, positiveInteger).map(([p, q]) => Rational.of(p, q)),
);

/** Small rationals, so that networks over them stay cheap and coincidences (zeros, ties) happen. */
export const smallRational = fc
  .tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(1, 1, 2, 3, 4))
  .map(([p, q]) => Rational.of(p, q));

/** Finite doubles of every exponent, subnormals and negative zero included. */
export const finiteDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
