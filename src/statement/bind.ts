import type { Rational } from '../numbers/rational.js';
import { number, rebuiltStatement, type Statement } from './ast.js';
import { substitute } from './names.js';

/**
 * The statement with numbers in the place of names: a theorem's parameters. Variables of the prefix and indices of
 * reductions keep their meaning where they have the name of a parameter.
 */
export function bind(statement: Statement, values: ReadonlyMap<string, Rational>): Statement {
  const variables = new Set(statement.prefix?.groups.flatMap(({ names }) => names));
  const replace = (name: string) => {
    const value = variables.has(name) ? undefined : values.get(name);
    return value ? number(value) : null;
  };
  return rebuiltStatement(statement, (term) => substitute(term, replace));
}
