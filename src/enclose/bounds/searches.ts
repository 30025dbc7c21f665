import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import type { Domain } from '../box.js';
import { supremumOnCells } from '../cells/suprema.js';
import { type Constraint, constrainedSupremum } from '../constrained.js';
import { encloseTerms } from '../linear/network.js';
import { supNormOnPieces } from '../pieces.js';
import { type Stop, type Supremum, supNorm, supremum } from '../supremum.js';
import {
  type Bounded,
  boxesText,
  EMPTY,
  FEW_BOXES,
  isVacuous,
  type Measure,
  type Problem,
  reasonOf,
} from './problem.js';

export const MOST_BOXES = 200_000;
/** Where a time limit ends searches, memory is all that boxes are counted for. */
export const MOST_BOXES_IN_TIME = 1_000_000;
const MOST_CELLS = 50_000;

/**
 * Linear relaxations decide nearly everything. Where they end without a decision, and first of all for |u| <= 0, which only
 * exact arithmetic shows, the cells on which a piecewise linear formula is affine are visited one by one.
 */
export function searched(quantity: E.Expression, measure: Measure, box: Domain, stop: Stop): Supremum {
  if (!E.isPiecewiseLinear(quantity, box.variables)) return searchedOnBoxes(quantity, measure, box, stop);
  const most = Math.min(FEW_BOXES, stop.mostBoxes ?? FEW_BOXES);
  const isExact = measure === 'sup-abs' && stop.bound?.isZero();
  const relaxed = isExact ? null : relaxation(quantity, measure, box, { ...stop, mostBoxes: most });
  if (relaxed && relaxed.stopped !== 'boxes' && isDecided(relaxed, stop)) return relaxed;
  const limits = { deadline: halfway(stop.deadline), mostCells: MOST_CELLS };
  const of = measure === 'sup-abs' ? 'size' : 'value';
  const found = supremumOnCells(quantity, [], box, of, limits);
  return found && found !== 'empty' ? found : searchedOnBoxes(quantity, measure, box, stop);
}

/** One search may take half of the time that is left. */
export function halfway(deadline: number | undefined): number | undefined {
  return deadline === undefined ? undefined : (Date.now() + deadline) / 2;
}

/** Relaxations, and the slower search that looks at one expression on every box, exactly where it is affine. */
function searchedOnBoxes(quantity: E.Expression, measure: Measure, box: Domain, stop: Stop): Supremum {
  const exactly = (mostBoxes: number) => {
    const limits = { ...stop, mostBoxes: Math.min(mostBoxes, stop.mostBoxes ?? mostBoxes) };
    return measure === 'sup-abs' ? supNorm(quantity, box, limits) : supremum([quantity], box, limits);
  };
  const first = measure === 'sup-abs' && stop.bound?.isZero() ? exactly(FEW_BOXES) : null;
  if (first && isDecided(first, stop)) return first;
  const relaxed = relaxation(quantity, measure, box, stop);
  if (!relaxed) return exactly(stop.mostBoxes ?? MOST_BOXES);
  const best = first ? both(relaxed, first) : relaxed;
  if (first || (best.hi && isDecided(best, stop)) || best.stopped === 'time') return best;
  return both(exactly(best.hi ? 10 * FEW_BOXES : FEW_BOXES), best);
}

/** Linear relaxations; null where the formula has a part that they have none of. */
export function relaxation(quantity: E.Expression, measure: Measure, box: Domain, stop: Stop): Supremum | null {
  try {
    return encloseTerms(
      [{ formula: quantity, factor: Rational.one }],
      box,
      measure === 'sup-abs' ? 'size' : 'value',
      stop,
    );
  } catch (error) {
    if (error instanceof UnsupportedOperation) return null;
    throw error;
  }
}

function isDecided({ lo, hi, stopped }: Supremum, { bound }: Stop): boolean {
  return bound ? bound.lt(lo) || (hi?.le(bound) ?? false) : hi !== null && stopped !== 'precision';
}

/** What two searches of one supremum know together. */
function both(a: Supremum, b: Supremum): Supremum {
  const higher = a.lo.lt(b.lo) ? b : a;
  const hi = a.hi && b.hi ? a.hi.min(b.hi) : (a.hi ?? b.hi);
  return { ...a, lo: higher.lo, witness: higher.witness, hi, boxes: a.boxes + b.boxes };
}

/** The piecewise linear terms of a sum against the others. */
export function onPieces(quantity: E.Expression, box: Domain, stop: Stop) {
  const isLinear = (e: E.Expression) => E.isPiecewiseLinear(e, box.variables);
  if (isLinear(quantity)) return supNormOnPieces(quantity, E.zero, box, stop);
  if (quantity.kind !== 'sum') return null;
  const kept = quantity.terms.filter(({ of }) => isLinear(of));
  const others = quantity.terms.filter(({ of }) => !isLinear(of));
  if (kept.length === 0) return null;
  return supNormOnPieces(
    E.combination(quantity.constant, kept),
    E.neg(E.combination(Rational.zero, others)),
    box,
    stop,
  );
}

/**
 * Exactly, where everything is piecewise linear and no condition strict; null elsewhere, for too many cells, and where a short
 * search on boxes decides.
 */
export function onCellsUnder({ quantity, measure, conditions }: Problem, box: Domain, stop: Stop): Bounded | null {
  const expressions = conditions.map(({ expression }) => expression);
  const isLinear = [quantity, ...expressions].every((e) => E.isPiecewiseLinear(e, box.variables));
  if (!isLinear || conditions.some(({ strict }) => strict)) return null;
  const short = underConditions(quantity, measure, conditions, box, { ...stop, mostBoxes: FEW_BOXES });
  const { lo, hi } = short.enclosure;
  const isBelow = hi && stop.bound && hi.le(stop.bound);
  if (isVacuous(short) || short.reason === null || isBelow || (stop.bound && lo && stop.bound.lt(lo))) return short;
  const limits = { deadline: halfway(stop.deadline), mostCells: MOST_CELLS };
  const found = supremumOnCells(quantity, expressions, box, measure === 'sup-abs' ? 'size' : 'value', limits);
  if (found === 'empty') return EMPTY;
  return (
    found && {
      enclosure: { lo: found.lo, hi: found.hi },
      witness: new Map(box.variables.map((name, i) => [name, found.witness[i]])),
      method: `the corners of ${found.boxes} cells on which it is affine`,
      reason: null,
    }
  );
}

export function underConditions(
  quantity: E.Expression,
  measure: Measure,
  conditions: readonly Constraint[],
  box: Domain,
  stop: Stop,
): Bounded {
  const signs = measure === 'sup-abs' ? [quantity, E.neg(quantity)] : [quantity];
  const parts = signs.map((sign) => constrainedSupremum(sign, conditions, box, stop));
  if (parts.every(({ isEmpty }) => isEmpty)) return EMPTY;
  const best = parts.reduce((a, b) => (b.lo && (!a.lo || a.lo.lt(b.lo)) ? b : a));
  const hi = parts.reduce<Rational | null>((top, part) => top && part.hi && top.max(part.hi), parts[0].hi);
  const boxes = parts.reduce((total, part) => total + part.boxes, 0);
  const open = parts.find(({ stopped }) => reasonOf(stopped) !== null);
  return {
    enclosure: { lo: best.lo, hi },
    witness: best.witness && new Map(box.variables.map((name, i) => [name, best.witness![i]])),
    method: `branch and bound under conditions, ${boxesText(boxes)}`,
    reason: open ? reasonOf(open.stopped) : null,
  };
}
