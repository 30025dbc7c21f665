import { Unfinished } from '../../deadline.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { Rational } from '../../numbers/rational.js';
import type * as E from '../../symbolic/index.js';
import type { Domain } from '../box.js';
import { type Form, Graph } from '../linear/graph.js';
import { expressionForm } from '../linear/network-forms.js';
import type { Supremum } from '../supremum.js';
import { type Corner, numeratorAt, type Polytope } from './polytope.js';
import { affineCells, type Cells, type Limits } from './walk.js';

/** What a formula that is affine on finitely many polytopes takes at most. */
export interface SupremumOnCells extends Supremum {
  readonly hi: Rational;
}

/**
 * sup of u, or of |u| for `size`, over the points of the box where no condition is positive: exactly, as the largest value at
 * the corners of all cells on which u is affine. 'empty' where there is no such point; null for formulas that are not
 * piecewise linear, and past the limits.
 */
export function supremumOnCells(
  u: E.Expression,
  conditions: readonly E.Expression[],
  box: Domain,
  of: 'value' | 'size',
  limits: Limits,
): SupremumOnCells | 'empty' | null {
  const cells = cellsOf([u], conditions, box, limits);
  if (!cells) return null;
  const [scale] = cells.scales;
  let best: { readonly value: Rational; readonly near: number; readonly corner: Corner } | null = null;
  let count = 0;
  try {
    for (const { corners, functions } of cells.walk) {
      count += 1;
      const [f] = functions;
      for (const corner of corners) {
        const [numerator, denominator] = [numeratorAt(f.exact, corner), scale * corner.exact.at(-1)!];
        const near = roughly(numerator, denominator);
        const size = of === 'size' ? Math.abs(near) : near;
        if (best && size < best.near - NEAR * Math.abs(best.near)) continue;
        const signed = Rational.of(numerator, denominator);
        const value: Rational = of === 'size' ? signed.abs() : signed;
        if (!best || best.value.lt(value)) best = { value, near: size, corner };
      }
    }
  } catch (error) {
    if (error instanceof Unfinished) return null;
    throw error;
  }
  if (!best) return 'empty';
  return {
    lo: best.value,
    hi: best.value,
    witness: pointAt(best.corner, box),
    boxes: count,
    stopped: 'exact',
    arithmetic: 'exact',
  };
}

/** Far above the error of two roundings to doubles and a quotient; what is not a number is looked at exactly. */
const NEAR = 2 ** -40;
const TINY = 2 ** -960;

/** The quotient in doubles; NaN where they could be off by more than a few units in the last place. */
function roughly(numerator: bigint, denominator: bigint): number {
  const [top, bottom] = [Number(numerator), Number(denominator)];
  const quotient = top / bottom;
  const isSafe = Number.isFinite(top) && Number.isFinite(bottom) && (top === 0 || Math.abs(quotient) > TINY);
  return isSafe ? quotient : Number.NaN;
}

/** The cells of formulas over a box; null where one of them is not piecewise linear. */
export function cellsOf(
  formulas: readonly E.Expression[],
  conditions: readonly E.Expression[],
  box: Domain,
  limits: Limits,
): Cells | null {
  const graph = new Graph(box.variables.length);
  const named = new Map(
    box.variables.map((name, i) => [name, graph.coordinate(i, box.lo[i], box.hi[i].sub(box.lo[i]))]),
  );
  const form = (e: E.Expression): Form => expressionForm(graph, e, named);
  try {
    return affineCells(graph, formulas.map(form), conditions.map(form), limits);
  } catch (error) {
    if (error instanceof UnsupportedOperation) return null;
    throw error;
  }
}

function pointAt({ exact }: Corner, { lo, hi }: Domain): Rational[] {
  const weight = exact.at(-1)!;
  return lo.map((from, i) => from.add(hi[i].sub(from).mul(Rational.of(exact[i], weight))));
}

/** A point inside: the mean of the corners. */
export function centreOf(corners: Polytope, box: Domain): Rational[] {
  const points = corners.map((corner) => pointAt(corner, box));
  const share = Rational.of(1, points.length);
  return box.lo.map((_, i) => points.reduce((sum, point) => sum.add(point[i]), Rational.zero).mul(share));
}
