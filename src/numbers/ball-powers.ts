import { type Ball, ball, bits, marked, ONE, ZERO } from './ball.js';
import { abs, div, mul } from './ball-arithmetic.js';
import { exp, increasing, logPoint, onHalfLine, sqrt } from './ball-elementary.js';
import type { Rational } from './rational.js';

/** Integer and rational powers of balls; see `Arithmetic.pown` and `Arithmetic.pow`. */

export function pown(x: Ball, exponent: number, precision: number): Ball {
  if (!Number.isSafeInteger(exponent)) throw new RangeError(`${exponent} is not an integer exponent`);
  if (exponent < 0) return div(ONE, pown(x, -exponent, precision), precision);
  if (x.rad < 0) return x;
  if (exponent === 0) return marked(ONE, x.mark);
  if (x.rad === Number.POSITIVE_INFINITY) return x;
  const kernel = (m: bigint, e: number) => pointPower(m, e, exponent, precision + 64);
  return increasing(kernel, exponent % 2 === 0 ? abs(x, precision) : x, precision);
}

function pointPower(m: bigint, e: number, exponent: number, precision: number): Ball {
  let result = ONE;
  let square: Ball = { mid: m, exp: e, rad: 0, mark: 0 };
  for (let rest = exponent; ; ) {
    if (rest % 2 === 1) result = mul(result, square, precision);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result;
    square = mul(square, square, precision);
  }
}

export function pow(x: Ball, exponent: Rational, precision: number): Ball {
  if (exponent.isInteger()) return pown(x, Number(exponent.num), precision);
  if (exponent.sign() < 0) return div(ONE, pow(x, exponent.neg(), precision), precision);
  const kernel = exponent.den === 2n ? halfIntegerPower : generalPower;
  return onHalfLine((m, e, p) => kernel(m, e, exponent, p), ZERO, x, precision);
}

function halfIntegerPower(m: bigint, e: number, exponent: Rational, precision: number): Ball {
  const root = sqrt({ mid: m, exp: e, rad: 0, mark: 0 }, precision + 64);
  return pown(root, Number(exponent.num), precision + 64);
}

/** x^r = e^(r log x), with as many bits more as r log x has before the point. */
function generalPower(m: bigint, e: number, exponent: Rational, precision: number): Ball {
  if (m === 0n) return ZERO;
  const working = precision + 64;
  return exp(mul(ofRational(exponent, working), logPoint(m, e, working), working), precision);
}

/** A ball of relative radius 2^-(precision + 31) around a number, a point for a short dyadic one. */
export function ofRational(value: Rational, precision: number): Ball {
  if ((value.den & (value.den - 1n)) === 0n) return ball(value.num, 1 - bits(value.den), 0, 0, 0, precision);
  const by = Math.max(precision + 32 + bits(value.den) - bits(value.num), 0);
  const scaled = value.num << BigInt(by);
  const quotient = scaled / value.den;
  return ball(quotient, -by, quotient * value.den === scaled ? 0 : 1, 0, 0, precision);
}
