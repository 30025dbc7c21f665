import { children, type Expression, rebuild } from './expression.js';
import { ExpressionMap } from './identity.js';

/** Signs of the conditions of `select`, by condition. */
export type Signs = ExpressionMap<1 | -1>;

/** The conditions of all `select` in the expressions: where one of them is 0, a derivative may jump. */
export function conditionsOf(expressions: readonly Expression[]): readonly Expression[] {
  const conditions = new ExpressionMap<true>();
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (isSelect(e)) conditions.set(e.args[0], true);
    children(e).forEach(visit);
  };
  expressions.forEach(visit);
  return [...conditions].map(([condition]) => condition);
}

/** The expression where the conditions have the given signs. */
export function resolve(e: Expression, signs: Signs): Expression {
  const known = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    const sign = isSelect(part) ? signs.get(part.args[0]) : undefined;
    const result =
      known.get(part) ?? (isSelect(part) && sign ? visit(part.args[sign > 0 ? 1 : 2]) : rebuild(part, visit));
    known.set(part, result);
    return result;
  };
  return visit(e);
}

function isSelect(e: Expression): e is Extract<Expression, { kind: 'application' }> {
  return e.kind === 'application' && e.fn.name === 'select';
}
