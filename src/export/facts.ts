import type { Measure } from '../enclose/bounds/problem.js';
import type { Rational } from '../numbers/rational.js';
import type { ProveResult } from '../proof/prove/prove.js';
import { goalsOf } from '../proof/question/goal.js';
import type { Model } from '../proof/question/model.js';
import { Names } from '../proof/question/names.js';
import { type Statement, toExpression } from '../statement/index.js';
import * as E from '../symbolic/index.js';

/** A proved bound of a formula over a box, as other provers can be asked for it. */
export interface ScalarFact {
  readonly id: string;
  readonly statement: string;
  /** Plain names, in the place of entries such as x[1]. */
  readonly variables: readonly { readonly name: string; readonly lo: Rational; readonly hi: Rational }[];
  /** The formula that the network's weights compute. */
  readonly quantity: E.Expression;
  readonly measure: Measure;
  /** What sup |u| or sup u is at most, or inf u at least. */
  readonly bound: Rational;
}

/** The claims that are proved bounds over boxes; for the others, why they are none. */
export function scalarFacts(
  models: readonly Model[],
  statements: ReadonlyMap<string, Statement>,
  { claims }: ProveResult,
): { readonly facts: readonly ScalarFact[]; readonly left: readonly { readonly id: string; readonly why: string }[] } {
  const facts: ScalarFact[] = [];
  const left: { id: string; why: string }[] = [];
  for (const [id, { prefix, relations }] of statements) {
    const names = new Names(models, prefix);
    const goals = relations.flatMap((relation) => goalsOf(relation, names));
    for (const [k, { quantity, measure }] of goals.entries()) {
      const own = goals.length === 1 ? id : `${id}.${k + 1}`;
      const claim = claims.find((found) => found.id === own);
      const end = measure === 'inf' ? claim?.enclosure?.lo : claim?.enclosure?.hi;
      const bound = claim?.predicted ?? end;
      const sides = names.variables.flatMap(({ entries, sets }) => entries.map((name, i) => ({ name, set: sets[i] })));
      const boxes = sides.flatMap(({ name, set }) => (set.kind === 'interval' ? [{ name: plain(name), ...set }] : []));
      const why =
        claim?.verdict !== 'proved' || !bound
          ? 'not proved'
          : (prefix?.conditions.length ?? 0) > 0
            ? 'under conditions'
            : boxes.length < sides.length || boxes.length === 0
              ? 'not about a box'
              : null;
      if (why !== null) left.push({ id: own, why });
      else {
        const formula = E.renamed(toExpression(quantity, names), plain);
        const used = E.variablesOf(formula);
        const variables = boxes.filter(({ name }) => used.has(name));
        facts.push({ id: own, statement: claim!.statement, variables, quantity: formula, measure, bound: bound! });
      }
    }
  }
  return { facts, left };
}

/** `x[1, 2]` as `x_1_2`, `x'` as `x_p`. */
function plain(name: string): string {
  return name
    .replaceAll("'", '_p')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replace(/_$/, '');
}

/** Parts that occur more than once, each before those that it is part of, under names of their own. */
export function sharedParts(root: E.Expression): ReadonlyMap<E.Expression, string> {
  const uses = new Map<E.Expression, number>();
  const order: E.Expression[] = [];
  E.fold<true>(root, (e, below) => {
    for (const part of E.children(e)) {
      below(part);
      uses.set(part, (uses.get(part) ?? 0) + 1);
    }
    order.push(e);
    return true;
  });
  const shared = order.filter((e) => (uses.get(e) ?? 0) > 1 && e.kind !== 'constant' && e.kind !== 'variable');
  return new Map(shared.map((e, k) => [e, `t${k + 1}`]));
}
