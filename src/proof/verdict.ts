import { Rational } from '../numbers/rational.js';

/**
 * What an audit can say of a claim.
 * - `proved`: shown for the built weights, on the whole domain, in exact or outward-rounded arithmetic;
 * - `refuted`: false, with a witness that was itself verified, or false by an exact count;
 * - `undecided`: neither, and the best enclosure says how far it got;
 * - `observed`: measured on this hardware, within the bound computed for it; only for execution claims.
 */
export type Verdict = 'proved' | 'refuted' | 'undecided' | 'observed';

/** The worst of several verdicts: refuted, then undecided, then proved; observations count as proved. */
export function overall(verdicts: readonly Verdict[]): 'proved' | 'refuted' | 'undecided' {
  if (verdicts.includes('refuted')) return 'refuted';
  return verdicts.includes('undecided') ? 'undecided' : 'proved';
}

/** Exact bounds of a quantity; null where nothing is known on that side. */
export interface Enclosure {
  readonly lo: Rational | null;
  readonly hi: Rational | null;
}

/** Both bounds, where both are known. */
export interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

export function point(value: Rational): Enclosure {
  return { lo: value, hi: value };
}

/** The verdict on "the enclosed quantity is at most `bound`". */
export function atMost(quantity: Enclosure, bound: Rational): Verdict {
  if (quantity.hi?.le(bound)) return 'proved';
  return quantity.lo && bound.lt(quantity.lo) ? 'refuted' : 'undecided';
}

/** What |u| is at least, for u between two numbers. */
export function leastModulus({ lo, hi }: Ends): Rational {
  return lo.max(hi.neg()).max(Rational.zero);
}
