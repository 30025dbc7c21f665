import { type Mark, PARTIAL } from './arithmetic.js';
import { bitLength } from './bits.js';
import { addUp } from './rounding.js';

/**
 * Balls on BigInt: the set of reals within rad 2^exp of mid 2^exp, the representation of numbers at any precision.
 *
 * Why balls and why BigInt (50 digits, one core, nanoseconds per operation): a BigInt multiply-add takes 64, MPFR in
 * WebAssembly 57 as two calls but 114 for the two bounds of an interval, and every MPFR result must be allocated and
 * freed by hand (77); exp takes 3500 against 2 x 3700. A radius costs one double operation instead of a second number.
 * Nothing outside this folder has to be trusted, and MPFR stays free to be the independent judge of the tests. The
 * price: a half-line is not a ball, so that an unbounded result becomes the whole line.
 *
 * The radius is a double, 0 or between 2^-64 and 2^63, computed by round-to-nearest operations on positive numbers and
 * inflated by `up` after at most six of them. Middles keep between P and P + 63 bits, rounded by multiples of 64 so
 * that numbers of similar size share their exponent and vectors need no alignment.
 */
export interface Ball {
  readonly mid: bigint;
  readonly exp: number;
  /** Infinite for the whole line, -1 for the empty set. */
  readonly rad: number;
  readonly mark: Mark;
}

export const EMPTY: Ball = { mid: 0n, exp: 0, rad: -1, mark: PARTIAL };
export const ENTIRE: Ball = { mid: 0n, exp: 0, rad: Number.POSITIVE_INFINITY, mark: 0 };
export const ZERO: Ball = { mid: 0n, exp: 0, rad: 0, mark: 0 };
export const ONE: Ball = { mid: 1n, exp: 0, rad: 0, mark: 0 };

/** Numbers of 2^(2^23) and beyond become the whole line, positive ones below 2^(-2^23) an interval around 0. */
const EXPONENT_LIMIT = 2 ** 23;
const SMALLEST_RADIUS = 2 ** -64;

export function emptied(mark: Mark): Ball {
  return { mid: 0n, exp: 0, rad: -1, mark: mark | PARTIAL };
}

export function entire(mark: Mark): Ball {
  return { mid: 0n, exp: 0, rad: Number.POSITIVE_INFINITY, mark };
}

/** An upper bound of the exact value of up to six operations on positive doubles that gave x. */
export function up(x: number): number {
  return x * (1 + 2 ** -50);
}

/** x 2^k up to the rounding of an underflow, for any integer k. */
export function scale(x: number, k: number): number {
  if (k > 1000) return k > 3000 ? (x === 0 ? 0 : Number.POSITIVE_INFINITY) : scale(x * 2 ** 1000, k - 1000);
  if (k < -1000) return k < -3000 ? 0 : scale(x * 2 ** -1000, k + 1000);
  return x * POW2[k + 1000];
}

const POW2 = Float64Array.from({ length: 2001 }, (_, i) => Number(i < 1000 ? 0 : 1n << BigInt(i - 1000)));
for (let i = 0; i < 1000; i++) POW2[i] = 1 / POW2[2000 - i];

