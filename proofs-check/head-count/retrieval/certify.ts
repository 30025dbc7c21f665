import { Rational, roundedUp } from '../../../src/index.js';

export { retrievalText } from '../../../src/index.js';

/** What a certificate states of a slope: a short number below it, and none that is too large for the checker's numbers. */
export function certifiedSlope(slope: Rational): Rational {
  return slope.sign() > 0 ? roundedUp(slope.min(STEEPEST).inverse(), SLOPE_BITS).inverse() : slope;
}

const SLOPE_BITS = 24;
const STEEPEST = Rational.pow2(128);
