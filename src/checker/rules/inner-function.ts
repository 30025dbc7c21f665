import type { Expression } from '../expression.js';
import { type Premises, type Rule, rangeOf } from '../fact.js';
import { demand } from '../failure.js';
import { fraction, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import type { Domain, Side } from '../side.js';
import { bound, separate } from './enclosure.js';

/**
 * Data: `node` and `z`, of one entry each, a `target` text in z, and bounds `lo`, `hi` of node - target(z), where node is a
 * function of the number z alone. Premises: what z is, exactly, and its range, on which the difference is bounded.
 */
export const innerFunction: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'z', 'target', 'lo', 'hi']);
  const [node, z] = [session.node(fields.node), session.node(fields.z)];
  demand(sizeOf(session.network.nodes[node].shape) === 1, `node ${node} is not one number`);
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const inner = exactValue(session, z, premises);
  const { forms, symbol } = session.between([z], node);
  const name = session.atoms.nameOf(symbol(z, 0));
  const read = (value: Expression) => session.expressions.parse(fields.target, (n) => (n === 'z' ? value : undefined));
  const parts = separate(session.atoms, forms[0], read(session.expressions.variable(name)), () => symbol(z, 0));
  bound(session.atoms, parts, () => inner.range, { lo, hi }, `node ${node}`);
  return {
    kind: 'within',
    domain: inner.domain,
    node,
    entries: new Map([[0, { target: read(inner.target), lo, hi }]]),
  };
};

/** What the first premise says a node of one entry is, exactly, and the range that the second one gives for it. */
export function exactValue(
  { network }: Session,
  node: number,
  premises: Premises,
): { readonly domain: Domain; readonly target: Expression; readonly range: Side } {
  demand(sizeOf(network.nodes[node].shape) === 1, `node ${node} is not one number`);
  const { target, lo, hi } = premises.first.at(node, 0);
  demand(lo.isZero && hi.isZero, `node ${node} is not known exactly`);
  return { domain: premises.domain, target, range: rangeOf([premises.others.at(node, 0)]) };
}
