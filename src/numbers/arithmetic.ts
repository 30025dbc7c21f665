import type { Rational } from './rational.js';

/**
 * The one interface of rigorous numbers: closed intervals of reals that never miss.
 *
 * Evaluators are written once over `Arithmetic<I>` and run on doubles (`doubleIntervals`, doubles.ts) or at any
 * precision (`ballIntervals(bits)`, balls.ts).
 *
 * Contract of every operation f (IEEE 1788-2015, sections 4 and 10.5): the result contains f(x) for every point x of
 * the operands at which f is defined. Points outside the domain of f contribute nothing: the result is empty when no
 * point is inside, and its mark has PARTIAL when some point is outside.
 */
export interface Arithmetic<I> {
  /** `float64`, or `P bits`. */
  readonly name: string;
  /** Bits of the significand of the bounds. */
  readonly precision: number;

  readonly empty: I;
  readonly entire: I;
  readonly zero: I;
  readonly one: I;

  /** The tightest interval around an exact number; a single point where the format holds the number. */
  of(value: Rational): I;
  /** The tightest interval around [lo, hi]. Throws RangeError when lo > hi. */
  between(lo: Rational, hi: Rational): I;
  /** [lo, hi] for two doubles, either of which may be infinite. Throws RangeError for NaN and for lo > hi. */
  fromDoubles(lo: number, hi: number): I;

  /** The exact bounds; undefined where unbounded. Throws RangeError for the empty interval. */
  lower(x: I): Rational | undefined;
  upper(x: I): Rational | undefined;
  /** Doubles around the bounds: lo rounded down, hi rounded up; lo > hi for the empty interval only. */
  outer(x: I): { readonly lo: number; readonly hi: number };
  isEmpty(x: I): boolean;

  /** What weakens the statement "the value exists and lies in x": see `Mark`. */
  mark(x: I): Mark;
  /** x with the bits of `mark` added, for bounds that rest on something unproved. */
  marked(x: I, mark: Mark): I;

  /**
   * Whether a < b (a <= b) for every pair of points: true, false when it fails for every pair, undefined when neither.
   * Empty or marked operands decide nothing: the answer is undefined. Compare with `=== true` or `=== false`.
   */
  less(a: I, b: I): boolean | undefined;
  atMost(a: I, b: I): boolean | undefined;

  neg(x: I): I;
  abs(x: I): I;
  sqr(x: I): I;
  /** Domain [0, inf). */
  sqrt(x: I): I;
  exp(x: I): I;
  /** Domain (0, inf). */
  log(x: I): I;
  sin(x: I): I;
  cos(x: I): I;
  tanh(x: I): I;
  /** 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  erf(x: I): I;
  /** The principal branch W0 of Lambert's function, w e^w = x with w >= -1. Domain [-1/e, inf). */
  lambertW(x: I): I;

  add(a: I, b: I): I;
  sub(a: I, b: I): I;
  mul(a: I, b: I): I;
  /** The pairs with a divisor 0 are outside the domain. */
  div(a: I, b: I): I;
  min(a: I, b: I): I;
  max(a: I, b: I): I;

  /** x^n for an integer n, x^0 = 1; for n < 0 the point 0 is outside the domain. Throws RangeError otherwise. */
  pown(x: I, exponent: number): I;
  /**
   * x^r for a rational r: `pown` for integers; otherwise exp(r log x) with 0^r = 0 for r > 0 (`pow` of IEEE 1788):
   * the domain is [0, inf) for r > 0 and (0, inf) for r < 0.
   */
  pow(x: I, exponent: Rational): I;

  /** The least interval around both sets (empty operands drop out). */
  hull(a: I, b: I): I;
  /** The set common to both; two enclosures of one quantity sharpen each other. Marked PARTIAL when empty. */
  intersect(a: I, b: I): I;

  /** The sum of all terms; 0 for none. Tighter than repeated `add`. */
  sum(terms: readonly I[]): I;
  /** The sum of a_i b_i, tighter than separate operations. Throws RangeError when the lengths differ. */
  dot(a: readonly I[], b: readonly I[]): I;
  /**
   * The map x -> Wx + c with exact weights, prepared once (zeros cost nothing) and applied to many vectors; c is 0
   * unless given. Throws RangeError for rows of different lengths and for an offset that has not one entry per row.
   */
  affine(rows: readonly (readonly Rational[])[], offset?: readonly Rational[]): AffineMap<I>;
}

/** Maps a vector of as many entries as W has columns to one entry per row. Throws RangeError for another length. */
export type AffineMap<I> = (vector: readonly I[]) => I[];

/**
 * Facts that weaken an interval, as bits that every operation passes on (decorations of IEEE 1788-2015 section 8,
 * cut down to what a proof asks): 0 says that the function evaluated so far is defined and continuous on the whole
 * input and that its values lie in the interval.
 */
export type Mark = number;
/** Some operation was not defined on all of its input (decoration `trv`). */
export const PARTIAL = 1;
/** The bounds rest on something that was not proved. */
export const UNPROVED = 2;

/** Whether the bounds are proved bounds of a value that exists: non-empty and without a mark. */
export function isGuaranteed<I>(arithmetic: Arithmetic<I>, x: I): boolean {
  return arithmetic.mark(x) === 0 && !arithmetic.isEmpty(x);
}

/** Whether the set x contains the number `value`, decided exactly. */
export function contains<I>(arithmetic: Arithmetic<I>, x: I, value: Rational): boolean {
  if (arithmetic.isEmpty(x)) return false;
  const lo = arithmetic.lower(x);
  const hi = arithmetic.upper(x);
  return (lo === undefined || lo.le(value)) && (hi === undefined || value.le(hi));
}

/** upper - lower, exact; undefined for an unbounded interval. Throws RangeError for the empty interval. */
export function width<I>(arithmetic: Arithmetic<I>, x: I): Rational | undefined {
  const lo = arithmetic.lower(x);
  const hi = arithmetic.upper(x);
  return lo && hi?.sub(lo);
}

/** The number of columns. Throws RangeError for ragged rows or an offset of another length. */
export function checkShape(rows: readonly (readonly Rational[])[], offset?: readonly Rational[]): number {
  const length = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== length)) throw new RangeError('the rows of a matrix differ in length');
  if (offset && offset.length !== rows.length) {
    throw new RangeError(`an offset of ${offset.length} entries for ${rows.length} rows`);
  }
  return length;
}
