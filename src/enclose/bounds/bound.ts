import { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { domain as boxOf } from '../box.js';
import type { Constraint } from '../constrained.js';
import type { Stop } from '../supremum.js';
import { overPoints } from './points.js';
import { type Bounded, boxesText, EMPTY, type Measure, type Problem, reasonOf } from './problem.js';
import { overReals } from './reals.js';
import { MOST_BOXES, MOST_BOXES_IN_TIME, onCellsUnder, onPieces, searched, underConditions } from './searches.js';

/**
 * Bounds of the measure: exact evaluation where nothing or finitely many points vary, knots of a piecewise linear formula
 * of one number, otherwise branch and bound in outward-rounded arithmetic. Throws InputError where the quantity is
 * undefined at a point of the domain.
 */
export function boundMeasure(problem: Problem, stop: Stop): Bounded {
  const { quantity, measure, conditions } = problem;
  if (measure === 'inf')
    return negated(boundMeasure({ ...problem, quantity: E.neg(quantity), measure: 'sup' }, mirrored(stop)));
  const used = new Set(
    [quantity, ...conditions.map(({ expression }) => expression)].flatMap((e) => [...E.variablesOf(e)]),
  );
  const sets = [...problem.sets].filter(([name]) => used.has(name));
  const rest = [...problem.sets].filter(([name]) => !used.has(name)).map(([name, set]) => [name, anyOf(set)] as const);
  const found = bounded({ ...problem, sets: new Map(sets) }, stop);
  return { ...found, witness: found.witness && new Map([...found.witness, ...rest]) };
}

function bounded(problem: Problem, stop: Stop): Bounded {
  const { quantity, measure, conditions, sets } = problem;
  if (sets.size === 0 && conditions.length === 0) return atPoint(quantity, measure);
  const finite = [...sets].flatMap(([name, set]) => (set.kind === 'finite' ? [{ name, values: set.values }] : []));
  if (finite.length > 0) return overPoints(problem, finite, stop, boundMeasure);
  if ([...sets.values()].some(({ kind }) => kind === 'reals')) return overReals(problem, stop, bounded);
  const whole = [...sets].map(([variable, set]) => ({ variable, ...(set as { lo: Rational; hi: Rational }) }));
  const limits = { mostBoxes: stop.deadline === undefined ? MOST_BOXES : MOST_BOXES_IN_TIME, ...stop };
  const cut = tightened(whole, conditions);
  if (!cut) return EMPTY;
  const box = boxOf(cut.sides);
  if (cut.conditions.length > 0) {
    const conditional = { ...problem, conditions: cut.conditions };
    return onCellsUnder(conditional, box, limits) ?? underConditions(quantity, measure, cut.conditions, box, limits);
  }
  const byPieces = measure === 'sup-abs' && box.variables.length === 1 ? onPieces(quantity, box, limits) : null;
  const found = byPieces ?? searched(quantity, measure, box, limits);
  const { lo, hi, witness, stopped, boxes } = found;
  const method = byPieces
    ? 'knots of a piecewise linear function'
    : found.arithmetic === 'exact'
      ? `the corners of ${boxes} cells on which it is affine`
      : `branch and bound, ${boxesText(boxes)}, ${found.arithmetic}`;
  return {
    enclosure: { lo, hi },
    witness: new Map(box.variables.map((name, i) => [name, witness[i]])),
    method,
    reason: hi === null ? UNBOUNDED : reasonOf(stopped),
  };
}

interface Side {
  readonly variable: string;
  readonly lo: Rational;
  readonly hi: Rational;
}

/** Conditions on one variable alone as narrower sides; null when a side is empty. Strict ones stay, too. */
function tightened(
  sides: readonly Side[],
  conditions: readonly Constraint[],
): { readonly sides: readonly Side[]; readonly conditions: readonly Constraint[] } | null {
  let narrowed = [...sides];
  const left = conditions.filter(({ expression, strict }) => {
    const affine = E.affineOf(
      expression,
      sides.map(({ variable }) => variable),
    );
    const i = affine?.coefficients.findIndex((coefficient) => !coefficient.isZero()) ?? -1;
    if (!affine || i < 0 || affine.coefficients.some((other, k) => k !== i && !other.isZero())) return true;
    const end = affine.constant.neg().div(affine.coefficients[i]);
    const isUpper = affine.coefficients[i].sign() > 0;
    narrowed = narrowed.map((side, k) => {
      if (k !== i) return side;
      return isUpper ? { ...side, hi: side.hi.min(end) } : { ...side, lo: side.lo.max(end) };
    });
    return strict;
  });
  return narrowed.some(({ lo, hi }) => hi.lt(lo)) ? null : { sides: narrowed, conditions: left };
}

const UNBOUNDED = 'no finite bound was found: the quantity may be undefined or unbounded somewhere in the box';

function atPoint(quantity: E.Expression, measure: Measure): Bounded {
  const method = 'exact evaluation';
  try {
    const value = E.valueBounds(quantity, new Map());
    return { enclosure: measured(value, measure), witness: new Map(), method, reason: null };
  } catch (error) {
    if (!(error instanceof E.NoFiniteBounds)) throw error;
    return { enclosure: { lo: null, hi: null }, witness: null, method, reason: error.message };
  }
}

function mirrored(stop: Stop): Stop {
  const { bound, progress } = stop;
  return {
    ...stop,
    ...(bound && { bound: bound.neg() }),
    ...(progress && { progress: (boxes, lo, hi) => progress(boxes, hi?.neg() ?? null, lo?.neg() ?? null) }),
  };
}

function negated(found: Bounded): Bounded {
  const { lo, hi } = found.enclosure;
  return { ...found, enclosure: { lo: hi?.neg() ?? null, hi: lo?.neg() ?? null } };
}

function measured({ lo, hi }: { lo: Rational; hi: Rational }, measure: Measure): Bounded['enclosure'] {
  if (measure !== 'sup-abs') return { lo, hi };
  const least = lo.sign() > 0 ? lo : hi.sign() < 0 ? hi.neg() : Rational.zero;
  return { lo: least, hi: lo.neg().max(hi) };
}

function anyOf(set: EntrySet): Rational {
  return set.kind === 'interval' ? set.lo : set.kind === 'finite' ? set.values[0] : Rational.zero;
}
