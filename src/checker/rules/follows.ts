import { closed, mostOf, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { type Entries, Interpretation } from '../interpretation.js';
import { record, sizeOf } from '../network.js';
import { readSentence } from '../sentence.js';
import type { Session } from '../session.js';
import type { Domain, Side } from '../side.js';

/**
 * Data: the `text` of a sentence about entries of outputs. Premises: bounds of these against numbers, or against each other,
 * for all inputs that the sentence is about. It follows by adding them up. A maximum is at least the mean of the two of its
 * arguments that a `pair` of numbers names.
 */
export const follows: Rule = (session, data, premises) => {
  const { text, pair } = record(data, 'the data', ['text', 'pair']);
  const { network, atoms } = session;
  const symbols = (node: number) =>
    Array.from({ length: sizeOf(network.nodes[node].shape) }, (_, k) => atoms.given(node, k));
  const meaning = new Interpretation(network, atoms, readSentence(text), symbols);
  demandCovered(session, meaning, premises.domain);
  for (const { form, strict } of meaning.sentence.relations.flatMap((relation) => meaning.goals(relation, pair))) {
    const most = mostOf(form, atoms, premises);
    demand(strict ? most.n < 0n : most.n <= 0n, () => `it may fail by ${most}`);
  }
  return closed({ kind: 'statement', text }, String(text));
};

/** Demands that the inputs of a sentence are among those that the premises hold for. */
function demandCovered({ network }: Session, { variables }: Interpretation, domain: Domain): void {
  const isIn = (set: Entries, side: Side) => {
    if (set === null) return false;
    return 'lo' in set
      ? side.lo.le(set.lo) && set.hi.le(side.hi)
      : set.every((value) => side.lo.le(value) && value.le(side.hi));
  };
  for (const [name, side] of domain) {
    const own = variables.filter(({ node }) => network.nodes[node].name === name);
    const isCovered = side === null || (own.length === 1 && own[0].sets.every((set) => isIn(set, side)));
    demand(isCovered, () => `the sentence leaves the domain of its premises in ${name}`);
  }
}
