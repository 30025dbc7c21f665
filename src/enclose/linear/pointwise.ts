import type { Kernel, Program } from './program.js';

/** u and its gradient at points, in floats, by one forward and one backward pass: for searches, never for a bound. */
export class Pointwise {
  private readonly z: Float64Array;
  private readonly v: Float64Array;
  private readonly bar: Float64Array;

  constructor(private readonly program: Program) {
    this.z = new Float64Array(program.error.length);
    this.v = new Float64Array(program.atoms.length);
    this.bar = new Float64Array(program.atoms.length);
  }

  value(s: Float64Array): number {
    const { atoms, rowOf } = this.program;
    const { z, v } = this;
    for (let k = 0; k < atoms.length; k++) {
      const row = rowOf[k];
      z[row] = this.row(row, s);
      if (atoms[k].kind === 'product') z[row + 1] = this.row(row + 1, s);
      v[k] = applied(atoms[k], z[row], z[row + 1]);
    }
    return this.row(rowOf[atoms.length], s);
  }

  /** The gradient is written to `gradient`; at a kink of a ReLU that of its zero side. */
  valueAndGradient(s: Float64Array, gradient: Float64Array): number {
    const { atoms, rowOf } = this.program;
    const { z, bar } = this;
    const value = this.value(s);
    bar.fill(0);
    gradient.fill(0);
    this.spread(rowOf[atoms.length], 1, gradient);
    for (let k = atoms.length - 1; k >= 0; k--) {
      if (bar[k] === 0) continue;
      const row = rowOf[k];
      const atom = atoms[k];
      if (atom.kind === 'relu') {
        if (z[row] > 0) this.spread(row, bar[k], gradient);
      } else if (atom.kind === 'product') {
        this.spread(row, bar[k] * z[row + 1], gradient);
        this.spread(row + 1, bar[k] * z[row], gradient);
      } else this.spread(row, bar[k] * atom.curve.slopeAt(z[row]), gradient);
    }
    return value;
  }

  private row(row: number, s: Float64Array): number {
    const { dimension: d, linear, weights, start, from, to } = this.program;
    const { v } = this;
    let total = linear[row * (d + 1) + d];
    for (let i = 0, at = row * (d + 1); i < d; i++, at++) total += linear[at] * s[i];
    for (let k = from[row], at = start[row]; k < to[row]; k++, at++) total += weights[at] * v[k];
    return total;
  }

  /** Adds factor times the derivatives of a row. */
  private spread(row: number, factor: number, gradient: Float64Array): void {
    const { dimension: d, linear, weights, start, from, to } = this.program;
    const { bar } = this;
    for (let i = 0, at = row * (d + 1); i < d; i++, at++) gradient[i] += factor * linear[at];
    for (let k = from[row], at = start[row]; k < to[row]; k++, at++) bar[k] += factor * weights[at];
  }
}

function applied(atom: Kernel, x: number, y: number): number {
  if (atom.kind === 'relu') return x > 0 ? x : 0;
  return atom.kind === 'product' ? x * y : atom.curve.at(x);
}
