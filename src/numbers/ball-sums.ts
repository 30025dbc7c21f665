import { type AffineMap, checkShape, type Mark } from './arithmetic.js';
import { type Ball, ball, bits, emptied, entire, isZero, marked, scale, shift, up, ZERO } from './ball.js';
import { add, mul, productRadius } from './ball-arithmetic.js';
import { ofRational } from './ball-powers.js';
import type { Rational } from './rational.js';
import { addUp } from './rounding.js';

/** Sums, dot products and affine maps of balls: middles are added exactly with a common exponent and rounded once. */

/** The sum of finitely many balls; those of a dot product still have long middles and radii of up to 2^970. */
export function sum(terms: readonly Ball[], precision: number): Ball {
  let mark = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const x of terms) {
    mark |= x.mark;
    if (x.mid === 0n && x.rad === 0) continue;
    if (!(x.rad >= 0 && x.rad < Number.POSITIVE_INFINITY)) return improper(terms, mark);
    least = Math.min(least, x.exp);
    greatest = Math.max(greatest, x.exp);
  }
  if (least === Number.POSITIVE_INFINITY) return marked(ZERO, mark);
  if (greatest - least > 4 * precision + 1024) {
    return terms.reduce((total, x) => add(total, x, precision), ZERO);
  }
  let mid = 0n;
  let rad = 0;
  for (const x of terms) {
    mid += x.exp === least ? x.mid : x.mid << BigInt(x.exp - least);
    if (x.rad !== 0) rad = addUp(rad, Math.max(scale(x.rad, x.exp - greatest), 2 ** -500));
  }
  return ball(mid, least, rad, greatest - least, mark, precision);
}

/** A sum with an unbounded or empty term. */
function improper(terms: readonly Ball[], mark: Mark): Ball {
  const all = terms.reduce((marks, x) => marks | x.mark, mark);
  return terms.some((x) => x.rad < 0) ? emptied(all) : entire(all);
}

export function dot(a: readonly Ball[], b: readonly Ball[], precision: number): Ball {
  if (a.length !== b.length) throw new RangeError(`a dot product of ${a.length} and ${b.length} entries`);
  return sum(
    a.map((x, i) => product(x, b[i], precision)),
    precision,
  );
}

/** The exact product of the middles where midpoint-radius form loses nothing. */
function product(a: Ball, b: Ball, precision: number): Ball {
  const rad = a.rad < 0 || b.rad < 0 ? Number.POSITIVE_INFINITY : productRadius(a, b);
  if (rad < Number.POSITIVE_INFINITY) return { mid: a.mid * b.mid, exp: a.exp + b.exp, rad, mark: a.mark | b.mark };
  return mul(a, b, precision);
}

/**
 * Beyond these sizes of precision, weights and alignment, radii could leave the range of doubles: a row of weights and
 * an aligned entry multiply to less than 2^900. Affine maps are then ordinary dot products.
 */
const EASY_BITS = 400;

/** The non-zero weights of a row as integers in a common unit, with sizes and errors from above, and its offset. */
interface Row {
  readonly columns: readonly number[];
  readonly weights: readonly bigint[];
  readonly sizes: readonly number[];
  readonly misses: readonly number[];
  readonly offset: bigint;
  readonly offsetMiss: number;
}

/** See `Arithmetic.affine`. */
export function affine(
  rows: readonly (readonly Rational[])[],
  offset: readonly Rational[] | undefined,
  precision: number,
): AffineMap<Ball> {
  const length = checkShape(rows, offset);
  const balls = rows.map((row) => row.map((weight) => ofRational(weight, precision)));
  const offsets = rows.map((_, i) => (offset ? ofRational(offset[i], precision) : ZERO));
  const unit = leastExponent(balls.flat());
  const offsetUnit = leastExponent(offsets);
  const prepared =
    isEasy(balls.flat(), unit, precision) && isEasy(offsets, offsetUnit, precision)
      ? rows.map((_, i) => prepare(balls[i], unit, offsets[i], offsetUnit))
      : undefined;
  return (vector) => {
    if (vector.length !== length) throw new RangeError(`${vector.length} entries for a matrix of ${length} columns`);
    const mark = vector.reduce((marks, x) => marks | x.mark, 0);
    if (vector.some((x) => x.rad < 0)) return rows.map(() => emptied(mark));
    const exponent = Math.min(leastExponent(vector), offsetUnit - unit);
    const entries = prepared && align(vector, exponent, offsetUnit - unit);
    if (!entries) return balls.map((row, i) => marked(add(dot(row, vector, precision), offsets[i], precision), mark));
    return prepared.map((row) => apply(row, entries, exponent + unit, mark, precision));
  };
}

