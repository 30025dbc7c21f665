import { ballIntervals } from '../../numbers/balls.js';
import { Rational } from '../../numbers/rational.js';
import { roundedUp } from '../../numbers/round-up.js';
import type { Rule } from '../step.js';
import { gapConstant } from './soft-minimum.js';

/**
 * The soft minimum of psi over all T tokens, with gates, against the minimum over the S tokens without a gate.
 *
 * Let psi_t in [a, b], w = b - a, logits -beta (psi_t + rho_t), rho = 0 on a set of S tokens and rho >= R on the T - S
 * others. The mass of the others is at most leak/(1 + leak), because
 *   sum_out e^{-beta (psi + rho)} / sum_in e^{-beta psi} <= ((T - S)/S) e^{-beta (R - w)} =: leak.
 * Given that mass q, the result is (1 - q) times the soft minimum inside plus q times an average of values in [a, b]:
 *   -w leak/(1 + leak) <= result - min_in psi <= lambda/beta + w leak/(1 + leak),  lambda = W0((S - 1)/e),
 * the first term on the right by the rule soft-minimum. (Coq: proofs-check/coq/GatedMass.v, for w = 1.)
 */
export const gatedMass: Rule = {
  id: 'gated-mass',
  tex: '-w\\tfrac{\\ell}{1+\\ell} \\le \\tilde z - z \\le \\tfrac{\\lambda}{\\beta} + w\\tfrac{\\ell}{1+\\ell},\\quad \\ell = \\tfrac{T-S}{S}e^{-\\beta(R-w)}',
};

const BITS = 128;

/** Upper bounds of what a head may overshoot and undershoot the minimum by. */
export interface HeadError {
  readonly above: Rational;
  readonly below: Rational;
}

export function headError({
  T,
  S,
  beta,
  R,
  width,
}: {
  T: number;
  S: number;
  beta: Rational;
  R: Rational;
  width: Rational;
}): HeadError {
  const soft = S === 1 ? Rational.zero : gapConstant(S, BITS).hi.div(beta);
  if (T === S) return { above: short(soft), below: Rational.zero };
  const A = ballIntervals(BITS);
  const leak = A.upper(A.mul(A.of(Rational.of(T - S, S)), A.exp(A.of(beta.mul(width.sub(R))))));
  const lost = leak ? width.mul(leak.div(leak.add(Rational.one))) : width;
  return { above: short(soft.add(lost)), below: short(lost) };
}

/** Rounded up to few digits: e^{-beta R} is a number of thousands of digits before its first. */
function short(bound: Rational): Rational {
  return bound.isZero() ? bound : roundedUp(bound, 64);
}
