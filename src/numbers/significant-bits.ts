import { bitLength } from './bits.js';
import { type Direction, floorLog2 } from './convert.js';
import { Rational } from './rational.js';

/**
 * The number of `bits` significant binary digits that x rounds to in the given direction; ties to the even one. 0 stays 0.
 * A prescription such as beta >= 4 L ln T / eps becomes a weight with a short binary form by rounding it up; 53 bits to
 * nearest are a double, where the exponent is one of a double.
 */
export function roundedTo(x: Rational, bits: number, direction: Direction): Rational {
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

/** Bits of numerator and denominator together of numbers that are written out as they are. */
const LONGEST_BITS = 3000;
const BITS_OF_LONG = 1024;
/** Beyond 2^+-this even a number of few bits has more digits, written as a fraction, than a statement may. */
const LARGEST_EXPONENT = 1900;

/**
 * The number itself where a statement can hold it, otherwise a shorter one below it (`down`) or above it (`up`); null where
 * there is none on that side of a number beyond 2^+-`largest`.
 */
export function statable(x: Rational, direction: 'down' | 'up', largest = LARGEST_EXPONENT): Rational | null {
  const { num, den } = x.abs();
  const [above, below] = [bitLength(num), bitLength(den)];
  if (above + below <= LONGEST_BITS) return x;
  if (Math.abs(above - below) < largest) return roundedTo(x, BITS_OF_LONG, direction);
  const isLarge = above > below;
  const isInward = x.sign() > 0 === (direction === 'down');
  const limit = Rational.pow2(isLarge ? largest : -largest);
  if (isInward) return isLarge ? (x.sign() > 0 ? limit : limit.neg()) : Rational.zero;
  return isLarge ? null : x.sign() > 0 ? limit : limit.neg();
}
