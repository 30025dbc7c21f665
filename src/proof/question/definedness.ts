import { InputError, quote } from '../../errors.js';
import { Rational } from '../../numbers/rational.js';
import {
  childrenOf,
  type EntrySet,
  mentions,
  printTerm,
  type Side,
  type Term,
  toExpression,
} from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Names } from './names.js';
import { type Condition, isMeant, type Point, setsOf } from './question.js';

/**
 * Refuses formulas of the statement without a value at a corner of its box, and divisors that have both signs there: they
 * vanish between. What the networks compute is left to the searches, and so is what happens away from the corners; this
 * spares them 1/x on [0, 1], where they come to no end. Throws InputError, which says where.
 */
export function demandDefined(sides: readonly Side[], names: Names, conditions: readonly Condition[]): void {
  const sets = setsOf(names);
  const isInput = (name: string) => names.variables.some((variable) => variable.name === name);
  for (const part of sides.flatMap((side) => (side.kind === 'unknown' ? [] : formulasIn(side, isInput)))) {
    const formula = readable(part, names);
    if (!formula || E.isTotal(formula)) continue;
    const corners = cornersOf(E.variablesOf(formula), sets);
    const without = corners.find((corner) => isUndefined(formula, corner) && isMeant(corner, names, conditions));
    if (without) throw undefinedFormula(part, `is undefined at ${textOf(without, formula)}`);
    if (conditions.length === 0) demandSigns(part, formula, corners, sets);
  }
}

function demandSigns(
  part: Term,
  formula: E.Expression,
  corners: readonly Point[],
  sets: ReadonlyMap<string, EntrySet>,
): void {
  for (const divisor of divisorsOf(formula)) {
    if (![...E.variablesOf(divisor)].every((name) => sets.get(name)?.kind === 'interval')) continue;
    const ends = [-1, 1].map((sign) => corners.find((corner) => signAt(divisor, corner) === sign));
    const [below, above] = ends;
    if (!below || !above) continue;
    const [from, to] = [textOf(below, divisor), textOf(above, divisor)];
    throw undefinedFormula(part, `has a divisor that vanishes between ${from} and ${to}`);
  }
}

function undefinedFormula(part: Term, what: string): InputError {
  return new InputError({
    found: `${quote(printTerm(part))} ${what}`,
    allowed: 'expressions that are defined on the whole domain',
    mend: 'take a set where no divisor vanishes',
  });
}

/** Null for functions of sequences, which have rules of their own, and for what other messages are about. */
function readable(part: Term, names: Names): E.Expression | null {
  try {
    return toExpression(part, names);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The largest parts of a term that speak of inputs alone. */
function formulasIn(term: Term, isInput: (name: string) => boolean): readonly Term[] {
  if (!mentions(term, (name) => !isInput(name))) return [term];
  return childrenOf(term).flatMap((part) => formulasIn(part, isInput));
}

/** Continuous expressions below negative powers: where they have both signs on a box, they vanish in it. */
function divisorsOf(formula: E.Expression): ReadonlySet<E.Expression> {
  const found = new Set<E.Expression>();
  E.fold<null>(formula, (part) => {
    if (part.kind === 'power' && part.exponent.sign() < 0 && E.isTotal(part.base)) found.add(part.base);
    return null;
  });
  return found;
}

/** More entries have too many corners: then the two at the ends of all sets are looked at. */
const MOST_ENTRIES = 6;

/** Corners of the box in the entries that are named; the others are at the least of their sets. */
function cornersOf(named: ReadonlySet<string>, sets: ReadonlyMap<string, EntrySet>): readonly Point[] {
  const moving = [...sets.keys()].filter((name) => named.has(name));
  const isLong = moving.length > MOST_ENTRIES;
  return Array.from({ length: isLong ? 2 : 2 ** moving.length }, (_, corner) => {
    const isHigh = (name: string) => ((isLong ? -corner : corner) >> moving.indexOf(name)) & 1;
    return new Map([...sets].map(([name, set]) => [name, endsOf(set)[moving.includes(name) ? isHigh(name) : 0]]));
  });
}

function endsOf(set: EntrySet): readonly [Rational, Rational] {
  if (set.kind === 'reals') return [Rational.zero, Rational.zero];
  return set.kind === 'interval' ? [set.lo, set.hi] : [set.values[0], set.values.at(-1)!];
}

function isUndefined(formula: E.Expression, point: Point): boolean {
  try {
    E.valueBounds(formula, point);
    return false;
  } catch (error) {
    return error instanceof E.DomainError && error.certain;
  }
}

/** Null where no sign is known. */
function signAt(formula: E.Expression, point: Point): number | null {
  try {
    const { lo, hi } = E.valueBounds(formula, point);
    return lo.sign() === hi.sign() ? lo.sign() : null;
  } catch {
    return null;
  }
}

function textOf(point: Point, formula: E.Expression): string {
  const named = E.variablesOf(formula);
  return [...point].flatMap(([name, value]) => (named.has(name) ? [`${name} = ${value}`] : [])).join(', ');
}
