import { placeOf } from '../atoms.js';
import { closed, type Premises, type Rule, rangeOf } from '../fact.js';
import { demand } from '../failure.js';
import type { Form } from '../forms.js';
import type { Fraction } from '../fraction.js';
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
    const most = largest(session, form, premises);
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

/** An upper bound of a linear form in entries: of a multiple of a difference by a premise about it, else entry by entry. */
function largest({ atoms }: Session, { constant, terms }: Form, premises: Premises): Fraction {
  const parts = [...terms].map(([number, coefficient]) => {
    const atom = atoms.get(number);
    const place = atom.kind === 'input' ? placeOf(atom.name) : null;
    demand(atom.kind === 'input' && place !== null, 'the sentence is not linear in entries of outputs');
    return { name: atom.name, place, coefficient };
  });
  const top = ({ lo, hi }: Side, factor: Fraction) => factor.mul(factor.n > 0n ? hi : lo);
  const [a, b, ...others] = parts;
  if (b && others.length === 0 && a.coefficient.add(b.coefficient).isZero) {
    for (const [first, second] of [
      [a, b],
      [b, a],
    ]) {
      const bound = premises.find(
        ...first.place,
        ({ target }) => target.kind === 'variable' && target.name === second.name,
      );
      if (bound) return constant.add(top(bound, first.coefficient));
    }
  }
  return parts.reduce((sum, { name, place, coefficient }) => {
    const bound = premises.find(...place, ({ target }) => target.kind === 'number');
    demand(bound !== undefined, `no premise says where ${name} lies`);
    return sum.add(top(rangeOf([bound]), coefficient));
  }, constant);
}
