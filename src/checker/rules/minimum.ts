import type { Atoms } from '../atoms.js';
import { spend } from '../budget.js';
import { entry, evaluate } from '../evaluate.js';
import { type Rule, rangeOf, type Within } from '../fact.js';
import { demand } from '../failure.js';
import { add, constantForm, difference, type Form, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { index, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import { hullOf, ORIGIN, type Side } from '../side.js';
import { ranges } from '../term-expressions.js';
import { type Curve, curveOf } from '../univariate.js';
import { grouped } from './enclosure.js';

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
  const bound = leastOf(session, bounds, ORIGIN);
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[entry, bound]]) };
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
  const u = add(form, relu);
  collect(atoms, u, met);
  collect(atoms, difference(u, scale(outer.of, s)), met);
}

/**
 * Data: `node`, of one entry, is a function of the node `sum` alone, which adds up rows: y = c + sum_j F_j(sum_t phi_j(a_t))
 * for the S entries a_t of the node `of`. Premises: bounds of these against targets, and their range [p, q]. Where each phi_j
 * and its F_j both fall or both rise, y never falls when an entry grows, and does not see their order. So for min a = m,
 *   y(m, ..., m) <= y(a) <= y(m, q, ..., q),
 * two piecewise linear functions of m: the corners of their differences from m bound y - min a.
 */
export const monotoneMinimum: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'of', 'sum']);
  const [node, of, sum] = [fields.node, fields.of, fields.sum].map((value) => session.node(value));
  const { atoms, network } = session;
  const tokens = network.nodes[of].shape[0];
  demand(
    sizeOf(network.nodes[of].shape) === tokens && sizeOf(network.nodes[node].shape) === 1,
    'no column, or no number',
  );
  const { first, others } = premises;
  const bounds = Array.from({ length: tokens }, (_, t) => first.at(of, t));
  const side = rangeOf(bounds.map((_, t) => others.at(of, t)));

  const m = atoms.given(of, 0);
  const { op, axis, inputs } = network.nodes[sum];
  demand(op === 'reduceSum' && axis === 0, `node ${sum} does not add up rows`);
  const phi = session.row(of, inputs[0]);
  const S = Fraction.of(tokens);
  const curves = phi.map((form) => curveOf(atoms, form, side));
  const { forms, symbol } = session.between([sum], node);
  const parts = grouped(atoms, forms[0], []);
  for (const [j, curve] of curves.entries()) {
    const part = parts.find(({ inputs }) => inputs.has(atoms.nameOf(symbol(sum, j))));
    if (!part) continue;
    demand(part.inputs.size === 1, 'a unit mixes inputs: its result is no function of one input');
    const [first, last] = [curve[0][1].mul(S), curve[curve.length - 1][1].mul(S)];
    const outer = curveOf(atoms, part.form, { lo: first.min(last), hi: first.max(last) });
    const alike = [1, -1].some((sign) => [curve, outer].every((each) => isMonotone(each, sign)));
    demand(alike, () => `node ${node} does not rise with entry ${j} of node ${sum}, or that is not monotone`);
  }

  const deviation = (totals: readonly Form[]) => {
    const given = new Map([[sum, { shape: network.nodes[sum].shape, entries: new Map(totals.entries()) }]]);
    const y = entry(evaluate(network, atoms, given, [node])[0], 0);
    return curveOf(atoms, difference(y, m), side).map(([, value]) => value);
  };
  const below = deviation(phi.map((form) => scale(form, S)));
  const rest = curves.map((curve) => curve[curve.length - 1][1].mul(S.sub(Fraction.one)));
  const above = deviation(phi.map((form, j) => add(form, constantForm(rest[j]))));
  const error = { lo: below.reduce((a, b) => a.min(b)), hi: above.reduce((a, b) => a.max(b)) };
  const bound = leastOf(session, bounds, error);
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[0, bound]]) };
};

function isMonotone(curve: Curve, sign: number): boolean {
  return curve.every(([, y], k) => k === 0 || y.compare(curve[k - 1][1]) * sign >= 0);
}

/** Bounds against the minimum of the targets of what is off the minimum of the bounded entries by at most an error. */
function leastOf({ expressions }: Session, bounds: readonly Within[], error: Side): Within {
  const targets = bounds.map(({ target }) => target);
  const { lo, hi } = hullOf(bounds);
  return { target: expressions.apply('min', targets), lo: error.lo.add(lo), hi: error.hi.add(hi) };
}
