import { type Mark, PARTIAL } from './arithmetic.js';
import { addDown, addUp, divDown, divUp, LARGEST, mulDown, mulUp, subDown, subUp } from './rounding.js';

/**
 * Closed intervals on doubles with outward rounding: the field operations, the order and the lattice.
 *
 * Level 2 of IEEE 1788-2015 for the inf-sup type of binary64: every operation here returns the tightest interval around
 * the exact range. lo <= hi, lo < +inf and hi > -inf for a non-empty interval; the empty one is [+inf, -inf].
 */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
  readonly mark: Mark;
}

const INFINITY = Number.POSITIVE_INFINITY;

export const EMPTY: Interval = { lo: INFINITY, hi: -INFINITY, mark: PARTIAL };
export const ENTIRE: Interval = { lo: -INFINITY, hi: INFINITY, mark: 0 };
export const ZERO: Interval = { lo: 0, hi: 0, mark: 0 };
export const ONE: Interval = { lo: 1, hi: 1, mark: 0 };

/** [lo, hi]. Throws RangeError for NaN, for lo > hi, and for [+inf, +inf] and its mirror image, which hold no number. */
export function interval(lo: number, hi: number): Interval {
  if (!(lo <= hi) || lo === INFINITY || hi === -INFINITY) throw new RangeError(`[${lo}, ${hi}] is not an interval`);
  return { lo, hi, mark: 0 };
}

/** [x, x]. Throws RangeError for NaN and infinities. */
export function point(x: number): Interval {
  return interval(x, x);
}

/** The trusted constructor: bounds that are known to be proper, and the mark they carry. */
export function bounds(lo: number, hi: number, mark: Mark): Interval {
  return { lo, hi, mark };
}

export function isEmpty(x: Interval): boolean {
  return x.lo > x.hi;
}

function emptied(mark: Mark): Interval {
  return { lo: INFINITY, hi: -INFINITY, mark: mark | PARTIAL };
}

export function neg(x: Interval): Interval {
  return { lo: -x.hi, hi: -x.lo, mark: x.mark };
}

export function add(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  return { lo: addDown(a.lo, b.lo), hi: addUp(a.hi, b.hi), mark };
}

export function sub(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  return { lo: subDown(a.lo, b.hi), hi: subUp(a.hi, b.lo), mark };
}

export function mul(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  if (a.lo >= 0) {
    if (b.lo >= 0) return { lo: mulDown(a.lo, b.lo), hi: mulUp(a.hi, b.hi), mark };
    if (b.hi <= 0) return { lo: mulDown(a.hi, b.lo), hi: mulUp(a.lo, b.hi), mark };
    return { lo: mulDown(a.hi, b.lo), hi: mulUp(a.hi, b.hi), mark };
  }
  if (a.hi <= 0) {
    if (b.lo >= 0) return { lo: mulDown(a.lo, b.hi), hi: mulUp(a.hi, b.lo), mark };
    if (b.hi <= 0) return { lo: mulDown(a.hi, b.hi), hi: mulUp(a.lo, b.lo), mark };
    return { lo: mulDown(a.lo, b.hi), hi: mulUp(a.lo, b.lo), mark };
  }
  if (b.lo >= 0) return { lo: mulDown(a.lo, b.hi), hi: mulUp(a.hi, b.hi), mark };
  if (b.hi <= 0) return { lo: mulDown(a.hi, b.lo), hi: mulUp(a.lo, b.lo), mark };
  return {
    lo: Math.min(mulDown(a.lo, b.hi), mulDown(a.hi, b.lo)),
    hi: Math.max(mulUp(a.lo, b.lo), mulUp(a.hi, b.hi)),
    mark,
  };
}

/** The lower end of the product of two non-empty intervals. */
export function leastProduct(aLo: number, aHi: number, bLo: number, bHi: number): number {
  if (aLo >= 0) return mulDown(bLo >= 0 ? aLo : aHi, bLo);
  if (aHi <= 0) return mulDown(bHi <= 0 ? aHi : aLo, bHi);
  if (bLo >= 0) return mulDown(aLo, bHi);
  if (bHi <= 0) return mulDown(aHi, bLo);
  return Math.min(mulDown(aLo, bHi), mulDown(aHi, bLo));
}

/** The upper end of the product of two non-empty intervals. */
export function greatestProduct(aLo: number, aHi: number, bLo: number, bHi: number): number {
  return -leastProduct(-aHi, -aLo, bLo, bHi);
}

