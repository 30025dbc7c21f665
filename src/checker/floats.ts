import { Fraction } from './fraction.js';
import * as I from './interval.js';

/**
 * Doubles with outward rounding: + - * / are correctly rounded by the language, so that a result is off by at most its
 * 2^-53rd part, or by 2^-1074 where it is tiny. What is not finite is a bound of nothing and compares as false.
 */
const PART = 2 ** -51;
const TINY = 2 ** -1070;

export function size(x: number): number {
  return x < 0 ? -x : x;
}

/** Below the exact result of one operation that came to x. */
export function below(x: number): number {
  return x - size(x) * PART - TINY;
}

export function above(x: number): number {
  return x + size(x) * PART + TINY;
}

/** Two doubles that a number lies between. */
export type Ends = readonly [lo: number, hi: number];

/** A number that lies within `error` of a double. */
export interface Near {
  readonly value: number;
  readonly error: number;
}

/** Doubles around an interval. */
export function outward({ lo, hi }: I.Interval): Ends {
  return [below(Number(lo) * SCALE), above(Number(hi) * SCALE)];
}

const SCALE = 2 ** -Number(I.BITS);

/** The interval between two doubles. */
export function between(lo: number, hi: number): I.Interval {
  return { lo: BigInt(Math.floor(lo / SCALE)), hi: -BigInt(Math.floor(-hi / SCALE)) };
}

/** A fraction as the nearest double, exactly where it is one. */
export function near(x: Fraction): Near {
  const value = Number(x.n) / Number(x.d);
  if (isExact(x)) return { value, error: 0 };
  const [lo, hi] = outward(I.interval(x));
  return { value: lo, error: above(hi - lo) };
}

const MANTISSA = 1n << 53n;
const LARGEST = 1n << 1000n;

function isExact({ n, d }: Fraction): boolean {
  return n < MANTISSA && n > -MANTISSA && d < LARGEST && (d & (d - 1n)) === 0n;
}

/** Doubles around a fraction. */
export function around(x: Fraction): Ends {
  const { value, error } = near(x);
  return error === 0 ? [value, value] : [below(value - error), above(value + error)];
}

/** A finite double as a fraction. */
export function exactly(x: number): Fraction {
  let [n, d] = [x, 1n];
  while (n !== Math.floor(n)) [n, d] = [n * 2, d << 1n];
  return Fraction.of(BigInt(n), d);
}
