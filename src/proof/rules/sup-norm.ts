import type { Domain } from '../../enclose/box.js';
import { supNormOnPieces } from '../../enclose/pieces.js';
import { type Stop, type Supremum, supNorm } from '../../enclose/supremum.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import type { Rule, Step } from '../step.js';
import { atMost, type Verdict } from '../verdict.js';

/**
 * Two-sided bounds of sup |N(x) - f(x)| over a box, N(x) the formula that the built weights compute.
 *
 * In one variable N is piecewise linear with exactly known knots, and the pieces are bounded one by one; otherwise by
 * branch and bound. The lower end is attained at a point, the upper one holds on the whole box.
 */
export const supremumNorm: Rule = {
  id: 'sup-norm',
  tex: '\\sup_{x \\in B} |N(x) - f(x)| \\in [\\mathrm{lo}, \\mathrm{hi}]',
};

/** A search for an enclosure ends at this relative width, unless a stated bound asks for more. */
const WIDTH = Rational.of(1, 10 ** 6);
const MOST_BOXES = 200_000;

/**
 * Applies the rule. Without a `bound` the step is proved as soon as a finite upper end is found.
 * Throws InputError when f is undefined at a point of the box.
 */
export function proveSupNorm(
  { formula, target, box }: { readonly formula: E.Expression; readonly target: E.Expression; readonly box: Domain },
  bound: Rational | null,
  { deadline, progress }: Pick<Stop, 'deadline' | 'progress'>,
  id: string,
  statement: string,
): { readonly step: Step; readonly supremum: Supremum } {
  const search = (stop: Stop) => {
    const all = { ...stop, deadline, progress, mostBoxes: MOST_BOXES };
    const byPieces = box.variables.length === 1 ? supNormOnPieces(formula, target, box, all) : null;
    return byPieces ?? supNorm(E.sub(formula, target), box, all);
  };
  let supremum = search({ relativeWidth: WIDTH });
  if (bound && atMost(supremum, bound) === 'undecided') supremum = search({ bound });
  const verdict: Verdict = bound ? atMost(supremum, bound) : supremum.hi ? 'proved' : 'undecided';
  const enclosure = { lo: supremum.lo, hi: supremum.hi };
  return { supremum, step: { id, rule: supremumNorm.id, statement, verdict, enclosure } };
}
