import { towards } from './elementary.js';
import { mulDown, mulUp, nextUp, productError, sumError } from './rounding.js';

/**
 * x^n for a double x >= 0 and an integer n >= 1, rounded down or up.
 *
 * Binary powering with directed products brackets the value and finds the exact cases. Where that leaves more than one
 * double between the bounds, it runs on pairs of doubles: each product errs by at most 7u^2 relative (Joldes, Muller,
 * Popescu 2017, DWTimesDW1), x^n in total by (n - 1) 7u^2 (1 + 2^-50) < n 2^-103, as long as nothing over- or underflows.
 */
export function powDown(x: number, n: number): number {
  return powBound(x, n, false);
}

export function powUp(x: number, n: number): number {
  return powBound(x, n, true);
}

function powBound(x: number, n: number, up: boolean): number {
  const lower = directedPower(x, n, mulDown);
  const upper = directedPower(x, n, mulUp);
  const isDone = upper <= nextUp(lower) || lower < 2 ** -900 || upper > 2 ** 900 || n > 2 ** 40;
  if (isDone) return up ? upper : lower;
  const [high, low] = pairPower(x, n);
  return towards(up, high, low, n * 2 ** -103);
}

function directedPower(x: number, n: number, multiply: (a: number, b: number) => number): number {
  let result = 1;
  let square = x;
  for (let rest = n; ; ) {
    if (rest % 2 === 1) result = multiply(result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result;
    square = multiply(square, square);
  }
}

type Pair = readonly [high: number, low: number];

function pairPower(x: number, n: number): Pair {
  let result: Pair = [1, 0];
  let square: Pair = [x, 0];
  for (let rest = n; ; ) {
    if (rest % 2 === 1) result = pairProduct(result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result;
    square = pairProduct(square, square);
  }
}

function pairProduct([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const product = a * b;
  const rest = productError(a, b, product) + (a * bLow + aLow * b);
  const high = product + rest;
  return [high, sumError(product, rest, high)];
}
