import { type Expression, rebuild } from './expression.js';
import { ExpressionMap } from './identity.js';
import { fold, partsOf } from './walk.js';

/** Signs of the conditions of `select`, by condition. */
export type Signs = ExpressionMap<1 | -1>;

/** The conditions of all `select` in the expressions: where one of them is 0, a derivative may jump. */
export function conditionsOf(expressions: readonly Expression[]): readonly Expression[] {
  const conditions = new ExpressionMap<true>();
  for (const part of partsOf(expressions)) {
    if (isSelect(part)) conditions.set(part.args[0], true);
  }
  return [...conditions].map(([condition]) => condition);
}

/** The expression where the conditions have the given signs. */
export function resolve(e: Expression, signs: Signs): Expression {
  return fold(e, (part, below) => {
    const sign = isSelect(part) ? signs.get(part.args[0]) : undefined;
    return isSelect(part) && sign ? below(part.args[sign > 0 ? 1 : 2]) : rebuild(part, below);
  });
}

function isSelect(e: Expression): e is Extract<Expression, { kind: 'application' }> {
  return e.kind === 'application' && e.fn.name === 'select';
}
