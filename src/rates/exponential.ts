import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Against } from './against.js';

type Exponential = NonNullable<Against['exponential']>;

/**
 * A formula in a parameter m as one in `x` = exp(g), g = scale m^power: exp(k g + rest) becomes x^k exp(rest), and m itself
 * (log(x)/scale)^(1/power). So m^2 exp(-sqrt(m)) is log(x)^4 / x. Other parameters are given their values, since k has to be
 * a number; an exponential that is no power of x stays one, and has no order then.
 */
export function inExponential(
  formula: E.Expression,
  { g, scale, power }: Exponential,
  parameter: string,
  values: ReadonlyMap<string, Rational>,
  x: string,
): E.Expression {
  const m = E.power(E.div(E.apply('log', E.variable(x)), scale), power.inverse());
  const fixed = E.fold<E.Expression>(formula, (e, below) => {
    const value = e.kind === 'variable' && e.name !== parameter ? values.get(e.name) : undefined;
    return value ? E.constant(value) : E.rebuild(e, below);
  });
  return E.fold<E.Expression>(fixed, (e, below) => {
    if (e.kind === 'variable' && e.name === parameter) return m;
    const split = e.kind === 'application' && e.fn.name === 'exp' ? multipleOf(e.args[0], g) : null;
    if (!split) return E.rebuild(e, below);
    const rest = E.variablesOf(split.rest).has(parameter) ? below(e.kind === 'application' ? e.args[0] : e) : null;
    return rest ? E.apply('exp', rest) : E.mul(E.power(E.variable(x), split.k), E.apply('exp', split.rest));
  });
}

/** k and rest of e = k g + rest; null where no term of e is a multiple of g. */
function multipleOf(e: E.Expression, g: E.Expression): { readonly k: Rational; readonly rest: E.Expression } | null {
  const [own, unit] = [termsOf(e), termsOf(g)];
  if (unit.terms.length !== 1 || !unit.constant.isZero()) return null;
  const [{ of, coefficient }] = unit.terms;
  const found = own.terms.find((term) => E.sameExpression(term.of, of));
  if (!found) return null;
  const others = own.terms.filter((term) => term !== found);
  return { k: found.coefficient.div(coefficient), rest: E.combination(own.constant, others) };
}

function termsOf(e: E.Expression): Pick<E.Sum, 'constant' | 'terms'> {
  return e.kind === 'sum' ? e : { constant: Rational.zero, terms: [{ coefficient: Rational.one, of: e }] };
}
