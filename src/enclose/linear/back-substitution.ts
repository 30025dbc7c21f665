import { above, lostInSteps } from '../../numbers/accumulation.js';
import { addUp, mulUp } from '../../numbers/rounding.js';
import { Measured } from './measured.js';
import type { Program } from './program.js';
import { type LinearBounds, relax } from './relax.js';

/** Lower and upper ends: of a box of s, or of rows by number. */
export interface Sides {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

const MOST_TIGHTENINGS = 8;

/**
 * Bounds of the rows of programs over boxes of s by backward substitution (CROWN: Zhang et al., Efficient neural network
 * robustness certification, 2018): from the last atom that a row reads to the first, each is replaced by the line
 * above it or below it, as the sign of its coefficient asks, until a linear function of s is left.
 *
 * Rigorous in doubles: at each moment, for every s of the box,
 *
 *   +-z_r(s) <= q_1 v_1(s) + ... + a_1 s_1 + ... + a_d s_d + b + lost
 *
 * in real numbers, for the doubles q, a and b as they stand. `lost` is what rounding may have cost: by
 * `lostInSteps`, where every step q <- fl(q + fl(s c)) counts the size of the row that is added, and |s| error[row].
 */
export class BackSubstitution {
  /** Enclosures of the rows on the box last bounded. */
  lo = new Float64Array(0);
  hi = new Float64Array(0);
  readonly lines = {
    upSlope: new Float64Array(0),
    loSlope: new Float64Array(0),
    upOffset: new Float64Array(0),
    loOffset: new Float64Array(0),
    isDefined: true as boolean,
  } satisfies LinearBounds;
  /** Of the last sweep: the coefficient with which each atom was replaced, the linear function left, and its error. */
  q = new Float64Array(0);
  readonly a: Float64Array;
  lost = 0;
  /** Values of atoms at a point, as their lines have them. */
  private v = new Float64Array(0);

  constructor(private readonly dimension: number) {
    this.a = new Float64Array(dimension + 1);
  }

  /**
   * Bounds all rows but that of u on a box, within the enclosures `lo` and `hi` that are known there, and finds the lines
   * around all atoms. ReLUs of known sign are exact as they are and not bounded again; no row is once `isLate`. Returns
   * the program, measured anew on the box where atoms that are unbounded elsewhere left its measures infinite.
   */
  prepare(whole: Program, box: Sides, known: Sides, isLate: () => boolean = () => false): Program {
    this.allot(whole);
    const measured = whole.spread < Number.POSITIVE_INFINITY ? null : new Measured(whole);
    const program = measured ?? whole;
    const { lo, hi } = this;
    const { atoms, rowOf } = program;
    let late = false;
    this.lines.isDefined = true;
    for (let k = 0; k < atoms.length; k++) {
      if (k % 16 === 0) late ||= isLate();
      for (let row = rowOf[k]; row < rowOf[k + 1]; row++) {
        measured?.measureRow(row);
        [lo[row], hi[row]] = [known.from[row], known.to[row]];
        const isDecided = atoms[k].kind === 'relu' && (lo[row] >= 0 || hi[row] <= 0);
        if (isDecided || late) continue;
        lo[row] = Math.max(lo[row], -this.upper(program, row, -1, box));
        hi[row] = Math.min(hi[row], this.upper(program, row, 1, box));
        if (lo[row] > hi[row]) throw new Error(`crossed ends: a row lies in [${lo[row]}, ${hi[row]}]`);
      }
      relax(this.lines, atoms[k], k, rowOf[k], lo, hi);
      measured?.measureAtom(k, lo, hi);
    }
    measured?.measureRow(rowOf[atoms.length]);
    return program;
  }

  /** An upper bound of sign * z_row over the box, for the lines as they stand; infinite where none is known. */
  upper(program: Program, row: number, sign: 1 | -1, { from, to }: Sides): number {
    const isDirect = program.from[row] === program.to[row];
    const bound = isDirect ? this.direct(program, row, sign, from, to) : this.sweep(program, row, sign, from, to);
    return bound < Number.POSITIVE_INFINITY ? bound : Number.POSITIVE_INFINITY;
  }

  /** A row that reads no atom, rounded term by term: where nothing has to be rounded the bound is exact. */
  private direct({ linear, error }: Program, row: number, sign: 1 | -1, from: Float64Array, to: Float64Array): number {
    const d = this.dimension;
    const start = row * (d + 1);
    let total = sign * linear[start + d];
    for (let i = 0; i < d; i++) {
      const slope = sign * linear[start + i];
      this.a[i] = slope;
      if (slope !== 0) total = addUp(total, mulUp(slope, slope > 0 ? to[i] : from[i]));
    }
    this.lost = error[row];
    return addUp(total, error[row]);
  }

