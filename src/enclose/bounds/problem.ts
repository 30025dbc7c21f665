import type { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import type * as E from '../../symbolic/index.js';
import type { Constraint } from '../constrained.js';
import type { Stop } from '../supremum.js';

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
  readonly enclosure: { readonly lo: Rational | null; readonly hi: Rational | null };
  readonly witness: ReadonlyMap<string, Rational> | null;
  readonly method: string;
  /** Why the search ended, when the ends do not meet. */
  readonly reason: string | null;
}

/** How a problem is bounded; given to those that bound parts of it. */
export type Bound = (problem: Problem, stop: Stop) => Bounded;

/** Of a search that others follow. */
export const FEW_BOXES = 2000;

/** No point satisfies the conditions: everything holds for all of them. */
export const EMPTY: Bounded = {
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

/** How many boxes a search took, in words. */
export function boxesText(boxes: number): string {
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}
