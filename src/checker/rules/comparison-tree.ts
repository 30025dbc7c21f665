import type { Atoms } from '../atoms.js';
import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { combine, difference, type Form, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { index, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import { ranges } from '../term-expressions.js';

/**
 * Data: entry `entry` of `node` is the minimum of the `entries` (ranges) of the node `of`, exactly. Premise: bounds of
 * these against targets. Taking minima makes bounds no worse: the minimum lies between the least lo and the largest hi
 * of the minimum of the targets.
 */
export const comparisonTree: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'entry', 'of', 'entries']);
  const [node, of, entries] = [session.node(fields.node), session.node(fields.of), ranges(fields.entries)];
  const entry = index(fields.entry, sizeOf(session.network.nodes[node].shape), 'the entry');
  demandMinimum(session, { node, entry, of, entries });
  const bounds = entries.map((at) => premises.at(of, at));
  const lo = bounds.map((bound) => bound.lo).reduce((a, b) => a.min(b));
  const hi = bounds.map((bound) => bound.hi).reduce((a, b) => a.max(b));
  const target = session.expressions.apply(
    'min',
    bounds.map((bound) => bound.target),
  );
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[entry, { target, lo, hi }]]) };
};

interface Minimum {
  readonly node: number;
  readonly entry: number;
  readonly of: number;
  readonly entries: readonly number[];
}

/** Demands that an entry of a node is the minimum of some entries of another, for all real values of these. */
export function demandMinimum(session: Session, { node, entry, of, entries }: Minimum): void {
  const { forms, symbol } = session.between([of], node);
  const met = new Set<number>();
  collect(session.atoms, forms[entry], met);
  const symbols = entries.map((at) => single(symbol(of, at)));
  demand(met.size === symbols.length && symbols.every((atom) => met.has(atom)), 'it is the minimum of other entries');
}

/**
 * The symbols whose minimum a form is: itself, or those of u and v where it is u - relu(u - v). Its last relu, with
 * coefficient -s and argument r, is relu(u - v) for u = form + s relu(r), v = u - s r; u and v hold earlier atoms only.
 */
function collect(atoms: Atoms, form: Form, met: Set<number>): void {
  spend(20 * (form.terms.size + 1));
  const own = single(form);
  if (own >= 0 && atoms.get(own).kind === 'input') {
    met.add(own);
    return;
  }
  let last = -1;
  for (const atom of form.terms.keys()) last = Math.max(last, atom);
  const outer = last < 0 ? null : atoms.get(last);
  const s = form.terms.get(last)?.neg();
  demand(outer?.kind === 'relu' && s !== undefined && s.n > 0n, 'it is no tree of comparisons');
  const relu: Form = { constant: Fraction.zero, terms: new Map([[last, s]]) };
  const u = combine([
    [form, Fraction.one],
    [relu, Fraction.one],
  ]);
  collect(atoms, u, met);
  collect(atoms, difference(u, scale(outer.of, s)), met);
}
