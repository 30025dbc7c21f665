import { placeOf } from '../atoms.js';
import { spend } from '../budget.js';
import type { Expression } from '../expression.js';
import type { Premises, Rule, Within } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { record } from '../network.js';
import type { Session } from '../session.js';

/**
 * No data. The first premise bounds entries against targets in entries of other nodes; the others bound these against targets of
 * their own, which take their places: sums of errors add up, min and max are no further from the true ones than the worst of
 * what they are taken of.
 */
export const congruence: Rule = (session, data, premises) => {
  record(data, 'the data', []);
  const [fact] = premises.first.bounds;
  demand(fact !== undefined, 'the first premise bounds no entry');
  const { others } = premises;
  const known = new Map<Expression, Replaced>();
  const proved = [...fact.entries].map(([at, { target, lo, hi }]): readonly [number, Within] => {
    const replaced = replace(session, target, others, known);
    return [at, { target: replaced.e, lo: lo.add(replaced.lo), hi: hi.add(replaced.hi) }];
  });
  return { kind: 'within', domain: premises.domain, node: fact.node, entries: new Map(proved) };
};

/** A new expression e, and bounds of the old one less it. */
interface Replaced {
  readonly e: Expression;
  readonly lo: Fraction;
  readonly hi: Fraction;
}

function replace(session: Session, e: Expression, by: Premises, known: Map<Expression, Replaced>): Replaced {
  let found = known.get(e);
  if (!found) known.set(e, (found = replacement(session, e, by, known)));
  return found;
}

function replacement(session: Session, e: Expression, by: Premises, known: Map<Expression, Replaced>): Replaced {
  spend(20);
  const same = { e, lo: Fraction.zero, hi: Fraction.zero };
  if (e.kind === 'number') return same;
  if (e.kind === 'variable') {
    const place = placeOf(e.name);
    const bound = place && by.find(...place);
    return bound ? { e: bound.target, lo: bound.lo, hi: bound.hi } : same;
  }
  const args = e.args.map((arg) => replace(session, arg, by, known));
  if (args.every((arg, k) => arg.e === e.args[k])) return same;
  const parts = args.map((arg) => arg.e);
  const all = (end: 'lo' | 'hi', join: (a: Fraction, b: Fraction) => Fraction) =>
    args.map((arg) => arg[end]).reduce(join);
  const { expressions } = session;
  if (e.kind === 'sum') {
    const total = (a: Fraction, b: Fraction) => a.add(b);
    return { e: expressions.sum(parts), lo: all('lo', total), hi: all('hi', total) };
  }
  if (e.kind === 'product') {
    const [factor, other, ...more] = args;
    demand(more.length === 0 && factor.e.kind === 'number', 'a product of entries is not replaced');
    const ends = [other.lo, other.hi].map((end) => end.mul((factor.e as { readonly value: Fraction }).value));
    return { e: expressions.product(parts), lo: ends[0].min(ends[1]), hi: ends[0].max(ends[1]) };
  }
  demand(e.kind === 'function' && (e.name === 'min' || e.name === 'max'), 'a function of entries is not replaced');
  return {
    e: expressions.apply(e.name, parts),
    lo: all('lo', (a, b) => a.min(b)),
    hi: all('hi', (a, b) => a.max(b)),
  };
}
