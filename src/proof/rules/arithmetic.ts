import { type Fact, mint } from '../fact.js';
import { sentence } from '../sentence.js';
import type { Rule } from '../step.js';

/**
 * Relations between exact numbers. The normal form of a relation without names computes both sides exactly and brings it
 * to 0 <= c or 0 >= c; what is left to know is that 0 is 0.
 */
export const arithmetic: Rule = { id: 'arithmetic', tex: '0 = 0' };

/** The fact that decides every relation between numbers. A certificate states the relations themselves, as `relations`. */
export function proveArithmetic(relations: readonly Relation[] = []): Fact<null> {
  return mint({
    ...{ rule: arithmetic, id: 'arithmetic', network: null, domain: null, found: null, says: sentence('0 = 0') },
    ...(relations.length > 0 && {
      evidence: () => ({ relations }),
      conclusion: () => ({ kind: 'arithmetic', relations }) as const,
    }),
  });
}

type Relation = readonly [left: string, relation: '=' | '<=' | '>=' | '>', right: string];

/** The relations as a text of the language. */
export function relationsText(relations: readonly Relation[]): string {
  return relations.map(([left, relation, right]) => `${left} ${relation} ${right}`).join(' and ');
}
