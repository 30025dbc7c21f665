import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';

/** n e^-x, rounded up: how much mass, at most, n logits get in a softmax that one exceeds by x. */
export function decayed(n: number, x: Fraction): Fraction {
  const power = I.exp(I.interval(x.neg()));
  demand(power !== null, 'a logit is too large');
  return I.upper(power).mul(Fraction.of(n));
}

/** Demands n e^(-lambda - 1) <= lambda: then a soft maximum of n + 1 numbers at an inverse temperature beta is lambda/beta low at most. */
export function demandGapConstant(n: number, lambda: Fraction): void {
  const isShown = decayed(n, lambda.add(Fraction.one)).le(lambda);
  demand(isShown, () => `${n} e^(-lambda - 1) is not shown to be at most lambda = ${lambda}`);
}
