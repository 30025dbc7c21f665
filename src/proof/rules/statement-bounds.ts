import { isPast } from '../../deadline.js';
import { domain as boxOf, type Domain } from '../../enclose/box.js';
import { supremumOnCells } from '../../enclose/cells/suprema.js';
import { type Constraint, constrainedSupremum, standing } from '../../enclose/constrained.js';
import { encloseTerms } from '../../enclose/linear/network.js';
import { alongOneForm, type FiniteVariable, valuesOfForm } from '../../enclose/one-form.js';
import { supNormOnPieces } from '../../enclose/pieces.js';
import { linearBeyond, type Piece, piecesOfSpace, upperBoundOver } from '../../enclose/reals.js';
import { type Stop, type Supremum, supNorm, supremum } from '../../enclose/supremum.js';
import { InputError } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { toDecimal } from '../../numbers/decimal.js';
import type { Rational } from '../../numbers/rational.js';
import { Rational as Q } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Enclosure } from '../verdict.js';

/** sup u, inf u or sup |u| over the points of a domain that satisfy the conditions. */
export type Measure = 'sup' | 'inf' | 'sup-abs';

/** A formula that the built weights compute, and where. */
export interface Problem {
  readonly quantity: E.Expression;
  readonly measure: Measure;
  /** What each variable of the formula ranges over. */
  readonly sets: ReadonlyMap<string, EntrySet>;
  readonly conditions: readonly Constraint[];
}

/** What is known of the measure. */
export interface Bounded {
  /** Two-sided; for a supremum `lo` is attained at the witness and `hi` holds everywhere, for an infimum the reverse. */
  readonly enclosure: Enclosure;
  readonly witness: ReadonlyMap<string, Rational> | null;
  readonly method: string;
  /** Why the search ended, when the ends do not meet. */
  readonly reason: string | null;
}

const MOST_BOXES = 200_000;
/** Where a time limit ends searches, memory is all that boxes are counted for. */
const MOST_BOXES_IN_TIME = 1_000_000;
const MOST_POINTS = 20_000;

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
  if (finite.length > 0) return overPoints(problem, finite, stop);
  if ([...sets.values()].some(({ kind }) => kind === 'reals')) return overReals(problem, stop);
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
const FEW_BOXES = 2000;
const MOST_CELLS = 50_000;

/**
 * Linear relaxations decide nearly everything. Where they end without a decision, and first of all for |u| <= 0, which only
 * exact arithmetic shows, the cells on which a piecewise linear formula is affine are visited one by one.
 */
