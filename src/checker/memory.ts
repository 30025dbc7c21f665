import { brief, demand, demandShown } from './failure.js';
import { Fraction } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';
import { fraction, record } from './network.js';

/** A positive function of t = 0, 1, 2, ... that decreases, and is convex for real t >= 0, with its second derivative there. */
export interface Memory {
  readonly text: string;
  value(t: bigint): Interval;
  bend(t: bigint): Interval;
}

/** e^(-alpha t) or (1 + t)^(-p), for alpha, p > 0. */
export function readMemory(value: unknown): Memory {
  const { family, alpha, p } = record(value, 'a memory function', ['family', 'alpha', 'p']);
  const isExponential = family === 'exponential' && p === undefined;
  demand(isExponential || (family === 'polynomial' && alpha === undefined), () => `${brief(family)} is no memory`);
  const rate = fraction(isExponential ? alpha : p, 'the rate of a memory function');
  demand(rate.n > 0n, 'a memory function does not decay');
  if (isExponential) {
    const at = (t: bigint) => powerOf(I.interval(rate.neg().mul(Fraction.of(t))));
    const square = I.interval(rate.mul(rate));
    return { text: `exp(-${rate}*t)`, value: at, bend: (t) => I.mul(square, at(t)) };
  }
  const at = (t: bigint, exponent: Fraction) => powerOf(I.mul(I.interval(exponent.neg()), logOf(Fraction.of(t + 1n))));
  const factor = I.interval(rate.mul(rate.add(Fraction.one)));
  return {
    text: `(1 + t)^(-${rate})`,
    value: (t) => at(t, rate),
    bend: (t) => I.mul(factor, at(t, rate.add(Fraction.of(2)))),
  };
}

/** exp of an interval. */
export function powerOf(exponent: Interval): Interval {
  const value = I.exp(exponent);
  demandShown(value !== null, 'a power could not be enclosed');
  return value;
}

export function logOf(x: Fraction): Interval {
  const value = I.log(I.interval(x));
  demandShown(value !== null, 'a logarithm could not be enclosed');
  return value;
}
