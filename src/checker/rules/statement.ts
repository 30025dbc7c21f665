import { Atoms } from '../atoms.js';
import { Exhausted, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { brief, demand, demandEach, demandShown, Rejected, Unfinished } from '../failure.js';
import { around, exactly } from '../floats.js';
import type { Form } from '../forms.js';
import { Fraction } from '../fraction.js';
import { type Entries, type Goal, Interpretation } from '../interpretation.js';
import * as I from '../interval.js';
import { type Box, LinearBounds } from '../linear-bounds.js';
import { fraction, list, record } from '../network.js';
import { Point } from '../point.js';
import { compared } from '../relations.js';
import { readSentence } from '../sentence.js';
import { ORIGIN, type Side } from '../side.js';
import { slopesOf } from '../slopes.js';
import { splitSmooth } from '../smooth.js';
import { bound } from './enclosure.js';

/**
 * Data: the `text` of a sentence, and a hint (`method`) of how to see that it is true: by bounds over the parts of the box
 * (`boxes`), exactly on the cells where the networks are affine (`cells`), by bounds of derivatives (`slopes`), or
 * at each of finitely many points. Nothing is believed of the hint: with a bad one the check comes to no end.
 */
export const statement: Rule = ({ network }, data) => {
  const { text, method } = record(data, 'the data', ['text', 'method']);
  const atoms = new Atoms(true);
  const meaning = new Interpretation(network, atoms, readSentence(text));
  const { relations } = meaning.sentence;
  if (method === 'slopes') slopesOf(meaning, atoms);
  else everywhere(meaning, atoms, () => relations.flatMap((relation) => meaning.goals(relation)), method === 'cells');
  return closed({ kind: 'statement', text }, String(text));
};

/**
 * Data: the `text` of a sentence, a `point` {x: [numbers in row-major order]} that its variables range over and that
 * satisfies its conditions, and whether all its relations hold there (`holds`) or one of them fails.
 */
export const instance: Rule = ({ network }, data) => {
  const { text, point, holds } = record(data, 'the data', ['text', 'point', 'holds']);
  demand(typeof holds === 'boolean', () => `${brief(holds)} is neither true nor false`);
  const atoms = new Atoms(true);
  const meaning = new Interpretation(network, atoms, readSentence(text));
  const given = record(
    point,
    'the point',
    meaning.variables.map(({ name }) => name),
  );
  const values = new Map<string, Fraction>();
  for (const { name, names, sets } of meaning.variables) {
    const numbers = list(given[name], `the point ${name}`).map((number) => fraction(number, `an entry of ${name}`));
    demand(numbers.length === names.length, `${numbers.length} numbers for ${name}`);
    demandEach(numbers.entries(), ([k, number]) => isIn(number, sets[k]), `${name} is outside its set`);
    for (const [k, number] of numbers.entries()) {
      values.set(names[k], number);
      meaning.fix(names[k], number);
    }
  }
  const where = new Point(atoms, values);
  const isMeant = conditionsOf(meaning).map((goal) => standing(where, goal));
  const stands = standsAt(meaning, atoms, where);
  demand(!isMeant.includes(false), 'the point does not satisfy the conditions');
  demand(stands !== !holds, () => `at the point it ${holds ? 'fails' : 'holds'}`);
  demandShown(stands !== null && !isMeant.includes(null), 'rounding hides what is so at the point');
  const shown = meaning.variables.map(({ name }) => `${name} = (${(given[name] as readonly unknown[]).join(', ')})`);
  const body = String(text)
    .slice(String(text).indexOf(':') + 1)
    .trim();
  const said = holds ? `at ${shown.join(', ')}: ${body}` : `not ${text}: it fails at ${shown.join(', ')}`;
  return closed({ kind: 'instance', text, point, holds }, said);
};

/** Whether all relations hold at a point, or one of them fails; null where rounding hides it. All functions must have values there. */
export function standsAt(meaning: Interpretation, atoms: Atoms, point: Point): boolean | null {
  const goals = meaning.sentence.relations.flatMap((relation) => meaning.goals(relation));
  defined(point, atoms);
  const found = goals.map((goal) => standing(point, goal));
  if (found.includes(false)) return false;
  return found.includes(null) ? null : true;
}

function isIn(x: Fraction, set: Entries): boolean {
  if (set === null) return true;
  return isSide(set) ? set.lo.le(x) && x.le(set.hi) : set.some((value) => value.equals(x));
}

function isSide(set: Entries): set is Side {
  return set !== null && 'lo' in set;
}

/** Bounds of a form at a point, its value where that is rational. */
function endsAt(point: Point, form: Form): Side {
  const exact = point.exact(form);
  if (exact) return { lo: exact, hi: exact };
  const value = point.enclose(form);
  return { lo: I.lower(value), hi: I.upper(value) };
}

/** Whether a goal is reached at a point; null where rounding hides it. */
function standing(point: Point, { form, strict }: Goal): boolean | null {
  return compared(endsAt(point, form), strict ? '<' : '<=', ORIGIN);
}

/** Demands that all functions have values at the point. */
function defined(point: Point, { partial }: Atoms): void {
  for (const form of partial) point.enclose(form);
}

const MOST_POINTS = 1 << 16;

/** Demands that all goals are reached at all points of the sets that satisfy the conditions. */
function everywhere(meaning: Interpretation, atoms: Atoms, read: () => Goal[], byCells: boolean): void {
  const sides = new Map<string, Side>();
  const finite: (readonly [string, readonly Fraction[]])[] = [];
  for (const [name, set] of meaning.sets) {
    if (isSide(set)) sides.set(name, set);
    else if (set !== null) finite.push([name, set]);
  }
  if (!narrow(meaning, atoms, sides)) return;
  for (const [name, { lo, hi }] of sides) {
    if (!lo.equals(hi)) continue;
    meaning.fix(name, lo);
    sides.delete(name);
  }
  const count = finite.reduce((product, [, values]) => product * values.length, 1);
  demandShown(count <= MOST_POINTS, `there are ${count} points, allowed are ${MOST_POINTS}`);
  if (finite.length > 0 && sides.size === 0) {
    atPoints(meaning, atoms, read(), finite);
    return;
  }
  for (const values of combinations(finite)) {
    for (const [name, value] of values) meaning.fix(name, value);
    const conditions = conditionsOf(meaning);
    const goals = read();
    if (byCells && conditions.length === 0 && atoms.partial.length === 0) onCells(atoms, goals, sides);
    else onBoxes(atoms, goals, conditions, sides);
  }
}

function conditionsOf(meaning: Interpretation): Goal[] {
  return meaning.sentence.conditions.flatMap((relation) => meaning.goals(relation));
}

/** Cuts sides by the conditions on one entry alone; false where nothing is left. */
function narrow(meaning: Interpretation, atoms: Atoms, sides: Map<string, Side>): boolean {
  for (const { form } of conditionsOf(meaning)) {
    const [[number, factor] = [-1, Fraction.one]] = form.terms;
    const atom = form.terms.size === 1 ? atoms.get(number) : undefined;
    const side = atom?.kind === 'input' ? sides.get(atom.name) : undefined;
    if (atom?.kind !== 'input' || !side) continue;
    const end = form.constant.neg().div(factor);
    const cut = factor.n > 0n ? { lo: side.lo, hi: side.hi.min(end) } : { lo: side.lo.max(end), hi: side.hi };
    if (cut.hi.lt(cut.lo)) return false;
    sides.set(atom.name, cut);
  }
  return true;
}

function* combinations(finite: readonly (readonly [string, readonly Fraction[]])[]): Iterable<Map<string, Fraction>> {
  const digits = finite.map(() => 0);
  for (;;) {
    yield new Map(finite.map(([name, values], k) => [name, values[digits[k]]]));
    let k = 0;
    while (k < digits.length && ++digits[k] === finite[k][1].length) digits[k++] = 0;
    if (k === digits.length) return;
  }
}

function atPoints(
  meaning: Interpretation,
  atoms: Atoms,
  goals: readonly Goal[],
  finite: readonly (readonly [string, readonly Fraction[]])[],
): void {
  const conditions = conditionsOf(meaning);
  for (const values of combinations(finite)) {
    spend(1000);
    const point = new Point(atoms, values);
    if (conditions.some((condition) => standing(point, condition) === false)) continue;
    defined(point, atoms);
    const isMeant = conditions.every((condition) => standing(point, condition) === true);
    for (const goal of goals) {
      const found = standing(point, goal);
      const place = () => `at ${[...values].map(([name, value]) => `${name} = ${value}`).join(', ')}`;
      demand(found !== false || !isMeant, () => `it is false ${place()}`);
      demandShown(found === true, () => `rounding hides what is so ${place()}`);
    }
  }
}

/** By the exact cells on which the piecewise linear parts are affine. */
function onCells(atoms: Atoms, goals: readonly Goal[], sides: ReadonlyMap<string, Side>): void {
  const sideOf = (name: string): Side => {
    const side = sides.get(name);
    demandShown(side !== undefined, `${name} is not bounded`);
    return side;
  };
  for (const { form, strict } of goals) {
    bound(atoms, splitSmooth(atoms, form), sideOf, { hi: Fraction.zero, strict }, 'a difference');
  }
}

const DEEPEST = 128;

/** By linear bounds over boxes, which are halved until they do. Boxes without a point that is meant are left out. */
function onBoxes(
  atoms: Atoms,
  goals: readonly Goal[],
  conditions: readonly Goal[],
  sides: ReadonlyMap<string, Side>,
): void {
  const names = [...sides.keys()];
  const forms = [...goals, ...conditions].map(({ form }) => form);
  const lines = new LinearBounds(atoms, names, [...forms, ...atoms.partial]);
  demandShown(lines.isBounded, 'an entry that ranges over all numbers does not cancel');
  const root = names.map((name) => [around(sides.get(name)!.lo)[0], around(sides.get(name)!.hi)[1]]);
  const all = [...goals.keys()];
  const stack = [{ box: boxOf(root), open: all, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { box, depth } = next;
    lines.enter(box);
    const isOutside = conditions.some(({ strict }, c) => isBelow(lines.aboveNegative(goals.length + c, box), !strict));
    if (isOutside) continue;
    const isWhole = atoms.partial.every((_, k) => lines.isDefined(forms.length + k));
    const blame = new Float64Array(names.length);
    const missed = (g: number) => {
      const most = lines.above(g, box, blame);
      if (isBelow(most, goals[g].strict)) return false;
      const isClose = most <= NARROW || (depth % ROUND === ROUND - 1 && lines.kinks <= FEW_KINKS);
      return !(isClose && isShownOnCells(atoms, goals[g], box, sides, conditions.length > 0));
    };
    const open = isWhole ? next.open.filter(missed) : next.open;
    if (isWhole && open.length === 0) continue;
    if (depth % 8 === 0) refute(atoms, goals, conditions, sides, names, box);
    const axis = widest(box, blame);
    const middle = box.lo[axis] / 2 + box.hi[axis] / 2;
    demandShown(depth < DEEPEST && box.lo[axis] < middle && middle < box.hi[axis], 'halving boxes does not show it');
    for (const [lo, hi] of [
      [box.lo, box.hi.with(axis, middle)],
      [box.lo.with(axis, middle), box.hi],
    ]) {
      stack.push({ box: { lo, hi }, open, depth: depth + 1 });
    }
  }
}

/** What is missed by so little is perhaps attained: then cells show it. */
const NARROW = 2 ** -40;
/** Now and then the cells of a box with few kinks are looked at, where bounds are attained between corners. */
const ROUND = 8;
const FEW_KINKS = 4;

function isShownOnCells(
  atoms: Atoms,
  goal: Goal,
  { lo, hi }: Box,
  sides: ReadonlyMap<string, Side>,
  isConditional: boolean,
): boolean {
  const part = new Map(
    [...sides].map(([name, side], i) => [name, { lo: exactly(lo[i]).max(side.lo), hi: exactly(hi[i]).min(side.hi) }]),
  );
  if ([...part.values()].some((side) => !side.lo.lt(side.hi))) return false;
  try {
    onCells(atoms, [goal], part);
    return true;
  } catch (error) {
    const isOpen = error instanceof Unfinished && !(error instanceof Exhausted);
    if (isOpen || (isConditional && error instanceof Rejected && !(error instanceof Unfinished))) return false;
    throw error;
  }
}

function boxOf(sides: readonly (readonly number[])[]): Box {
  return { lo: Float64Array.from(sides, ([lo]) => lo), hi: Float64Array.from(sides, ([, hi]) => hi) };
}

/** What is no number is not below anything. */
function isBelow(x: number, strict: boolean): boolean {
  return strict ? x < 0 : x <= 0;
}

/** The side whose halving promises most; the widest where there is none. */
function widest({ lo, hi }: Box, blame: Float64Array): number {
  let [best, most] = [-1, 0];
  for (let i = 0; i < blame.length; i++) if (blame[i] > most) [best, most] = [i, blame[i]];
  if (best >= 0) return best;
  for (let i = 0; i < lo.length; i++) if (hi[i] - lo[i] > most) [best, most] = [i, hi[i] - lo[i]];
  return Math.max(best, 0);
}

/** Throws Rejected where a goal is surely missed in the middle of the box. */
function refute(
  atoms: Atoms,
  goals: readonly Goal[],
  conditions: readonly Goal[],
  sides: ReadonlyMap<string, Side>,
  names: readonly string[],
  { lo, hi }: Box,
): void {
  const values = new Map(
    names.map((name, i) => {
      const side = sides.get(name)!;
      return [
        name,
        exactly(lo[i] / 2 + hi[i] / 2)
          .max(side.lo)
          .min(side.hi),
      ];
    }),
  );
  const point = new Point(atoms, values);
  const isMeant = conditions.every((condition) => standing(point, condition) === true);
  if (!isMeant || !goals.some((goal) => standing(point, goal) === false)) return;
  throw new Rejected(`it is false at ${[...values].map(([name, value]) => `${name} = ${value}`).join(', ')}`);
}
