import { airy } from './airy.js';
import { brief, demand, demandShown } from './failure.js';
import { Fraction } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';
import { fraction, record, string } from './network.js';

/** A function of t = 0, 1, 2, ... */
export interface MemoryFunction {
  readonly text: string;
  value(t: bigint): Interval;
  /** From this time on it is nowhere negative and does not grow. */
  readonly settled: bigint;
  /** Its second derivative, where it is positive, decreases and is convex for real t >= 0. */
  readonly second: ((t: bigint) => Interval) | null;
}

/** By family: the parameters, and the function. */
const FAMILIES: Readonly<
  Record<string, readonly [names: readonly string[], of: (...values: Fraction[]) => MemoryFunction]>
> = {
  exponential: [['alpha'], decaying],
  polynomial: [['p'], powerLaw],
  airy: [['alpha', 's0'], airyFrom],
  delay: [['alpha'], delay],
};

/** e^(-alpha t), (1 + t)^(-p), Ai(s0 (t - alpha)) or 1 at alpha and 0 elsewhere, for positive parameters (alpha >= 0 in the last two). */
export function readMemoryFunction(value: unknown): MemoryFunction {
  const { family: given, ...parameters } = record(value, 'a memory function', ['family', 'alpha', 'p', 's0']);
  const family = string(given, 'a family');
  demand(Object.hasOwn(FAMILIES, family), () => `${brief(family)} is no memory`);
  const [names, of] = FAMILIES[family];
  const isGiven = Object.keys(parameters).every((name) => names.includes(name) || parameters[name] === undefined);
  demand(isGiven, () => `${brief(family)} is no memory of such parameters`);
  const values = names.map((name) => fraction(parameters[name], 'a parameter of a memory function'));
  const fits = values.every(({ n }, k) => n > 0n || (n === 0n && names[k] === 'alpha' && family !== 'exponential'));
  demand(fits, 'a memory function does not decay');
  return of(...values);
}

function decaying(alpha: Fraction): MemoryFunction {
  const at = (t: bigint) => powerOf(I.interval(alpha.neg().mul(Fraction.of(t))));
  const square = I.interval(alpha.mul(alpha));
  return { text: `exp(-${alpha}*t)`, value: at, settled: 0n, second: (t) => I.mul(square, at(t)) };
}

function powerLaw(p: Fraction): MemoryFunction {
  const at = (t: bigint, exponent: Fraction) => powerOf(I.mul(I.interval(exponent.neg()), logOf(Fraction.of(t + 1n))));
  const factor = I.interval(p.mul(p.add(Fraction.one)));
  const second = (t: bigint) => I.mul(factor, at(t, p.add(Fraction.of(2))));
  return { text: `(1 + t)^(-${p})`, value: (t) => at(t, p), settled: 0n, second };
}

function airyFrom(alpha: Fraction, s0: Fraction): MemoryFunction {
  const value = (t: bigint) => airy(s0.mul(Fraction.of(t).sub(alpha)));
  return { text: `Ai(${s0}*(t - ${alpha}))`, value, settled: 1n + alpha.n / alpha.d, second: null };
}

function delay(alpha: Fraction): MemoryFunction {
  const value = (t: bigint) => I.interval(Fraction.of(alpha.equals(Fraction.of(t)) ? 1 : 0));
  return { text: `[t = ${alpha}]`, value, settled: 1n + alpha.n / alpha.d, second: null };
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
