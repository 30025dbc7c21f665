import { type Constraint, truthAt } from '../../enclose/constrained.js';
import type { Rational } from '../../numbers/rational.js';
import { type EntrySet, type Prefix, type Statement, type Term, toExpression } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Sentence } from '../sentence.js';
import { comparisonsOf, type Goal } from './goal.js';
import type { Names } from './names.js';

/** One comparison of a statement about networks, with the formulas that their weights compute. */
export interface Question {
  readonly goal: Goal;
  readonly names: Names;
  /** The comparison as a statement of its own. */
  readonly claimed: Sentence;
  readonly statement: Statement;
  readonly conditions: readonly Condition[];
}

export type Condition = Constraint & { readonly isEquality: boolean };

export type Point = ReadonlyMap<string, Rational>;

/** g <= 0, g < 0 or g = 0 for every condition. */
export function conditionsOf(prefix: Prefix | null, names: Names): Condition[] {
  const variables = new Set(names.variables.map(({ name }) => name));
  return (prefix?.conditions ?? []).flatMap((relation) =>
    comparisonsOf(relation, variables).map(({ relation: { sides, comparisons } }): Condition => {
      const [left, right] = sides.map((side) => toExpression(side as Term, names));
      const isFlipped = comparisons[0] === '>=' || comparisons[0] === '>';
      return {
        expression: isFlipped ? E.sub(right, left) : E.sub(left, right),
        strict: comparisons[0] === '<' || comparisons[0] === '>',
        isEquality: comparisons[0] === '=',
      };
    }),
  );
}

/** What each entry of the variables ranges over. */
export function setsOf({ variables }: Names): ReadonlyMap<string, EntrySet> {
  return new Map(variables.flatMap(({ entries, sets }) => entries.map((name, i) => [name, sets[i]] as const)));
}

/** Constraints that say the same as the conditions: two for an equation. */
export function inequalities(conditions: readonly Condition[]): Constraint[] {
  return conditions.flatMap(({ expression, strict, isEquality }) => [
    { expression, strict },
    ...(isEquality ? [{ expression: E.neg(expression), strict }] : []),
  ]);
}

/** Whether the point surely satisfies the conditions. Throws an Error where it is outside the domain. */
export function isMeant(point: Point, names: Names, conditions: readonly Condition[]): boolean {
  const isInside = [...setsOf(names)].every(([name, set]) => {
    const x = point.get(name);
    if (!x) return false;
    if (set.kind === 'interval') return set.lo.le(x) && x.le(set.hi);
    return set.kind === 'reals' || set.values.some((value) => value.equals(x));
  });
  if (!isInside) throw new Error('the witness is not among the inputs that the statement speaks of');
  const [variables, values] = [[...point.keys()], [...point.values()]];
  return inequalities(conditions).every((condition) => truthAt(condition, variables, values) === 'holds');
}
