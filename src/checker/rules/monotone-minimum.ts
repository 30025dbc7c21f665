import { entry, evaluate } from '../evaluate.js';
import { type Rule, rangeOf } from '../fact.js';
import { demand } from '../failure.js';
import { combine, constantForm, difference, type Form, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import { record, sizeOf } from '../network.js';
import { type Curve, curveOf } from '../univariate.js';

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
  const parts = atoms.byVariable(forms[0]);
  for (const [j, curve] of curves.entries()) {
    const part = parts.get(atoms.nameOf(symbol(sum, j)));
    if (!part) continue;
    const [first, last] = [curve[0][1].mul(S), curve[curve.length - 1][1].mul(S)];
    const outer = curveOf(atoms, part, { lo: first.min(last), hi: first.max(last) });
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
  const above = deviation(
    phi.map((form, j) =>
      combine([
        [form, Fraction.one],
        [constantForm(rest[j]), Fraction.one],
      ]),
    ),
  );
  const [lo, hi] = [below.reduce((a, b) => a.min(b)), above.reduce((a, b) => a.max(b))];
  const target = session.expressions.apply(
    'min',
    bounds.map((bound) => bound.target),
  );
  const least = bounds.map((bound) => bound.lo).reduce((a, b) => a.min(b));
  const most = bounds.map((bound) => bound.hi).reduce((a, b) => a.max(b));
  const bound = { target, lo: lo.add(least), hi: hi.add(most) };
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[0, bound]]) };
};

function isMonotone(curve: Curve, sign: number): boolean {
  return curve.every(([, y], k) => k === 0 || y.compare(curve[k - 1][1]) * sign >= 0);
}
