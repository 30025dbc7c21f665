import { Unfinished } from '../../deadline.js';
import { InputError } from '../../errors.js';
import { toDecimal } from '../../numbers/decimal.js';
import { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Stop } from '../supremum.js';
import { linearBeyond, type Piece, piecesOfSpace, upperBoundOver } from '../unbounded-boxes.js';
import { type Bound, type Bounded, FEW_BOXES, type Problem, reasonOf } from './problem.js';

/**
 * All reals for some variables. A formula of one number that is linear beyond some T and does not grow there has its
 * supremum in [-T, T]. Otherwise boxes of growing size say what is attained, and intervals with infinite ends, where they
 * find any, what is not exceeded.
 */
export function overReals(problem: Problem, stop: Stop, bound: Bound): Bounded {
  return onLine(problem, stop, bound) ?? inSpace(problem, stop, bound);
}

function onLine(problem: Problem, stop: Stop, bound: Bound): Bounded | null {
  const { quantity, measure, conditions, sets } = problem;
  if (sets.size !== 1 || conditions.length > 0) return null;
  const [[name]] = sets;
  const beyond = linearBeyond(quantity, name);
  const grows = beyond?.slopes.some((slope) => (measure === 'sup' ? slope.sign() > 0 : !slope.isZero()));
  if (!beyond || grows) return null;
  const { T } = beyond;
  const found = bound({ ...problem, sets: new Map([[name, { kind: 'interval', lo: T.neg(), hi: T }]]) }, stop);
  return { ...found, method: `${found.method}, for all real numbers: linear beyond ${toDecimal(T, 6, 'up')}` };
}

/** Pieces of space are 3^n less one. */
const MOST_FREE = 4;
const NEAR = 64;

/** What was attained is kept where the time ends before anything bounds the quantity everywhere. */
function inSpace(problem: Problem, stop: Stop, bound: Bound): Bounded {
  const attained = onGrowingBoxes(problem, stop, bound);
  try {
    return everywhere(problem, attained, stop, bound);
  } catch (error) {
    if (error instanceof Unfinished) return { ...attained, reason: reasonOf('time') };
    throw error;
  }
}

function everywhere(problem: Problem, attained: Bounded, stop: Stop, bound: Bound): Bounded {
  const { conditions, sets } = problem;
  const free = [...sets].flatMap(([name, { kind }]) => (kind === 'reals' ? [name] : []));
  const limit = stop.bound && attained.enclosure.lo && stop.bound.lt(attained.enclosure.lo);
  if (limit || conditions.length > 0) return attained;
  const whole = free.map((name) => [name, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]] as const);
  let hi = outside(problem, [new Map(whole)]);
  let { witness } = attained;
  let { lo } = attained.enclosure;
  const isDecided = hi !== null && stop.bound !== undefined && hi.le(stop.bound);
  if (free.length <= MOST_FREE && !isDecided) {
    const far = outside(problem, piecesOfSpace(free, NEAR));
    const inner =
      far && onBox({ ...problem, sets: new Map([...sets].map(([name, set]) => [name, cut(set, NEAR)])) }, stop, bound);
    if (far && inner?.enclosure.hi) {
      const most = inner.enclosure.hi.max(far);
      hi = hi ? hi.min(most) : most;
      if (inner.enclosure.lo && (!lo || lo.lt(inner.enclosure.lo)))
        ({
          witness,
          enclosure: { lo },
        } = inner);
    }
  }
  if (hi === null) return attained;
  const method = 'branch and bound on growing boxes, intervals with infinite ends beyond them';
  return {
    enclosure: { lo, hi },
    witness,
    method,
    reason: lo?.equals(hi) ? null : 'intervals with infinite ends are wide',
  };
}

/** An upper bound of the measure on pieces of space; null where there is none. */
function outside({ quantity, measure, sets }: Problem, cells: readonly ReadonlyMap<string, Piece>[]): Rational | null {
  const sides = [...sets].flatMap(([name, set]) =>
    set.kind === 'interval' ? [[name, [set.lo, set.hi]] as const] : [],
  );
  const signs = measure === 'sup-abs' ? [quantity, E.neg(quantity)] : [quantity];
  let most: Rational | null = null;
  for (const cell of cells) {
    for (const sign of signs) {
      const found = upperBoundOver(sign, new Map<string, Piece>([...sides, ...cell]));
      if (found === null) return null;
      most = most ? most.max(found) : found;
    }
  }
  return most;
}

function cut(set: EntrySet, size: number): EntrySet {
  return set.kind === 'reals' ? { kind: 'interval', lo: Rational.of(-size), hi: Rational.of(size) } : set;
}

/** Only a search for points that go beyond a bound. */
function onGrowingBoxes(problem: Problem, stop: Stop, bound: Bound): Bounded {
  let found: Bounded | null = null;
  for (const size of [1, 16, 256, 65_536]) {
    const sets = new Map([...problem.sets].map(([name, set]) => [name, cut(set, size)]));
    const part = onBox({ ...problem, sets }, { ...stop, mostBoxes: FEW_BOXES }, bound);
    if (!part) break;
    if (part.enclosure.lo && (!found?.enclosure.lo || found.enclosure.lo.lt(part.enclosure.lo))) found = part;
    if (stop.bound && found?.enclosure.lo && stop.bound.lt(found.enclosure.lo)) break;
  }
  return {
    enclosure: { lo: found?.enclosure.lo ?? null, hi: null },
    witness: found?.witness ?? null,
    method: 'branch and bound on growing boxes',
    reason: 'no rule here bounds this quantity for all real inputs: a box in the place of R can be searched',
  };
}

/** Null where the numbers are too large for any arithmetic here, and where the time ends within the box. */
function onBox(problem: Problem, stop: Stop, bound: Bound): Bounded | null {
  try {
    return bound(problem, stop);
  } catch (error) {
    if (error instanceof InputError && error.fault.found.startsWith('no point of the box')) return null;
    if (error instanceof Unfinished) return null;
    throw error;
  }
}
