import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { above } from '../../numbers/accumulation.js';
import type { Curve } from './curves.js';

/**
 * One function u of a point s of the unit box as doubles: atoms v_0, v_1, ..., each a nonlinear function of one or two
 * rows, and a last row that is u itself. Row r stands for
 *
 *   z_r(s) = a_1 s_1 + ... + a_d s_d + b + sum of c_k v_k(s) + an unknown of size at most error[r],
 *
 * exactly, wherever the program holds: what rounding the weights to doubles lost is in `error`.
 */
export interface Program {
  readonly dimension: number;
  readonly atoms: readonly Kernel[];
  /** Row number of the first row of atom k; rowOf[atoms.length] is the row of u. */
  readonly rowOf: Int32Array;
  /** Of row r the a_1, ..., a_d, b, in that order from r (d + 1) on. */
  readonly linear: Float64Array;
  /** The c_k of row r, for from[r] <= k < to[r], stand in `weights` from start[r] on. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float64Array;
  readonly error: Float64Array;
  /** At least |v_k(s)| wherever the program holds. */
  readonly reach: Float64Array;
  /** At least |a_1| + ... + |a_d| + |b| + the sum of |c_k| reach[k]: what rounding errors of row r are measured by. */
  readonly size: Float64Array;
  /** At least 1 + d + the sum of all of `reach` and `size`. */
  readonly spread: number;
}

/** What a program has to know of an atom. */
export type Kernel =
  | { readonly kind: 'relu' }
  | { readonly kind: 'product' }
  | { readonly kind: 'curve'; readonly curve: Curve };

/** Memory stays below 1 GB. */
const MOST_WEIGHTS = 2 ** 24;

/** Collects the rows and atoms of a program, arguments before what reads them. */
export class ProgramWriter {
  private readonly linear: number[] = [];
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly start: number[] = [];
  private readonly weights: number[] = [];
  private readonly error: number[] = [];
  private readonly size: number[] = [];
  private readonly rowOf: number[] = [];
  private readonly atoms: Kernel[] = [];
  private readonly reach: number[] = [];

  constructor(private readonly dimension: number) {}

  /** `linear` holds a and b; `weights` the c_k from k = 0 on, of which those of atoms written so far count. Returns its size. */
  row(linear: Float64Array, weights: Float64Array, error: number): number {
    let [first, end] = [0, this.atoms.length];
    while (end > 0 && weights[end - 1] === 0) end -= 1;
    while (first < end && weights[first] === 0) first += 1;
    let size = 0;
    for (let i = 0; i <= this.dimension; i++) {
      this.linear.push(linear[i]);
      size += Math.abs(linear[i]);
    }
    if (this.weights.length + end - first > MOST_WEIGHTS) {
      throw new UnsupportedOperation(`linear relaxations of more than ${MOST_WEIGHTS} weights`);
    }
    this.from.push(first);
    this.to.push(end);
    this.start.push(this.weights.length);
    for (let k = first; k < end; k++) {
      this.weights.push(weights[k]);
      if (weights[k] !== 0) size += Math.abs(weights[k]) * this.reach[k];
    }
    this.error.push(error);
    this.size.push(above(size));
    return this.size[this.size.length - 1];
  }

  /** An atom of the last rows written, one or two; its values are at most `reach` in size. Returns its number. */
  atom(kernel: Kernel, reach: number): number {
    this.rowOf.push(this.error.length - (kernel.kind === 'product' ? 2 : 1));
    this.reach.push(reach);
    return this.atoms.push(kernel) - 1;
  }

  /** The row since the last atom is u. */
  finish(): Program {
    const total = (sum: number, x: number) => sum + x;
    return {
      dimension: this.dimension,
      atoms: this.atoms,
      rowOf: Int32Array.from([...this.rowOf, this.error.length - 1]),
      linear: Float64Array.from(this.linear),
      from: Int32Array.from(this.from),
      to: Int32Array.from(this.to),
      start: Int32Array.from(this.start),
      weights: Float64Array.from(this.weights),
      error: Float64Array.from(this.error),
      reach: Float64Array.from(this.reach),
      size: Float64Array.from(this.size),
      spread: above(this.size.reduce(total, this.reach.reduce(total, this.dimension + 1))),
    };
  }
}