/** The set of x/y over x in a and y in b other than 0 (IEEE 1788-2015, 10.5.3). */
export function div(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  if (b.lo > 0) return dividedByPositive(a, b, mark);
  if (b.hi < 0) return dividedByPositive(neg(a), neg(b), mark);
  return dividedAroundZero(a, b, mark | PARTIAL);
}

function dividedByPositive(a: Interval, b: Interval, mark: Mark): Interval {
  return {
    lo: divDown(a.lo, a.lo >= 0 ? b.hi : b.lo),
    hi: divUp(a.hi, a.hi >= 0 ? b.lo : b.hi),
    mark,
  };
}

/** 0 lies in b; what the other points of b leave of the real line. */
function dividedAroundZero(a: Interval, b: Interval, mark: Mark): Interval {
  if (b.lo === 0 && b.hi === 0) return emptied(mark);
  if (a.lo === 0 && a.hi === 0) return { lo: 0, hi: 0, mark };
  if ((b.lo < 0 && b.hi > 0) || (a.lo < 0 && a.hi > 0)) return { lo: -INFINITY, hi: INFINITY, mark };
  const isPositive = a.lo >= 0 === b.lo >= 0;
  const least = divDown(Math.min(Math.abs(a.lo), Math.abs(a.hi)), Math.max(-b.lo, b.hi));
  return isPositive ? { lo: least, hi: INFINITY, mark } : { lo: -INFINITY, hi: -least, mark };
}

export function sqr(x: Interval): Interval {
  if (x.lo > x.hi) return x;
  const far = Math.max(-x.lo, x.hi);
  const near = Math.max(x.lo, -x.hi, 0);
  return { lo: mulDown(near, near), hi: mulUp(far, far), mark: x.mark };
}

export function abs(x: Interval): Interval {
  if (x.lo >= 0 || x.lo > x.hi) return x;
  return { lo: Math.max(-x.hi, 0), hi: Math.max(-x.lo, x.hi), mark: x.mark };
}

export function min(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  return { lo: Math.min(a.lo, b.lo), hi: Math.min(a.hi, b.hi), mark };
}

export function max(a: Interval, b: Interval): Interval {
  const mark = a.mark | b.mark;
  if (a.lo > a.hi || b.lo > b.hi) return emptied(mark);
  return { lo: Math.max(a.lo, b.lo), hi: Math.max(a.hi, b.hi), mark };
}

export function hull(a: Interval, b: Interval): Interval {
  return { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi), mark: a.mark | b.mark };
}

export function intersect(a: Interval, b: Interval): Interval {
  const lo = Math.max(a.lo, b.lo);
  const hi = Math.min(a.hi, b.hi);
  const mark = a.mark | b.mark;
  return lo > hi ? emptied(mark) : { lo, hi, mark };
}

/** See `Arithmetic.less`. */
export function less(a: Interval, b: Interval): boolean | undefined {
  if (decidesNothing(a, b)) return undefined;
  return a.hi < b.lo ? true : a.lo >= b.hi ? false : undefined;
}

/** See `Arithmetic.atMost`. */
export function atMost(a: Interval, b: Interval): boolean | undefined {
  if (decidesNothing(a, b)) return undefined;
  return a.hi <= b.lo ? true : a.lo > b.hi ? false : undefined;
}

function decidesNothing(a: Interval, b: Interval): boolean {
  return (a.mark | b.mark) !== 0 || a.lo > a.hi || b.lo > b.hi;
}

/** A finite double inside x, near its middle (IEEE 1788-2015, 12.12.8). Throws RangeError for the empty interval. */
export function midpoint(x: Interval): number {
  if (x.lo > x.hi) throw new RangeError('the empty interval has no midpoint');
  if (x.lo === -INFINITY) return x.hi === INFINITY ? 0 : -LARGEST;
  if (x.hi === INFINITY) return LARGEST;
  const sum = x.lo + x.hi;
  return Number.isFinite(sum) ? Math.min(Math.max(sum / 2, x.lo), x.hi) : x.lo / 2 + x.hi / 2;
}

/** The greatest absolute value in x, exact. Throws RangeError for the empty interval. */
export function magnitude(x: Interval): number {
  if (x.lo > x.hi) throw new RangeError('the empty interval has no magnitude');
  return Math.max(-x.lo, x.hi);
}
