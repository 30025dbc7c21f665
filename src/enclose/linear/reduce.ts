import { above, lostInSteps } from '../../numbers/accumulation.js';
import { bounds } from '../../numbers/interval.js';
import type { Sides } from './back-substitution.js';
import { type Program, ProgramWriter } from './program.js';
import { rangeOf } from './relax.js';

/** A program that holds on a part of the box, and enclosures of its rows there. */
export interface Reduced {
  readonly program: Program;
  /** For all rows but that of u. */
  readonly known: Sides;
}

/** The fate of an atom on a box. */
const [KEPT, ZERO, SAME] = [0, 1, 2];

/**
 * The program as it is on a box over which its rows lie in [lo, hi]: ReLUs of known sign are put into the rows that read
 * them, and atoms that nothing reads any more are left out. What the sums of rows lose by rounding joins their error.
 */
export function reduce(program: Program, { from: lo, to: hi }: Sides): Reduced {
  const { dimension: d, atoms, rowOf, linear, weights, start, from, to, error } = program;
  const fate = fates(program, lo, hi);
  const needed = neededAtoms(program, fate);
  const writer = new ProgramWriter(d);
  const place = new Int32Array(atoms.length);
  const rows: number[] = [];
  /** Where the rows of ReLUs that are put into others stand: coefficients on new atoms, then a and b. */
  const inner = new Map<
    number,
    { readonly q: Float64Array; readonly a: Float64Array; readonly lost: number; readonly size: number }
  >();
  const reach: number[] = [];
  let count = 0;
  const assemble = (row: number) => {
    const q = new Float64Array(count);
    const a = linear.slice(row * (d + 1), (row + 1) * (d + 1));
    let lost = error[row];
    let measure = 0;
    let steps = 0;
    let spread = d + 1;
    for (let k = from[row], at = start[row]; k < to[row]; k++, at++) {
      const w = weights[at];
      if (w === 0 || fate[k] === ZERO) continue;
      if (fate[k] === KEPT) {
        q[place[k]] += w;
        measure += Math.abs(w) * reach[place[k]];
        spread += reach[place[k]];
        continue;
      }
      const part = inner.get(k)!;
      for (let m = 0; m < part.q.length; m++) {
        if (part.q[m] === 0) continue;
        q[m] += w * part.q[m];
        spread += reach[m];
      }
      for (let i = 0; i <= d; i++) a[i] += w * part.a[i];
      lost += Math.abs(w) * part.lost;
      measure += Math.abs(w) * part.size;
      steps += 1;
    }
    for (let i = 0; i <= d; i++) measure += Math.abs(linear[row * (d + 1) + i]);
    measure = above(measure);
    if (steps > 0) lost = above(above(lost) + lostInSteps(steps, measure, above(spread)));
    return { q, a, lost, size: measure };
  };
  for (let k = 0; k < atoms.length; k++) {
    if (!needed[k] || fate[k] === ZERO) continue;
    if (fate[k] === SAME) {
      inner.set(k, assemble(rowOf[k]));
      continue;
    }
    const ranges = [];
    for (let row = rowOf[k]; row < rowOf[k + 1]; row++) {
      const { q, a, lost } = assemble(row);
      writer.row(a, q, lost);
      rows.push(row);
      ranges.push(bounds(lo[row], hi[row], 0));
    }
    const range = rangeOf(atoms[k], ranges);
    reach.push(Math.max(-range.lo, range.hi));
    place[k] = writer.atom(atoms[k], reach[count]);
    count += 1;
  }
  const { q, a, lost } = assemble(rowOf[atoms.length]);
  writer.row(a, q, lost);
  const known = { from: Float64Array.from(rows, (row) => lo[row]), to: Float64Array.from(rows, (row) => hi[row]) };
  return { program: writer.finish(), known };
}

function fates({ atoms, rowOf }: Program, lo: Float64Array, hi: Float64Array): Uint8Array {
  return Uint8Array.from(atoms, ({ kind }, k) => {
    if (kind !== 'relu') return KEPT;
    return hi[rowOf[k]] <= 0 ? ZERO : lo[rowOf[k]] >= 0 ? SAME : KEPT;
  });
}

/** The atoms that u depends on. */
function neededAtoms({ atoms, rowOf, weights, start, from, to }: Program, fate: Uint8Array): Uint8Array {
  const needed = new Uint8Array(atoms.length);
  const read = (row: number) => {
    for (let k = from[row], at = start[row]; k < to[row]; k++, at++) if (weights[at] !== 0) needed[k] = 1;
  };
  read(rowOf[atoms.length]);
  for (let k = atoms.length - 1; k >= 0; k--) {
    if (needed[k] && fate[k] !== ZERO) for (let row = rowOf[k]; row < rowOf[k + 1]; row++) read(row);
  }
  return needed;
}
