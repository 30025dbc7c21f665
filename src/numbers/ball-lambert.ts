import { PARTIAL } from './arithmetic.js';
import {
  type Ball,
  ball,
  between,
  bits,
  emptied,
  ends,
  entire,
  marked,
  negated,
  ONE,
  scale,
  shift,
  ZERO,
} from './ball.js';
import { add, atMost, div, hull, less, max, mul, sub } from './ball-arithmetic.js';
import { expPoint, increasing, sqrt } from './ball-elementary.js';
import { ofRational } from './ball-powers.js';
import { fromFloat } from './convert.js';
import { approximation } from './lambert.js';

/**
 * W0 of balls. w -> w e^w increases for w >= -1, so the sign of w e^w - x at two points around a candidate proves an
 * enclosure of W0(x); how the candidate was found is of no importance to the proof.
 */
export function lambertW(x: Ball, precision: number): Ball {
  if (x.rad < 0) return x;
  if (x.rad === Number.POSITIVE_INFINITY) return entire(x.mark | PARTIAL);
  const { lo, hi, exp } = ends(x);
  if (!isInDomain(hi, exp, precision)) return emptied(x.mark);
  if (isInDomain(lo, exp, precision)) return increasing(lambertPoint, x, precision);
  return marked(hull(negated(ONE), lambertPoint(hi, exp, precision), precision), x.mark | PARTIAL);
}

/** Whether m 2^e > -1/e, an irrational number: enough bits decide. */
function isInDomain(m: bigint, e: number, precision: number): boolean {
  if (m >= 0n) return true;
  const x = point(m, e);
  for (let working = precision + 32; ; working *= 2) {
    const answer = less(negated(expPoint(-1n, 0, working)), x);
    if (answer !== undefined) return answer;
  }
}

/** Beyond it the exponential of the result leaves the range of exponents. */
const LARGEST_BITS = 2 ** 22;

function lambertPoint(m: bigint, e: number, precision: number): Ball {
  if (m === 0n) return ZERO;
  const top = bits(m) + e;
  if (top > LARGEST_BITS) return entire(0);
  // |W0(x) - x| < 2 x^2 for |x| < 1/8.
  if (top < -precision - 20) return ball(m, e, 1, 2 * top + 1 - e, 0, precision);
  const x = point(m, e);
  if (m < 0n && top >= -1) {
    const working = 2 * precision + 64;
    return verified(iterated(branchSeries(x, working), 4, x, working), x, precision, working);
  }
  const working = precision + 32;
  return verified(iterated(doubleApproximation(m, top), 40, x, working), x, precision, working);
}

function point(mid: bigint, exp: number): Ball {
  return { mid, exp, rad: 0, mark: 0 };
}

function middle(x: Ball): Ball {
  return point(x.mid, x.exp);
}

/** Some 40 bits of W0(x) for 2^(top-2) <= x < 2^top. */
function doubleApproximation(m: bigint, top: number): Ball {
  const logarithm = top * Math.LN2;
  const w =
    top > 1000 ? logarithm - Math.log(logarithm) : approximation(scale(Number(shift(m, 64 - bits(m))), top - 64));
  return ofRational(fromFloat(w), 64);
}

/** The first terms of W0(x) = -1 + p - p^2/3 + ..., p^2 = 2(e x + 1), at the branch point (Corless et al. 1996, 4.22). */
function branchSeries(x: Ball, working: number): Ball {
  const square = add(mul(mul(expPoint(1n, 0, working), x, working), point(2n, 0), working), point(2n, 0), working);
  if (square.mid <= 0n) return negated(ONE);
  const p = sqrt(middle(square), working);
  return sub(sub(p, div(square, point(3n, 0), working), working), ONE, working);
}

/** Halley's iteration, which triples the number of correct bits. */
function iterated(start: Ball, bitsKnown: number, x: Ball, working: number): Ball {
  let w = middle(start);
  for (let known = bitsKnown; known < working; known *= 3) {
    const residual = sub(w, mul(x, expPoint(-w.mid, w.exp, working), working), working);
    const slope = add(w, ONE, working);
    if (slope.mid === 0n) return w;
    const bend = div(mul(add(slope, ONE, working), residual, working), mul(slope, point(2n, 0), working), working);
    w = middle(sub(w, div(residual, sub(slope, bend, working), working), working));
  }
  return w;
}

/** [w - d, w + d] for the least d = 1, 16, 256, ... units of the last place at which both ends are proved. */
function verified(w: Ball, x: Ball, precision: number, working: number): Ball {
  const by = bits(w.mid) - precision - 16;
  const exp = w.exp + by;
  const mid = shift(w.mid, -by);
  const leftOf = (m: bigint) => isBelowMinusOne(m, exp) || atMost(timesExp(m, exp, working), x) === true;
  const rightOf = (m: bigint) => !isBelowMinusOne(m, exp) && atMost(x, timesExp(m, exp, working)) === true;
  let below = 1n;
  while (!leftOf(mid - below)) below *= 16n;
  let above = 1n;
  while (!rightOf(mid + above)) above *= 16n;
  const result = between({ lo: mid - below, hi: mid + above, exp }, 0, precision);
  return isBelowMinusOne(mid - below, exp) ? max(result, negated(ONE), precision) : result;
}

function isBelowMinusOne(m: bigint, exp: number): boolean {
  return exp < 0 && m < -(1n << BigInt(-exp));
}

/** w e^w at w = m 2^exp. */
function timesExp(m: bigint, exp: number, working: number): Ball {
  return mul(point(m, exp), expPoint(m, exp, working), working);
}
