import { Atoms } from '../atoms.js';
import { closed, type Rule } from '../fact.js';
import { brief, demand, demandShown, Rejected } from '../failure.js';
import { type Form, isConstant } from '../forms.js';
import { Interpretation } from '../interpretation.js';
import { list, record, string } from '../network.js';
import { Point } from '../point.js';
import { readSentence } from '../sentence.js';
import type { Session } from '../session.js';
import { standsAt } from './statement.js';

/**
 * Data: `relations` [[left, relation, right], ...] between formulas in entries of outputs that no input changes, `r[3]`,
 * and whether all of them hold (`holds`) or one of them fails. Both sides are worked out exactly where they are rational,
 * else enclosed in interval arithmetic.
 */
export const values: Rule = (session, data) => {
  const { relations, holds } = record(data, 'the data', ['relations', 'holds']);
  demand(typeof holds === 'boolean', `${brief(holds)} is neither true nor false`);
  const atoms = new Atoms(true);
  // What an input changes may have no value, so that not even its difference from itself is known.
  const text = judged(session, atoms, relations, holds, (node) => {
    return session.entries(node).map((form) => (isConstant(form) ? form : null));
  });
  return closed({ kind: 'values', relations, holds }, holds ? text : `not: ${text}`);
};

/** Data: `relations` between numbers, as formulas without names, all of which hold. */
export const arithmetic: Rule = (session, data) => {
  const { relations } = record(data, 'the data', ['relations']);
  const text = judged(session, new Atoms(true), relations, true, () => {
    throw new Rejected('a relation is about the network');
  });
  return closed({ kind: 'arithmetic', relations }, `${text} (arithmetic, not about the network)`);
};

/** Relations in words, once it is seen that all of them hold, or that one of them fails. */
function judged(
  { network }: Session,
  atoms: Atoms,
  relations: unknown,
  holds: boolean,
  outputs: (node: number) => readonly (Form | null)[],
): string {
  const parts = list(relations, 'relations').map((relation) => {
    return list(relation, 'a relation').map((text) => string(text, 'a part of a relation'));
  });
  demand(parts.length > 0 && parts.every(({ length }) => length === 3), 'there are no relations');
  const text = parts.map((part) => part.join(' ')).join(' and ');
  const sentence = readSentence(text);
  demand(sentence.variables.length === 0, 'a relation is about all values of a variable');
  const stands = standsAt(new Interpretation(network, atoms, sentence, outputs), atoms, new Point(atoms, new Map()));
  demand(stands !== !holds, () => `it is ${holds ? 'not ' : ''}true that ${brief(text)}`);
  demandShown(stands !== null, () => `whether ${brief(text)} is hidden by the rounding of intervals`);
  return text;
}
