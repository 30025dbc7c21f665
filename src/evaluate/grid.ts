import { Rational } from '../numbers/rational.js';

/** A number that lies between two others. */
export interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

/** Finer than the numbers of every format: ends that are not on this grid may take millions of digits. */
const GRID = Rational.pow2(-1200);

export function onGrid(lo: Rational, hi: Rational): Ends {
  return { lo: Rational.of(lo.div(GRID).floor()).mul(GRID), hi: Rational.of(hi.div(GRID).ceil()).mul(GRID) };
}
