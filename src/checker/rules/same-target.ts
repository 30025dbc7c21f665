import type { Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { index, record } from '../network.js';
import { samePolynomial } from '../polynomial.js';

const MOST_ENTRIES = 2 ** 28;

/** Data: a `target` text for `entry` of `node`. Premise: its bound against a target that is the same polynomial. */
export const sameTarget: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'entry', 'target']);
  const [node, entry] = [session.node(fields.node), index(fields.entry, MOST_ENTRIES, 'the entry')];
  const { target: found, lo, hi } = premises.at(node, entry);
  const target = session.expressions.parse(fields.target, session.names);
  demand(samePolynomial(found, target), () => `${brief(fields.target)} is not the target of the premise`);
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[entry, { target, lo, hi }]]) };
};
