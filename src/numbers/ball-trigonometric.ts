import { type Ball, ball, bits, ends, marked, negated, ONE, scale, shift } from './ball.js';
import { add, hull, intersect } from './ball-arithmetic.js';
import { cosOf, halfPi, sinOf } from './fixed-point.js';

/** sin and cos of balls. */

export function sin(x: Ball, precision: number): Ball {
  return shiftedSin(x, 0n, precision);
}

export function cos(x: Ball, precision: number): Ball {
  return shiftedSin(x, 1n, precision);
}

/** Numbers of 2^65536 and beyond are not reduced; their sine is somewhere in [-1, 1]. */
const LARGEST_BITS = 2 ** 16;

/** sin(x + turns pi/2): a Lipschitz bound for thin balls, otherwise the ends and the extrema between them. */
function shiftedSin(x: Ball, turns: bigint, precision: number): Ball {
  if (x.rad < 0) return x;
  const size = scale(x.rad, x.exp);
  if (size >= 3.125 || bits(x.mid) + x.exp > LARGEST_BITS) return { mid: 0n, exp: 0, rad: 1, mark: x.mark };
  if (size < 2 ** -10) {
    const { value } = atPoint(x.mid, x.exp, turns, precision);
    return marked(x.rad === 0 ? value : add(value, { ...x, mid: 0n }, precision), x.mark);
  }
  const { lo, hi, exp } = ends(x);
  const first = atPoint(lo, exp, turns, precision);
  const last = atPoint(hi, exp, turns, precision);
  let range = hull(first.value, last.value, precision);
  if (passes(1n, first.quadrant, last.quadrant)) range = hull(range, ONE, precision);
  if (passes(3n, first.quadrant, last.quadrant)) range = hull(range, negated(ONE), precision);
  return marked(intersect(range, { mid: 0n, exp: 0, rad: 1, mark: 0 }, precision), x.mark);
}

/** Whether some n = residue mod 4 has first < n <= last. */
export function passes(residue: bigint, first: bigint, last: bigint): boolean {
  return (last - residue) >> 2n > (first - residue) >> 2n;
}

interface PointValue {
  readonly value: Ball;
  /** The greatest n with n pi/2 <= x, plus the turns. */
  readonly quadrant: bigint;
}

/** sin(x + turns pi/2) at x = m 2^e; |sin x - x| < |x|^3/6 and |cos x - 1| <= x^2/2 where that is enough. */
export function atPoint(m: bigint, e: number, turns: bigint, precision: number): PointValue {
  const top = bits(m) + e;
  if (m === 0n || 2 * top < -precision - 20) {
    const isSine = (turns & 1n) === 0n;
    const error = m === 0n ? 0 : 1;
    const value = isSine ? ball(m, e, error, 3 * top - e, 0, precision) : ball(1n, 0, error, 2 * top, 0, precision);
    return { value, quadrant: m < 0n ? turns - 1n : turns };
  }
  const { k, r, width } = reduced(m, e, top, precision);
  const n = k + turns;
  const { value, error } = ((n & 1n) === 0n ? sinOf : cosOf)(r < 0n ? -r : r, width);
  const isNegative = ((n & 2n) !== 0n) !== ((n & 1n) === 0n && r < 0n);
  return {
    value: ball(isNegative ? -value : value, -width, error + 2, 0, 0, precision),
    quadrant: r < 0n ? n - 1n : n,
  };
}

/**
 * x = m 2^e = k pi/2 + r 2^-width with |r 2^-width| < 0.8, r off by less than 2 ulps and of more than `precision` bits,
 * so that its sign is certain. The guard bits swallow the error 1 + 2|k|, |k| <= 2^top, of the product.
 */
function reduced(m: bigint, e: number, top: number, precision: number) {
  const guard = Math.max(top, 0) + 3;
  for (let width = precision + 16 + Math.max(-top, 0); ; ) {
    const fine = shift(m, e + width + guard);
    const quarter = halfPi(width + guard);
    const k = nearestQuotient(fine, quarter);
    const r = (fine - k * quarter) >> BigInt(guard);
    const lacking = precision + 10 - bits(r);
    if (lacking <= 0) return { k, r, width };
    width += lacking;
  }
}

function nearestQuotient(a: bigint, b: bigint): bigint {
  const doubled = 2n * a + b;
  const quotient = doubled / (2n * b);
  return doubled < 0n && quotient * 2n * b !== doubled ? quotient - 1n : quotient;
}
