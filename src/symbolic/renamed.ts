import { type Expression, rebuild, variable } from './expression.js';

/** The expression with its variables renamed; parts that are shared stay shared. */
export function renamed(e: Expression, name: (before: string) => string): Expression {
  const known = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    const done = known.get(part);
    if (done) return done;
    const result = part.kind === 'variable' ? variable(name(part.name)) : rebuild(part, visit);
    known.set(part, result);
    return result;
  };
  return visit(e);
}