  private sweep(program: Program, row: number, sign: 1 | -1, from: Float64Array, to: Float64Array): number {
    const { linear, weights, start, from: firsts, to: ends, rowOf, size, error } = program;
    const { q, a, lines } = this;
    const d = this.dimension;
    let bottom = firsts[row];
    const end = ends[row];
    for (let k = bottom, at = start[row]; k < end; k++, at++) q[k] = sign * weights[at];
    q.fill(0, 0, bottom);
    for (let i = 0, at = row * (d + 1); i <= d; i++, at++) a[i] = sign * linear[at];
    let steps = d + 2;
    let measure = size[row];
    let miss = error[row];
    for (let k = end - 1; k >= bottom; k--) {
      const w = q[k];
      if (w === 0) continue;
      const offset = w * (w > 0 ? lines.upOffset[k] : lines.loOffset[k]);
      if (offset !== 0) {
        a[d] += offset;
        measure += Math.abs(offset);
      }
      steps += 1;
      for (let r = rowOf[k]; r < rowOf[k + 1]; r++) {
        const s = w * (w > 0 ? lines.upSlope[r] : lines.loSlope[r]);
        steps += 1;
        if (s === 0) continue;
        measure += Math.abs(s) * size[r];
        miss += Math.abs(s) * error[r];
        const first = firsts[r];
        const last = ends[r];
        if (first < bottom && first < last) bottom = first;
        for (let m = first, at = start[r]; m < last; m++, at++) q[m] += s * weights[at];
        for (let i = 0, at = r * (d + 1); i <= d; i++, at++) a[i] += s * linear[at];
      }
    }
    let total = a[d];
    for (let i = 0; i < d; i++) total += a[i] * (a[i] > 0 ? to[i] : from[i]);
    this.lost = above(lostInSteps(steps, measure, program.spread) + above(miss));
    return addUp(total, this.lost);
  }

  /**
   * As `upper` for the row of u, with the slopes below undecided ReLUs chosen to make the bound small (alpha-CROWN: Xu et
   * al., 2021): where u bends down at a ReLU, some slope of [0, 1] shows that it has no maximum beside the kink. Any slope
   * gives a bound; steps are those of Polyak toward `goal`, since the bound is convex in each slope.
   */
  tightened(program: Program, sign: 1 | -1, box: Sides, goal: number): number {
    const row = program.rowOf[program.atoms.length];
    let bound = this.upper(program, row, sign, box);
    let best = bound;
    for (let step = 0; step < MOST_TIGHTENINGS && goal < best && bound < Number.POSITIVE_INFINITY; step++) {
      if (!this.descend(program, box, bound - goal)) break;
      bound = this.upper(program, row, sign, box);
      best = Math.min(best, bound);
    }
    return best;
  }

  /** Moves the slopes below ReLUs that the last sweep used; false when none would move. */
  private descend(program: Program, { from, to }: Sides, excess: number): boolean {
    const { atoms, rowOf } = program;
    const { q, a, lo, hi, lines, v } = this;
    const s = a.map((slope, i) => (slope > 0 ? to[i] : from[i]));
    const gradient: number[] = [];
    const rows: number[] = [];
    let size = 0;
    for (let k = 0; k < atoms.length; k++) {
      v[k] = q[k] > 0 ? lines.upOffset[k] : lines.loOffset[k];
      for (let row = rowOf[k]; row < rowOf[k + 1]; row++) {
        const z = rowAt(program, row, s, v);
        v[k] += (q[k] > 0 ? lines.upSlope[row] : lines.loSlope[row]) * z;
        const isFree = q[k] < 0 && atoms[k].kind === 'relu' && lo[row] < 0 && hi[row] > 0;
        if (!isFree) continue;
        const g = q[k] * z;
        const slope = lines.loSlope[row];
        if ((g > 0 && slope === 0) || (g < 0 && slope === 1)) continue;
        gradient.push(g);
        rows.push(row);
        size += g * g;
      }
    }
    if (!(size > 0)) return false;
    rows.forEach((row, i) => {
      const moved = lines.loSlope[row] - (excess / size) * gradient[i];
      lines.loSlope[row] = moved > 0 ? Math.min(moved, 1) : 0;
    });
    return true;
  }

  /** How far apart the two lines of an atom come where its rows, from `first` to before `end`, range: they cross at no inner point. */
  gap(atom: number, first: number, end: number): number {
    const { lines, lo, hi } = this;
    let most = lines.upOffset[atom] - lines.loOffset[atom];
    for (let row = first; row < end; row++) {
      const slope = lines.upSlope[row] - lines.loSlope[row];
      most += slope * (slope > 0 ? hi[row] : lo[row]);
    }
    return most;
  }

  private allot({ atoms, error }: Program): void {
    if (this.lo.length < error.length) {
      this.lo = new Float64Array(error.length);
      this.hi = new Float64Array(error.length);
      this.lines.upSlope = new Float64Array(error.length);
      this.lines.loSlope = new Float64Array(error.length);
    }
    if (this.q.length < atoms.length) {
      this.q = new Float64Array(atoms.length);
      this.v = new Float64Array(atoms.length);
      this.lines.upOffset = new Float64Array(atoms.length);
      this.lines.loOffset = new Float64Array(atoms.length);
    }
  }
}

/** A row at a point, in floats. */
function rowAt(program: Program, row: number, s: Float64Array, v: Float64Array): number {
  const { dimension: d, linear, weights, start, from, to } = program;
  let total = linear[row * (d + 1) + d];
  for (let i = 0, at = row * (d + 1); i < d; i++, at++) total += linear[at] * s[i];
  for (let k = from[row], at = start[row]; k < to[row]; k++, at++) total += weights[at] * v[k];
  return total;
}
