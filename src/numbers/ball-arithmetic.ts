import { type Mark, PARTIAL } from './arithmetic.js';
import {
  aligned,
  type Ball,
  ball,
  between,
  bits,
  type Ends,
  emptied,
  ends,
  entire,
  exponentAbove,
  greatest,
  isNonNegative,
  isZero,
  least,
  marked,
  negated,
  scale,
  shift,
  up,
} from './ball.js';
import { addUp } from './rounding.js';

/** The field operations, the order and the lattice on balls, with middles of `precision` bits. */

const INFINITY = Number.POSITIVE_INFINITY;

export function neg(x: Ball): Ball {
  return negated(x);
}

export function add(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0 || b.rad < 0) return emptied(mark);
  if (a.rad === INFINITY || b.rad === INFINITY) return entire(mark);
  if (a.exp === b.exp) return ball(a.mid + b.mid, a.exp, addUp(a.rad, b.rad), 0, mark, precision);
  return a.exp > b.exp ? addFiner(a, b, mark, precision) : addFiner(b, a, mark, precision);
}

/** a + b for a.exp > b.exp. */
function addFiner(a: Ball, b: Ball, mark: Mark, precision: number): Ball {
  const gap = a.exp - b.exp;
  if (a.mid === 0n && a.rad === 0) return ball(b.mid, b.exp, b.rad, 0, mark, precision);
  if (gap <= 2 * precision + 128) {
    const mid = (a.mid << BigInt(gap)) + b.mid;
    if (a.rad === 0) return ball(mid, b.exp, b.rad, 0, mark, precision);
    return ball(mid, b.exp, addUp(a.rad, tiny(scale(b.rad, -gap), b.rad)), gap, mark, precision);
  }
  const top = Math.max(bits(b.mid), b.rad === 0 ? 0 : exponentAbove(b.rad)) + 1 - gap;
  const mid = a.mid << BigInt(precision);
  const exp = a.exp - precision;
  if (a.rad === 0) return ball(mid, exp, b.mid === 0n && b.rad === 0 ? 0 : 1, top + precision, mark, precision);
  return ball(mid, exp, addUp(a.rad, tiny(scale(1, top), 1)), precision, mark, precision);
}

/** A scaled number, or what bounds it when it underflowed. */
function tiny(scaled: number, original: number): number {
  return original === 0 ? 0 : Math.max(scaled, 2 ** -500);
}

export function sub(a: Ball, b: Ball, precision: number): Ball {
  return add(a, negated(b), precision);
}

export function mul(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0 || b.rad < 0) return emptied(mark);
  const exp = a.exp + b.exp;
  if (a.rad === 0 && b.rad === 0) return ball(a.mid * b.mid, exp, 0, 0, mark, precision);
  if (isZero(a) || isZero(b)) return { mid: 0n, exp: 0, rad: 0, mark };
  if (a.rad === INFINITY || b.rad === INFINITY) return entire(mark);
  const rad = productRadius(a, b);
  if (rad < Number.POSITIVE_INFINITY) return ball(a.mid * b.mid, exp, rad, 0, mark, precision);
  return between(productEnds(ends(a), ends(b)), mark, precision);
}

/**
 * |a.mid| b.rad + |b.mid| a.rad + a.rad b.rad from above where the midpoint-radius product of bounded balls is tight: one
 * of them is a point, or both are thin. Infinite otherwise, and for middles that leave the range of doubles.
 */
export function productRadius(a: Ball, b: Ball): number {
  const aSize = Math.abs(Number(a.mid));
  const bSize = Math.abs(Number(b.mid));
  const isTight = a.rad === 0 || b.rad === 0 || (aSize > 1024 * a.rad && bSize > 1024 * b.rad);
  return isTight && aSize < 2 ** 900 && bSize < 2 ** 900 ? up(aSize * b.rad + bSize * a.rad + a.rad * b.rad) : INFINITY;
}

function productEnds(a: Ends, b: Ends): Ends {
  return { ...extremes(a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi), exp: a.exp + b.exp };
}

function extremes(...values: bigint[]): { readonly lo: bigint; readonly hi: bigint } {
  return {
    lo: values.reduce(least),
    hi: values.reduce(greatest),
  };
}

export function sqr(x: Ball, precision: number): Ball {
  if (x.rad < 0 || x.rad === INFINITY) return x;
  if (productRadius(x, x) < INFINITY) return mul(x, x, precision);
  const { lo, hi, exp } = ends(abs(x, precision));
  return between({ lo: lo * lo, hi: hi * hi, exp: 2 * exp }, x.mark, precision);
}

