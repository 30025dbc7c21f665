import { Rational } from '../numbers/rational.js';
import { add, combination, type Expression, rebuild, scale, sub, zero } from './expression.js';
import { apply } from './functions.js';
import { hash } from './identity.js';
import { fold } from './walk.js';

/**
 * The same function with its kinks written in one way, as hinges max(w, 0) with w in a normal form:
 *   |u| = 2 max(u, 0) - u,  max(u, v) = v + max(u - v, 0),  min(u, v) = u - max(u - v, 0),
 *   max(-w, 0) = max(w, 0) - w,  max(c w, 0) = c max(w, 0) for c > 0.
 * Two nets for one piecewise linear function often become the same expression, so that their difference is 0 at once.
 */
export function hinges(e: Expression): Expression {
  return fold(e, rewrite);
}

function rewrite(e: Expression, visit: (part: Expression) => Expression): Expression {
  const rule = e.kind === 'application' && HINGES[e.fn.name];
  return rule ? rule(e.args.map(visit)) : rebuild(e, visit);
}

const HINGES: Readonly<Record<string, ((args: readonly Expression[]) => Expression) | undefined>> = {
  abs: ([u]) => sub(scale(Rational.of(2), hinge(u)), u),
  max: (args) => args.reduce((u, v) => add(v, hinge(sub(u, v)))),
  min: (args) => args.reduce((u, v) => sub(u, hinge(sub(u, v)))),
};

/** max(w, 0) with the leading coefficient of w other than 0, in an order of the terms that is theirs alone, made 1. */
function hinge(w: Expression): Expression {
  if (w.kind !== 'sum') return apply('max', w, zero);
  const terms = [...w.terms].map((term) => ({ term, hash: hash(term.of) })).sort((a, b) => a.hash - b.hash);
  const lead = terms.find(({ term }) => !term.coefficient.isZero())?.term.coefficient;
  if (!lead) return apply('max', w, zero);
  const ordered = combination(
    w.constant,
    terms.map(({ term }) => term),
  );
  const normal = apply('max', scale(lead.inverse(), ordered), zero);
  return lead.sign() > 0 ? scale(lead, normal) : add(w, scale(lead.neg(), normal));
}
