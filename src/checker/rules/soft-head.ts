import { Fraction } from '../fraction.js';
import * as I from '../interval.js';

/** Whether n e^(-lambda - 1) <= lambda. */
export function isGapConstant(n: number, lambda: Fraction): boolean {
  const pressure = I.exp(I.interval(lambda.add(Fraction.one).neg()));
  return pressure !== null && I.upper(I.mul(I.interval(Fraction.of(n)), pressure)).le(lambda);
}