/** The set of x/y over x in a and y in b other than 0. */
export function div(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0 || b.rad < 0) return emptied(mark);
  if (isZero(b)) return emptied(mark);
  const crossesZero = b.rad === INFINITY || (b.rad !== 0 && !isNonZero(b));
  if (isZero(a)) return { mid: 0n, exp: 0, rad: 0, mark: crossesZero ? mark | PARTIAL : mark };
  if (crossesZero) return entire(mark | PARTIAL);
  if (a.rad === INFINITY) return entire(mark);
  if (a.rad === 0 && b.rad === 0) return quotientOfPoints(a, b, mark, precision);
  return between(quotientEnds(ends(a), ends(b), precision), mark, precision);
}

function isNonZero(x: Ball): boolean {
  return x.mid > x.rad || -x.mid > x.rad;
}

function quotientOfPoints(a: Ball, b: Ball, mark: Mark, precision: number): Ball {
  const by = quotientShift(a.mid, b.mid, precision);
  const dividend = shift(a.mid, by);
  const quotient = dividend / b.mid;
  const isExact = quotient * b.mid === dividend && (by >= 0 || shift(dividend, -by) === a.mid);
  return ball(quotient, a.exp - b.exp - by, isExact ? 0 : 2, 0, mark, precision);
}

/** The power of two by which the dividend grows so that the quotient has some 32 bits more than `precision`. */
function quotientShift(dividend: bigint, divisor: bigint, precision: number): number {
  return Math.max(bits(divisor) - bits(dividend) + precision + 32, 0);
}

function quotientEnds(a: Ends, b: Ends, precision: number): Ends {
  if (b.hi < 0n)
    return quotientEnds({ lo: -a.hi, hi: -a.lo, exp: a.exp }, { lo: -b.hi, hi: -b.lo, exp: b.exp }, precision);
  const by = Math.max(quotientShift(a.lo, b.hi, precision), quotientShift(a.hi, b.hi, precision));
  const lo = floorDivide(a.lo << BigInt(by), a.lo >= 0n ? b.hi : b.lo);
  const hi = -floorDivide(-a.hi << BigInt(by), a.hi >= 0n ? b.lo : b.hi);
  return { lo, hi, exp: a.exp - b.exp - by };
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

export function abs(x: Ball, precision: number): Ball {
  if (x.rad < 0 || x.rad === INFINITY || isNonNegative(x)) return x;
  if (-x.mid >= x.rad) return negated(x);
  const { lo, hi, exp } = ends(x);
  return between({ lo: 0n, hi: greatest(-lo, hi), exp }, x.mark, precision);
}

export function max(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0 || b.rad < 0) return emptied(mark);
  if (a.rad === INFINITY || b.rad === INFINITY) return entire(mark);
  if (isZero(b)) {
    if (isNonNegative(a)) return marked(a, mark);
    if (-a.mid >= a.rad) return marked(b, mark);
  }
  const [x, y] = aligned(ends(a), ends(b));
  if (x.lo >= y.hi) return marked(a, mark);
  if (y.lo >= x.hi) return marked(b, mark);
  return between({ lo: greatest(x.lo, y.lo), hi: greatest(x.hi, y.hi), exp: x.exp }, mark, precision);
}

export function min(a: Ball, b: Ball, precision: number): Ball {
  return negated(max(negated(a), negated(b), precision));
}

export function hull(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0) return marked(b, mark);
  if (b.rad < 0) return marked(a, mark);
  if (a.rad === INFINITY || b.rad === INFINITY) return entire(mark);
  const [x, y] = aligned(ends(a), ends(b));
  return between({ lo: least(x.lo, y.lo), hi: greatest(x.hi, y.hi), exp: x.exp }, mark, precision);
}

export function intersect(a: Ball, b: Ball, precision: number): Ball {
  const mark = a.mark | b.mark;
  if (a.rad < 0 || b.rad < 0) return emptied(mark);
  if (a.rad === INFINITY) return marked(b, mark);
  if (b.rad === INFINITY) return marked(a, mark);
  const [x, y] = aligned(ends(a), ends(b));
  const lo = greatest(x.lo, y.lo);
  const hi = least(x.hi, y.hi);
  return lo > hi ? emptied(mark) : between({ lo, hi, exp: x.exp }, mark, precision);
}

/** See `Arithmetic.less`. */
export function less(a: Ball, b: Ball): boolean | undefined {
  if (decidesNothing(a, b)) return undefined;
  const [x, y] = aligned(ends(a), ends(b));
  return x.hi < y.lo ? true : x.lo >= y.hi ? false : undefined;
}

/** See `Arithmetic.atMost`. */
export function atMost(a: Ball, b: Ball): boolean | undefined {
  if (decidesNothing(a, b)) return undefined;
  const [x, y] = aligned(ends(a), ends(b));
  return x.hi <= y.lo ? true : x.lo > y.hi ? false : undefined;
}

function decidesNothing(a: Ball, b: Ball): boolean {
  return (a.mark | b.mark) !== 0 || a.rad < 0 || b.rad < 0 || a.rad === INFINITY || b.rad === INFINITY;
}
