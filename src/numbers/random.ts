import { Rational } from './rational.js';

const MODULUS = 0x7fffffff;

/**
 * Reproducible pseudo-random numbers in (0, 1): the generator x <- 48271 x mod 2^31 - 1 of Park and Miller (Comm. ACM
 * 36, 1993, p. 108). For searches and samples; nothing rests on its quality.
 */
export function lehmer(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % (MODULUS - 1)) + 1;
  return () => {
    state = (state * 48271) % MODULUS;
    return state / MODULUS;
  };
}

/** A multiple of 2^-bits in [0, 1]: exact in every float format with that many bits. */
export function dyadicFraction(random: () => number, bits: number): Rational {
  return Rational.of(Math.round(random() * 2 ** bits), 2 ** bits);
}
