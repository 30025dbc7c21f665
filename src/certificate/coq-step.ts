import type { Network } from '../network/network.js';
import { floorLog2 } from '../numbers/convert.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import { roundedTo } from '../numbers/significant-bits.js';
import type { Enclosure } from '../proof/verdict.js';

/** One statement about real numbers, with a proof that coqc finds. */
export interface Lemma {
  readonly name: string;
  readonly statement: string;
  readonly proof: string;
}

/** Lemmas with the general files of proofs-check/coq that they use; or why a step is no statement about numbers. */
export type Formal = { readonly lemmas: readonly Lemma[]; readonly uses: readonly string[] } | string;

/** A step with its data and, likewise, the steps that it rests on. */
export interface Evidence {
  readonly network: Network;
  readonly data: Readonly<Record<string, unknown>>;
  readonly enclosure: Enclosure | null;
  readonly premises: readonly Evidence[];
}

/** The bounds that a step states, or else those that it found. */
export function endsOf({
  data,
  enclosure,
}: Pick<Evidence, 'data' | 'enclosure'>): readonly [Rational, Rational] | null {
  if (data.lo !== undefined) return [parseRational(String(data.lo)), parseRational(String(data.hi))];
  return enclosure?.lo && enclosure.hi ? [enclosure.lo, enclosure.hi] : null;
}

/** Hypotheses of a readout's lemma are rounded outward, its conclusion more coarsely. */
export const HYPOTHESIS_BITS = 64;
export const CONCLUSION_BITS = 32;
/** Nothing is told apart below 2^-FINEST. */
const FINEST = 256;

/** A short number that is at least `value`. */
export function upward(value: Rational, bits: number): Rational {
  if (value.isZero()) return value;
  const least = Rational.pow2(-FINEST);
  if (value.sign() > 0) return roundedTo(value.max(least), bits, 'up');
  const unit = Rational.pow2(floorLog2(-value.num, value.den) + 1 - bits).max(least);
  return Rational.of(value.div(unit).ceil()).mul(unit);
}

/** A short number that is at most `value`. */
export function downward(value: Rational, bits: number): Rational {
  return upward(value.neg(), bits).neg();
}
