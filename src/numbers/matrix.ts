import { bounds, type Interval, isEmpty, midpoint } from './interval.js';
import { addProducts } from './kernels/product.js';
import { addUp, subDown, subUp } from './rounding.js';

/**
 * Matrices of intervals by midpoint and radius, multiplied at the speed of floats (Rump, Fast and parallel interval
 * arithmetic, BIT 39, 1999), with an a-priori bound of the rounding errors in place of rounding modes.
 *
 * For A within A_r of A_m and B within B_r of B_m, entry by entry,
 *   |AB - A_m B_m| <= |A_m| B_r + A_r (|B_m| + B_r).
 * Let u = 2^-53, eta = 2^-1074. An inner product of length k in floats, in any order, is off by at most
 * g sum |a_i b_i| + k eta, g = k u/(1 - k u) (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, with an
 * underflow of at most eta/2 per product). So A_m B_m in floats is within
 *   rho = |A_m| (g |B_m| + B_r) + A_r (|B_m| + B_r) + k eta
 * of every AB. The factors g |B_m| + B_r and |B_m| + B_r come with relative errors of at most 6u: where g |B_m| may
 * underflow, eta is added to it. Every term of the float sum S of the two inner products of rho then meets at most 2k + 3
 * more roundings, one of its product and those of additions, so that, for k < 2^30,
 *   rho <= S (1 + (2k + 9) u (1 + 2^-20)) + 2k eta.
 * S (1 + (4k + 16) u) + 4k eta, evaluated in floats (three more roundings), is at least that. An overflow anywhere leaves
 * an infinity or NaN in the product or in S: the entry is then the whole line.
 */
export interface IntervalMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; finite. */
  readonly mid: Float64Array;
  /** At least 0; infinite for the whole line. */
  readonly rad: Float64Array;
}

const UNIT = 2 ** -53;
const LEAST = Number.MIN_VALUE;

/** Throws RangeError for another number of entries and for empty intervals. Marks are not kept. */
export function matrixOf(rows: number, columns: number, entries: readonly Interval[]): IntervalMatrix {
  if (entries.length !== rows * columns) throw new RangeError(`${entries.length} entries for ${rows} x ${columns}`);
  if (entries.some(isEmpty)) throw new RangeError('an empty interval in a matrix');
  const mid = Float64Array.from(entries, midpoint);
  const rad = mid.map((m, k) => Math.max(subUp(m, entries[k].lo), subUp(entries[k].hi, m)));
  return { rows, columns, mid, rad };
}

/** The least intervals of doubles around the entries. */
export function entriesOf({ mid, rad }: IntervalMatrix): Interval[] {
  return Array.from(mid, (m, k) => bounds(subDown(m, rad[k]), addUp(m, rad[k]), 0));
}

/** A matrix that holds every product of matrices in the factors. Throws RangeError when the shapes do not fit. */
export function product(a: IntervalMatrix, b: IntervalMatrix): IntervalMatrix {
  const inner = a.columns;
  if (inner !== b.rows) throw new RangeError(`${a.rows} x ${inner} times ${b.rows} x ${b.columns}`);
  if (inner >= 2 ** 30) throw new RangeError(`an inner dimension of ${inner}; allowed: below 2^30`);
  const { rows } = a;
  const { columns } = b;
  const shape = { rows, inner, columns };
  const mid = new Float64Array(rows * columns);
  const rad = new Float64Array(rows * columns);
  addProducts(mid, [[a.mid, b.mid]], shape);
  const blur = [sizes(a.mid), blurred(b, (inner * UNIT) / (1 - inner * UNIT) + UNIT * UNIT)] as const;
  addProducts(rad, isPoints(a) ? [blur] : [blur, [a.rad, largest(b)]], shape);
  const factor = 1 + (4 * inner + 16) * UNIT;
  const lost = 4 * inner * LEAST;
  for (let k = 0; k < mid.length; k++) {
    const radius = rad[k] * factor + lost;
    const isBounded = Math.abs(mid[k]) < Number.POSITIVE_INFINITY && radius < Number.POSITIVE_INFINITY;
    rad[k] = isBounded ? radius : Number.POSITIVE_INFINITY;
    if (!isBounded) mid[k] = 0;
  }
  return { rows, columns, mid, rad };
}

function isPoints({ rad }: IntervalMatrix): boolean {
  for (let k = 0; k < rad.length; k++) if (rad[k] !== 0) return false;
  return true;
}

function sizes(mid: Float64Array): Float64Array {
  const found = new Float64Array(mid.length);
  for (let k = 0; k < mid.length; k++) found[k] = Math.abs(mid[k]);
  return found;
}

/** g |B_m| + B_r. */
function blurred({ mid, rad }: IntervalMatrix, g: number): Float64Array {
  const found = new Float64Array(mid.length);
  for (let k = 0; k < mid.length; k++) {
    const size = Math.abs(mid[k]);
    found[k] = size === 0 ? rad[k] : g * size + LEAST + rad[k];
  }
  return found;
}

/** |B_m| + B_r. */
function largest({ mid, rad }: IntervalMatrix): Float64Array {
  const found = new Float64Array(mid.length);
  for (let k = 0; k < mid.length; k++) found[k] = Math.abs(mid[k]) + rad[k];
  return found;
}
