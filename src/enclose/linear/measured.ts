import { above } from '../../numbers/accumulation.js';
import { bounds } from '../../numbers/interval.js';
import type { Program } from './program.js';
import { rangeOf } from './relax.js';

/** A program whose measures are those of one box, taken row by row and atom by atom, arguments first. */
export class Measured implements Program {
  readonly dimension;
  readonly atoms;
  readonly rowOf;
  readonly linear;
  readonly from;
  readonly to;
  readonly start;
  readonly weights;
  readonly error;
  readonly reach: Float64Array;
  readonly size: Float64Array;
  spread: number;

  constructor(program: Program) {
    this.dimension = program.dimension;
    this.atoms = program.atoms;
    this.rowOf = program.rowOf;
    this.linear = program.linear;
    this.from = program.from;
    this.to = program.to;
    this.start = program.start;
    this.weights = program.weights;
    this.error = program.error;
    this.reach = new Float64Array(program.reach.length);
    this.size = new Float64Array(program.size.length);
    this.spread = 1 + program.dimension;
  }

  measureRow(row: number): void {
    const { dimension: d, linear, weights, reach } = this;
    let size = 0;
    for (let i = row * (d + 1); i < (row + 1) * (d + 1); i++) size += Math.abs(linear[i]);
    for (let k = this.from[row], at = this.start[row]; k < this.to[row]; k++, at++) {
      if (weights[at] !== 0) size += Math.abs(weights[at]) * reach[k];
    }
    this.size[row] = above(size);
    this.spread = above(this.spread + this.size[row]);
  }

  /** From enclosures of its rows. */
  measureAtom(k: number, lo: Float64Array, hi: Float64Array): void {
    const rows = [];
    for (let row = this.rowOf[k]; row < this.rowOf[k + 1]; row++) rows.push(bounds(lo[row], hi[row], 0));
    const range = rangeOf(this.atoms[k], rows);
    this.reach[k] = Math.max(-range.lo, range.hi);
    this.spread = above(this.spread + this.reach[k]);
  }
}