/** More than the exponents of the entries of any vector of interest. */
const EXPONENT_OF_NONE = 2 ** 30;

function leastExponent(balls: readonly Ball[]): number {
  return balls.reduce((least, x) => (isZero(x) ? least : Math.min(least, x.exp)), EXPONENT_OF_NONE);
}

function isEasy(balls: readonly Ball[], unit: number, precision: number): boolean {
  return precision <= EASY_BITS && balls.every((x) => isZero(x) || x.exp - unit + bits(x.mid) < EASY_BITS);
}

function prepare(balls: readonly Ball[], unit: number, offset: Ball, offsetUnit: number): Row {
  const columns = [...balls.keys()].filter((j) => balls[j].mid !== 0n);
  const weights = columns.map((j) => shift(balls[j].mid, balls[j].exp - unit));
  return {
    columns,
    weights,
    sizes: weights.map((weight) => up(Math.abs(Number(weight)))),
    misses: columns.map((j) => scale(balls[j].rad, balls[j].exp - unit)),
    offset: isZero(offset) ? 0n : shift(offset.mid, offset.exp - offsetUnit),
    offsetMiss: offset.rad === 0 ? 0 : scale(offset.rad, offset.exp - offsetUnit),
  };
}

/** A vector in a common unit, and the shift and factor that bring offsets to the unit of the products. */
interface Entries {
  readonly mids: readonly bigint[];
  readonly rads: readonly number[];
  readonly offsetShift: bigint;
  readonly offsetScale: number;
}

/** Undefined for unbounded entries and for a spread of more than EASY_BITS. */
function align(vector: readonly Ball[], exponent: number, offsetExponent: number): Entries | undefined {
  const offsetBy = offsetExponent > EXPONENT_OF_NONE / 2 ? 0 : offsetExponent - exponent;
  if (offsetBy > EASY_BITS) return undefined;
  const mids = new Array<bigint>(vector.length);
  const rads = new Array<number>(vector.length);
  for (let j = 0; j < vector.length; j++) {
    const { mid, exp, rad } = vector[j];
    const by = mid === 0n && rad === 0 ? 0 : exp - exponent;
    if (by > EASY_BITS || rad === Number.POSITIVE_INFINITY) return undefined;
    mids[j] = by === 0 ? mid : mid << BigInt(by);
    rads[j] = by === 0 ? rad : scale(rad, by);
  }
  return { mids, rads, offsetShift: BigInt(offsetBy), offsetScale: scale(1, offsetBy) };
}

function apply(row: Row, entries: Entries, exp: number, mark: Mark, precision: number): Ball {
  const { columns, weights, sizes, misses } = row;
  const { mids, rads } = entries;
  let mid = row.offset === 0n ? 0n : row.offset << entries.offsetShift;
  let rad = row.offsetMiss * entries.offsetScale;
  for (let n = 0; n < columns.length; n++) {
    const j = columns[n];
    const x = mids[j];
    const weight = weights[n];
    if (x !== 0n) mid += weight === 1n ? x : weight * x;
    rad += sizes[n] * rads[j];
    if (misses[n] !== 0) rad += misses[n] * (Math.abs(Number(x)) + rads[j]);
  }
  return ball(mid, exp, rad * (1 + (columns.length + 8) * 2 ** -50), 0, mark, precision);
}
