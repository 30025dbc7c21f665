import { type Direction, floorLog2 } from './convert.js';
import { Rational } from './rational.js';

/**
 * The number of `bits` significant binary digits that x rounds to in the given direction; ties to the even one. 0 stays 0.
 */
export function shortened(x: Rational, bits: number, direction: Direction): Rational {
  if (x.isZero()) return x;
  const unit = Rational.pow2(floorLog2(x.abs().num, x.den) + 1 - bits);
  const count = x.div(unit);
  if (direction === 'up') return Rational.of(count.ceil()).mul(unit);
  if (direction === 'down') return Rational.of(count.floor()).mul(unit);
  const below = count.floor();
  const twice = count.sub(Rational.of(below)).mul(Rational.of(2));
  const order = twice.compare(Rational.one);
  const nearest = order > 0 || (order === 0 && below % 2n !== 0n) ? below + 1n : below;
  return Rational.of(nearest).mul(unit);
}
