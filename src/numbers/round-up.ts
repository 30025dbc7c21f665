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
