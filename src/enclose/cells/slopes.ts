import { Unfinished } from '../../deadline.js';
import { Rational } from '../../numbers/rational.js';
import type * as E from '../../symbolic/index.js';
import type { Domain } from '../box.js';
import { cellsOf, centreOf } from './suprema.js';
import type { Limits } from './walk.js';

/** The largest value of a function of the gradient, and a point around which the gradient is that one. */
export interface LargestSlope {
  readonly value: Rational;
  readonly point: readonly Rational[];
  readonly cells: number;
  /** Whether all cells were visited; otherwise the value is that on some of them. */
  readonly isComplete: boolean;
}

/**
 * The largest value that `size` takes of the gradients of f, a piecewise linear formula, on the cells of a box where f is
 * affine: exactly. For a norm of the gradient that is the Lipschitz constant of f on the box, as segments cross finitely many
 * cells. Variables that the box fixes have the slope 0. Null for formulas that are not piecewise linear; past
 * the limits what was found until then.
 */
export function largestSlope(
  f: E.Expression,
  box: Domain,
  size: (gradient: readonly Rational[]) => Rational,
  limits: Limits,
): LargestSlope | null {
  const cells = cellsOf([f], [], box, limits);
  if (!cells) return null;
  const scale = Rational.of(cells.scales[0]);
  const units = box.lo.map((lo, i) => scale.mul(box.hi[i].sub(lo)));
  let best: LargestSlope | null = null;
  let count = 0;
  const met = new Set<string>();
  try {
    for (const { corners, functions } of cells.walk) {
      count += 1;
      const slopes = functions[0].exact.slice(0, -1);
      const key = slopes.join();
      if (met.has(key)) continue;
      met.add(key);
      const value = size(units.map((unit, i) => (unit.isZero() ? Rational.zero : Rational.of(slopes[i]).div(unit))));
      if (!best || best.value.lt(value)) best = { value, point: centreOf(corners, box), cells: 0, isComplete: false };
    }
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    return best && { ...best, cells: count };
  }
  return best && { ...best, cells: count, isComplete: true };
}
