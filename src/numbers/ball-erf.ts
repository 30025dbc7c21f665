import { type Ball, ball, bits, negated, shift, ZERO } from './ball.js';
import { div, mul } from './ball-arithmetic.js';
import { expPoint, increasing, sqrt } from './ball-elementary.js';
import { halfPi } from './fixed-point.js';

/** erf x = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x; it rises from -1 to 1. */
export function erf(x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === Number.POSITIVE_INFINITY) return { mid: 0n, exp: 0, rad: 1, mark: x.mark };
  return increasing(erfPoint, x, precision);
}

/**
 * erf x = 2/sqrt(pi) x exp(-x^2) S(2 x^2) with S(t) = sum of t^n/(1 3 5 ... (2n + 1)), whose terms are positive (NIST
 * Digital Library of Mathematical Functions, 7.6.2), to relative precision. From x^2 = 2P on, 0 < 1 - erf x < exp(-x^2)
 * < 2^-2P.
 */
function erfPoint(m: bigint, e: number, precision: number): Ball {
  if (m === 0n) return ZERO;
  if (m < 0n) return negated(erfPoint(-m, e, precision));
  const working = precision + 32;
  const square = m * m;
  if (bits(m) + e > 20 || shift(square, 2 * e) >= BigInt(2 * precision)) {
    return ball(1n, 0, 1, -2 * precision, 0, precision);
  }
  const series = seriesOf(square, 2 * e + 1, working + 24);
  const decay = expPoint(-square, 2 * e, working);
  const factor = div({ mid: 2n, exp: 0, rad: 0, mark: 0 }, sqrtPi(working), working);
  const x: Ball = { mid: m, exp: e, rad: 0, mark: 0 };
  return mul(mul(factor, x, working), mul(decay, series, working), precision);
}

/**
 * S(m 2^e). The argument is cut by less than 1 ulp, and S' <= S/2. Each of N terms is cut by less than 2 ulps, which the
 * later terms multiply by no more than S in all; the terms left out begin with one that was cut to 0 and at least halve:
 * less than (4N + 8) S ulps together.
 */
function seriesOf(m: bigint, e: number, width: number): Ball {
  const w = BigInt(width);
  const t = shift(m, e + width);
  let sum = 1n << w;
  let term = sum;
  let odd = 3n;
  for (; term !== 0n || odd << w < 2n * t; odd += 2n) {
    term = ((term * t) >> w) / odd;
    sum += term;
  }
  return ball(sum, -width, 2 * Number(odd) + 8, bits(sum) - width, 0, width);
}

const roots = new Map<number, Ball>();

function sqrtPi(precision: number): Ball {
  const known = roots.get(precision);
  if (known) return known;
  const width = precision + 16;
  const root = sqrt({ mid: halfPi(width), exp: 1 - width, rad: 2, mark: 0 }, precision);
  roots.set(precision, root);
  return root;
}