function searched(quantity: E.Expression, measure: Measure, box: Domain, stop: Stop): Supremum {
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
function halfway(deadline: number | undefined): number | undefined {
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

function relaxation(quantity: E.Expression, measure: Measure, box: Domain, stop: Stop): Supremum | null {
  try {
    return encloseTerms([{ formula: quantity, factor: Q.one }], box, measure === 'sup-abs' ? 'size' : 'value', stop);
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
function onPieces(quantity: E.Expression, box: Domain, stop: Stop) {
  const isLinear = (e: E.Expression) => E.isPiecewiseLinear(e, box.variables);
  if (isLinear(quantity)) return supNormOnPieces(quantity, E.zero, box, stop);
  if (quantity.kind !== 'sum') return null;
  const kept = quantity.terms.filter(({ of }) => isLinear(of));
  const others = quantity.terms.filter(({ of }) => !isLinear(of));
  if (kept.length === 0) return null;
  return supNormOnPieces(E.combination(quantity.constant, kept), E.neg(E.combination(Q.zero, others)), box, stop);
}

function atPoint(quantity: E.Expression, measure: Measure): Bounded {
  const value = E.valueBounds(quantity, new Map());
  return { enclosure: measured(value, measure), witness: new Map(), method: 'exact evaluation', reason: null };
}

/** Every combination of the finitely many values, and for each what is left to vary. */
function overPoints(
  problem: Problem,
  finite: readonly { readonly name: string; readonly values: readonly Rational[] }[],
  stop: Stop,
): Bounded {
  const count = finite.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_POINTS) return overValues(problem, finite, stop) ?? overHull(problem, stop, count);
  const left = new Map([...problem.sets].filter(([, { kind }]) => kind !== 'finite'));
  let best: { lo: Rational | null; hi: Rational | null; witness: Bounded['witness'] } | null = null;
  let reason: string | null = null;
  let done = 0;
  for (const point of combinations(finite)) {
    if (isPast(stop.deadline)) {
      return {
        enclosure: { lo: best?.lo ?? null, hi: null },
        witness: best?.witness ?? null,
        method: 'evaluation at points',
        reason: reasonOf('time'),
      };
    }
    done += 1;
    if (done % 256 === 0) stop.progress?.(done, best?.lo ?? null, best?.hi ?? null);
    const part = {
      ...problem,
      quantity: at(problem.quantity, point),
      sets: left,
      conditions: problem.conditions.map((c) => ({ ...c, expression: at(c.expression, point) })),
    };
    const known = left.size === 0 ? part.conditions.map((condition) => standing(condition, [], [])) : [];
    if (known.includes('fails')) continue;
    const found = boundMeasure(left.size === 0 ? { ...part, conditions: [] } : part, stop);
    if (isVacuous(found)) continue;
    const isIn = !known.includes('unknown');
    const { hi } = found.enclosure;
    const lo = isIn ? found.enclosure.lo : null;
    reason ??= isIn ? found.reason : 'at some points it is not known whether the conditions hold';
    const witness = lo && found.witness && new Map([...point, ...found.witness]);
    if (!best) best = { lo, hi, witness };
    else {
      const isHigher: boolean = lo !== null && (best.lo === null || best.lo.lt(lo));
      best = {
        lo: isHigher ? lo : best.lo,
        witness: isHigher ? witness : best.witness,
        hi: best.hi && hi && best.hi.max(hi),
      };
    }
    if (stop.bound && best.lo && stop.bound.lt(best.lo)) break;
  }
  if (!best) return EMPTY;
  const isWhole = done === count;
  return {
    enclosure: { lo: best.lo, hi: isWhole ? best.hi : null },
    witness: best.witness,
    method: `evaluation at ${done} points`,
    reason,
  };
}

/** Many points, but few values of the only form of them that the formulas know; null where there is no such form. */
function overValues(problem: Problem, finite: readonly FiniteVariable[], stop: Stop): Bounded | null {
  const { quantity, conditions, sets } = problem;
  const all = [quantity, ...conditions.map(({ expression }) => expression)];
  const along = alongOneForm(all, new Set(finite.map(({ name }) => name)));
  const values = along && valuesOfForm(along, finite, MOST_POINTS);
  if (!along || !values) return null;
  const left = new Map([...sets].filter(([, { kind }]) => kind !== 'finite'));
  left.set(along.name, { kind: 'finite', values: [...values.values()].map(({ value }) => value) });
  const [first, ...others] = along.expressions;
  const found = bounded(
    {
      ...problem,
      quantity: first,
      conditions: conditions.map((c, k) => ({ ...c, expression: others[k] })),
      sets: left,
    },
    stop,
  );
  const s = found.witness?.get(along.name);
  const spread = (witness: ReadonlyMap<string, Rational>) =>
    new Map([
      ...finite.map(({ name, values: [any] }) => [name, any] as const),
      ...[...witness].filter(([name]) => name !== along.name),
      ...values.get(s!.toString())!.point,
    ]);
  return { ...found, witness: found.witness && spread(found.witness), method: `${found.method} of one linear form` };
}

/** Too many points to visit: what holds for all real numbers between them holds for them. */
function overHull(problem: Problem, stop: Stop, count: number): Bounded {
  const hull = (set: EntrySet): EntrySet =>
    set.kind === 'finite' ? { kind: 'interval', lo: set.values[0], hi: set.values.at(-1)! } : set;
  const sets = new Map([...problem.sets].map(([name, set]) => [name, hull(set)]));
  const { enclosure, method } = bounded({ ...problem, sets }, stop);
  return {
    enclosure: { lo: null, hi: enclosure.hi },
    witness: null,
    method: `${method}, for all real numbers between the values`,
    reason: `${count} points are more than are visited one by one (${MOST_POINTS})`,
  };
}

/**
 * All reals for some variables. A formula of one number that is linear beyond some T and does not grow there has its
 * supremum in [-T, T]. Otherwise boxes of growing size say what is attained, and intervals with infinite ends, where they
 * find any, what is not exceeded.
 */
function overReals(problem: Problem, stop: Stop): Bounded {
  return onLine(problem, stop) ?? inSpace(problem, stop);
}

function onLine(problem: Problem, stop: Stop): Bounded | null {
  const { quantity, measure, conditions, sets } = problem;
  if (sets.size !== 1 || conditions.length > 0) return null;
  const [[name]] = sets;
  const beyond = linearBeyond(quantity, name);
  const grows = beyond?.slopes.some((slope) => (measure === 'sup' ? slope.sign() > 0 : !slope.isZero()));
  if (!beyond || grows) return null;
  const { T } = beyond;
  const found = bounded({ ...problem, sets: new Map([[name, { kind: 'interval', lo: T.neg(), hi: T }]]) }, stop);
  return { ...found, method: `${found.method}, for all real numbers: linear beyond ${toDecimal(T, 6, 'up')}` };
}

/** Pieces of space are 3^n less one. */
const MOST_FREE = 4;
const NEAR = 64;

function inSpace(problem: Problem, stop: Stop): Bounded {
  const attained = onGrowingBoxes(problem, stop);
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
      far && onBox({ ...problem, sets: new Map([...sets].map(([name, set]) => [name, cut(set, NEAR)])) }, stop);
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
  return set.kind === 'reals' ? { kind: 'interval', lo: Q.of(-size), hi: Q.of(size) } : set;
}

/** Only a search for points that go beyond a bound. */
function onGrowingBoxes(problem: Problem, stop: Stop): Bounded {
  let found: Bounded | null = null;
  for (const size of [1, 16, 256, 65_536]) {
    const sets = new Map([...problem.sets].map(([name, set]) => [name, cut(set, size)]));
    const part = onBox({ ...problem, sets }, { ...stop, mostBoxes: FEW_BOXES });
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

/** Null where the numbers are too large for any arithmetic here. */
function onBox(problem: Problem, stop: Stop): Bounded | null {
  try {
    return bounded(problem, stop);
  } catch (error) {
    if (error instanceof InputError && error.fault.found.startsWith('no point of the box')) return null;
    throw error;
  }
}

/**
 * Exactly, where everything is piecewise linear and no condition strict; null elsewhere, for too many cells, and where a short
 * search on boxes decides.
 */
function onCellsUnder({ quantity, measure, conditions }: Problem, box: Domain, stop: Stop): Bounded | null {
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

function underConditions(
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

/** No point satisfies the conditions: everything holds for all of them. */
const EMPTY: Bounded = {
  enclosure: { lo: null, hi: null },
  witness: null,
  method: 'no point satisfies the conditions',
  reason: 'empty',
};

export function isVacuous(found: Bounded): boolean {
  return found.reason === 'empty';
}

const REASONS: Readonly<Record<string, string>> = {
  time: 'the time limit ended the search',
  boxes: 'the search ended after its largest number of boxes: --time-limit S lets it go on for S seconds',
  precision: 'rounding hides what halving could still show',
};

export function reasonOf(stopped: string): string | null {
  return REASONS[stopped] ?? null;
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

function measured({ lo, hi }: { lo: Rational; hi: Rational }, measure: Measure): Enclosure {
  if (measure !== 'sup-abs') return { lo, hi };
  const least = lo.sign() > 0 ? lo : hi.sign() < 0 ? hi.neg() : Q.zero;
  return { lo: least, hi: lo.neg().max(hi) };
}

function anyOf(set: EntrySet): Rational {
  return set.kind === 'interval' ? set.lo : set.kind === 'finite' ? set.values[0] : Q.zero;
}

function at(e: E.Expression, point: ReadonlyMap<string, Rational>): E.Expression {
  return E.fold<E.Expression>(e, (part, below) => {
    const value = part.kind === 'variable' ? point.get(part.name) : undefined;
    return value ? E.constant(value) : E.rebuild(part, below);
  });
}

function* combinations(
  finite: readonly { readonly name: string; readonly values: readonly Rational[] }[],
): Iterable<Map<string, Rational>> {
  const digits = finite.map(() => 0);
  for (;;) {
    yield new Map(finite.map(({ name, values }, k) => [name, values[digits[k]]]));
    let k = 0;
    while (k < digits.length && ++digits[k] === finite[k].values.length) digits[k++] = 0;
    if (k === digits.length) return;
  }
}

/** How many boxes a search took, in words. */
export function boxesText(boxes: number): string {
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}
