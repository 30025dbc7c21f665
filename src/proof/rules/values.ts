import { type Relation, type Side, toExpression } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Values } from '../conclusion.js';
import type { Shown } from '../fact.js';
import { type Names, Unlabelled } from '../prove/names.js';
import type { Rule } from '../step.js';
import type { Enclosure } from '../verdict.js';

/** Relations between entries that no input changes, worked out exactly where they are rational, else between two ends. */
export const closedValues: Rule = { id: 'values', tex: 'u(A) \\le v(A)' };

/**
 * What the checker needs to work out a comparison of closed formulas in entries of outputs: that it holds, that it fails,
 * or for `?` that the value lies within the enclosure. Null where a certificate has no words for it.
 */
export function valuesEvidence(
  { sides, comparisons }: Relation,
  names: Names,
  holds: boolean,
  { lo, hi }: Enclosure,
): Pick<Shown<null>, 'evidence' | 'conclusion'> | null {
  const texts = textsOf(sides, names);
  const value = texts?.find((text) => text !== null);
  if (!texts || value === undefined || value === null) return null;
  const relations: Values['relations'] = texts.includes(null)
    ? [...(lo ? [[`${lo}`, '<=', value] as const] : []), ...(hi ? [[value, '<=', `${hi}`] as const] : [])]
    : comparisons.map((comparison, k) => [texts[k]!, comparison, texts[k + 1]!] as const);
  const data = { relations, holds };
  return { evidence: () => data, conclusion: () => ({ kind: 'values', ...data }) };
}

/** Each side as certificates write it, null for `?`; null for all when a name has no place in a certificate. */
function textsOf(sides: readonly Side[], names: Names): (string | null)[] | null {
  try {
    return sides.map((side) => (side.kind === 'unknown' ? null : E.toText(toExpression(side, names.labels))));
  } catch (error) {
    if (error instanceof Unlabelled) return null;
    throw error;
  }
}
