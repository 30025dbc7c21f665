import { floorLog2 } from './convert.js';
import { Rational } from './rational.js';

/**
 * The least dyadic number of `bits` significant bits that is at least the positive number x: a prescription such as
 * beta >= 4 L ln T / eps, rounded in the safe direction to a weight with a short binary form.
 */
export function roundedUp(x: Rational, bits: number): Rational {
  const unit = Rational.pow2(floorLog2(x.num, x.den) + 1 - bits);
  return Rational.of(x.div(unit).ceil()).mul(unit);
}

/** The dyadic number of `bits` significant bits that is nearest to x: for 53 a double, where the exponent is one of a double. */
export function roundedNear(x: Rational, bits: number): Rational {
  const { below, unit } = roundedBelow(x, bits);
  return x.sub(below).mul(Rational.of(2)).lt(unit) ? below : below.add(unit);
}

/** The least dyadic number of `bits` significant bits that is at least x. */
export function roundedAbove(x: Rational, bits: number): Rational {
  const { below, unit } = roundedBelow(x, bits);
  return below.equals(x) ? x : below.add(unit);
}

/** The largest dyadic number of about `bits` significant bits that is at most x, and the distance to the next. */
export function roundedBelow(x: Rational, bits: number): { readonly below: Rational; readonly unit: Rational } {
  if (x.isZero()) return { below: x, unit: x };
  const unit = Rational.pow2(floorLog2(x.num < 0n ? -x.num : x.num, x.den) + 1 - bits);
  return { below: Rational.of(x.div(unit).floor()).mul(unit), unit };
}
