import { type AffineMap, checkShape, type Mark } from './arithmetic.js';
import { missUp, toFloat } from './convert.js';
import { FORMATS } from './format.js';
import { add, bounds, type Interval, isEmpty, magnitude, mul, ZERO } from './interval.js';
import { LowerSum } from './lower-sum.js';
import type { Rational } from './rational.js';
import { divDown, divUp, mulDown, mulUp } from './rounding.js';

/** Sums, dot products and affine maps of double intervals, rounded once instead of at every term. */

export function sum(terms: readonly Interval[]): Interval {
  const lower = new LowerSum();
  const upper = new LowerSum();
  let mark = 0;
  for (const x of terms) {
    lower.add(x.lo);
    upper.add(-x.hi);
    mark |= x.mark;
  }
  const lo = lower.bound();
  const hi = -upper.bound();
  return lo <= hi ? bounds(lo, hi, mark) : terms.reduce(add, ZERO);
}

export function dot(a: readonly Interval[], b: readonly Interval[]): Interval {
  if (a.length !== b.length) throw new RangeError(`a dot product of ${a.length} and ${b.length} entries`);
  const lower = new LowerSum();
  const upper = new LowerSum();
  let mark = 0;
  a.forEach((x, i) => {
    const y = b[i];
    mark |= x.mark | y.mark;
    addLeastProduct(lower, x.lo, x.hi, y.lo, y.hi);
    addLeastProduct(upper, -x.hi, -x.lo, y.lo, y.hi);
  });
  const lo = lower.bound();
  const hi = -upper.bound();
  const isProper = lo <= hi && !a.some(isEmpty) && !b.some(isEmpty);
  return isProper ? bounds(lo, hi, mark) : a.reduce((total, x, i) => add(total, mul(x, b[i])), ZERO);
}

/** Adds the least xy over two intervals. */
function addLeastProduct(sum: LowerSum, xLo: number, xHi: number, yLo: number, yHi: number): void {
  if (xLo >= 0) sum.addProduct(yLo >= 0 ? xLo : xHi, yLo);
  else if (xHi <= 0) sum.addProduct(yHi <= 0 ? xHi : xLo, yHi);
  else if (yLo >= 0) sum.addProduct(xLo, yHi);
  else if (yHi <= 0) sum.addProduct(xHi, yLo);
  else sum.add(Math.min(mulDown(xLo, yHi), mulDown(xHi, yLo)));
}

/** A row of exact weights, the non-zero ones: as doubles with bounds of what these miss, and as intervals. */
interface Row {
  readonly columns: Int32Array;
  readonly weights: Float64Array;
  readonly misses: Float64Array;
  readonly intervals: readonly Interval[];
  readonly offset: Interval;
}

/** See `Arithmetic.affine`. */
export function affine(rows: readonly (readonly Rational[])[], offset?: readonly Rational[]): AffineMap<Interval> {
  const length = checkShape(rows, offset);
  const prepared = rows.map((row, i) => prepare(row, offset?.[i]));
  return (vector) => {
    if (vector.length !== length) throw new RangeError(`${vector.length} entries for a matrix of ${length} columns`);
    const mark = vector.reduce((marks, x) => marks | x.mark, 0);
    const empty = vector.find(isEmpty);
    return prepared.map((row) => (empty ? bounds(empty.lo, empty.hi, mark) : apply(row, vector, mark)));
  };
}

function prepare(row: readonly Rational[], offset: Rational | undefined): Row {
  const columns = Int32Array.from(row.keys()).filter((j) => !row[j].isZero());
  const weights = Float64Array.from(columns, (j) => toFloat(row[j], FORMATS.float64, 'nearest'));
  return {
    columns,
    weights,
    misses: Float64Array.from(columns, (j, n) => missUp(row[j], weights[n])),
    intervals: Array.from(columns, (j) => enclose(row[j])),
    offset: offset ? enclose(offset) : ZERO,
  };
}

function apply(row: Row, vector: readonly Interval[], mark: Mark): Interval {
  const lower = new LowerSum();
  const upper = new LowerSum();
  lower.add(row.offset.lo);
  upper.add(-row.offset.hi);
  for (let n = 0; n < row.columns.length; n++) {
    const x = vector[row.columns[n]];
    const weight = row.weights[n];
    lower.addProduct(weight, weight > 0 ? x.lo : x.hi);
    upper.addProduct(-weight, weight > 0 ? x.hi : x.lo);
    if (row.misses[n] !== 0) {
      const missed = mulUp(row.misses[n], magnitude(x));
      lower.add(-missed);
      upper.add(-missed);
    }
  }
  const lo = lower.bound();
  const hi = -upper.bound();
  return lo <= hi ? bounds(lo, hi, mark) : applyTermwise(row, vector, mark);
}

/** For unbounded entries and sums beyond the range of doubles. */
function applyTermwise(row: Row, vector: readonly Interval[], mark: Mark): Interval {
  const terms = row.intervals.map((weight, n) => mul(weight, vector[row.columns[n]]));
  return { ...terms.reduce(add, row.offset), mark };
}

/** The tightest interval around an exact number. */
export function enclose(value: Rational): Interval {
  const { num, den } = value;
  if (num < SAFE && num > -SAFE && den < SAFE) {
    const [p, q] = [Number(num), Number(den)];
    return q === 1 ? bounds(p, p, 0) : bounds(divDown(p, q), divUp(p, q), 0);
  }
  return bounds(toFloat(value, FORMATS.float64, 'down'), toFloat(value, FORMATS.float64, 'up'), 0);
}

/** Integers below it are doubles. */
const SAFE = 1n << 53n;