/** m 2^k rounded down to an integer, for any integer k. */
export function shift(m: bigint, k: number): bigint {
  return k >= 0 ? m << BigInt(k) : m >> BigInt(-k);
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;

/** The least b with x < 2^b for a positive normal double. */
export function exponentAbove(x: number): number {
  DOUBLE[0] = x;
  return (WORDS[TOP] >>> 20) - 1022;
}

/** Some b with |m| < 2^b, the least one or one more; 0 for 0. */
export function bits(m: bigint): number {
  const size = Math.abs(Number(m));
  if (size === 0) return 0;
  return size < Number.POSITIVE_INFINITY ? exponentAbove(size) : bitLength(m < 0n ? -m : m);
}

/**
 * The reals within rad 2^(exp + radShift) of mid 2^exp, as a ball whose middle has about `precision` bits. `rad` is an
 * upper bound, 0 or of normal size; powers of two scale it exactly.
 */
export function ball(mid: bigint, exp: number, rad: number, radShift: number, mark: Mark, precision: number): Ball {
  const excess = bits(mid) - precision;
  let drop = excess >= 64 ? excess - (excess % 64) : 0;
  if (rad !== 0) {
    const radBits = exponentAbove(rad) + radShift;
    if (radBits - drop > 62) drop = radBits - 53;
    else if (radBits < -32 && excess < 0) drop = Math.max(radBits, excess);
  }
  const scaled = rad === 0 ? 0 : Math.max(scale(rad, radShift - drop), SMALLEST_RADIUS);
  if (drop === 0) return inRange(mid, exp, scaled, mark);
  const rest = shift(mid, -drop);
  const isExact = drop < 0 || BigInt.asUintN(drop, mid) === 0n;
  return inRange(rest, exp + drop, isExact ? scaled : addUp(scaled, 1), mark);
}

function inRange(mid: bigint, exp: number, rad: number, mark: Mark): Ball {
  if (Math.abs(exp) < EXPONENT_LIMIT / 2) return { mid, exp, rad, mark };
  const top = exp + Math.max(bits(mid), rad === 0 ? 0 : exponentAbove(rad)) + 1;
  if (mid === 0n && rad === 0) return { mid, exp: 0, rad, mark };
  if (top > EXPONENT_LIMIT) return entire(mark);
  if (top > -EXPONENT_LIMIT) return { mid, exp, rad, mark };
  return { mid: mid >= rad ? 1n : -mid >= rad ? -1n : 0n, exp: -EXPONENT_LIMIT, rad: 1, mark };
}

/** The two ends lo 2^exp and hi 2^exp of a bounded ball, the radius rounded up to a multiple of 2^-10 units. */
export interface Ends {
  readonly lo: bigint;
  readonly hi: bigint;
  readonly exp: number;
}

export function ends({ mid, exp, rad }: Ball): Ends {
  if (rad === 0) return { lo: mid, hi: mid, exp };
  if (Number.isInteger(rad)) return { lo: mid - BigInt(rad), hi: mid + BigInt(rad), exp };
  const fine = BigInt(Math.ceil(rad * 1024));
  return { lo: (mid << 10n) - fine, hi: (mid << 10n) + fine, exp: exp - 10 };
}

/**
 * A ball around [lo, hi] 2^exp. The end nearer to 0 stays exact where the middle holds it, and what is positive does not
 * become negative: a lower end below 2^-48 of the upper one is replaced by 0.
 */
export function between({ lo, hi, exp }: Ends, mark: Mark, precision: number): Ball {
  if (-lo > hi) return negated(between({ lo: -hi, hi: -lo, exp }, mark, precision));
  const excess = bits(hi - lo) - 52;
  if (excess <= 0) return ball(lo + hi, exp - 1, Number(hi - lo), 0, mark, precision);
  const start = lo > 0n && bits(lo) <= excess + 3 ? 0n : lo;
  const width = -shift(start - hi, -excess);
  return ball(2n * start + shift(width, excess), exp - 1, Number(width), excess, mark, precision);
}

export function least(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function greatest(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

export function negated(x: Ball): Ball {
  return { mid: -x.mid, exp: x.exp, rad: x.rad, mark: x.mark };
}

/** Whether no number in the bounded ball is negative. */
export function isNonNegative(x: Ball): boolean {
  return x.rad === 0 ? x.mid >= 0n : x.mid >= x.rad;
}

/** Whether the radius is below 2^-10 of the middle, so that midpoint-radius formulas lose next to nothing. */
export function isThin(x: Ball): boolean {
  return Math.abs(Number(x.mid)) > 1024 * x.rad;
}

export function isZero(x: Ball): boolean {
  return x.mid === 0n && x.rad === 0;
}

export function marked(x: Ball, mark: Mark): Ball {
  return (x.mark | mark) === x.mark ? x : { mid: x.mid, exp: x.exp, rad: x.rad, mark: x.mark | mark };
}

/** Both with the smaller of the two exponents. */
export function aligned(a: Ends, b: Ends): readonly [Ends, Ends] {
  const exp = Math.min(a.exp, b.exp);
  return [withExponent(a, exp), withExponent(b, exp)];
}

function withExponent(x: Ends, exp: number): Ends {
  return x.exp === exp ? x : { lo: shift(x.lo, x.exp - exp), hi: shift(x.hi, x.exp - exp), exp };
}
