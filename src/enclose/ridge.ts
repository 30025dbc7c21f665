import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';

/** A variable with the finitely many values that it takes. */
export interface FiniteVariable {
  readonly name: string;
  readonly values: readonly Rational[];
}

/** Expressions of some variables that depend on one affine form of them only, written in that form. */
export interface Ridge {
  readonly expressions: readonly E.Expression[];
  /** The name that stands for the form in them. */
  readonly name: string;
  readonly form: readonly { readonly name: string; readonly coefficient: Rational }[];
}

/**
 * The expressions in s = sum_i a_i x_i, when s is all they know of the variables: a function of the number of ones takes
 * n + 1 values on {0, 1}^n, not 2^n. Null when a variable occurs in any other way.
 */
export function ridgeOf(expressions: readonly E.Expression[], variables: ReadonlySet<string>): Ridge | null {
  const name = 's';
  if (expressions.some((e) => E.variablesOf(e).has(name))) return null;
  let form: Ridge['form'] | null = null;
  let isOne = true;
  const rewritten = (e: E.Expression) =>
    E.fold<E.Expression>(e, (part, below) => {
      if (part.kind !== 'sum') return E.rebuild(part, below);
      const isOwn = ({ of }: E.Term) => of.kind === 'variable' && variables.has(of.name);
      const own = part.terms.filter((term) => isOwn(term) && !term.coefficient.isZero());
      if (own.length === 0) return E.rebuild(part, below);
      const found = own
        .map(({ coefficient, of }) => ({ name: (of as E.Variable).name, coefficient }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      form ??= found;
      const factor = multiple(found, form);
      if (!factor) isOne = false;
      const rest = part.terms.filter((term) => !isOwn(term));
      return E.combination(part.constant, [
        { coefficient: factor ?? Rational.one, of: E.variable(name) },
        ...rest.map(({ coefficient, of }) => ({ coefficient, of: below(of) })),
      ]);
    });
  const results = expressions.map(rewritten);
  const isWhole = results.every((e) => [...E.variablesOf(e)].every((variable) => !variables.has(variable)));
  return isOne && isWhole && form ? { expressions: results, name, form } : null;
}

/** c with a = c b, entry by entry; null when there is none. */
function multiple(a: Ridge['form'], b: Ridge['form']): Rational | null {
  if (a.length !== b.length) return null;
  const factor = a[0].coefficient.div(b[0].coefficient);
  const fits = a.every(({ name, coefficient }, k) => {
    return name === b[k].name && coefficient.equals(factor.mul(b[k].coefficient));
  });
  return fits ? factor : null;
}

/** Every value that the form takes, with a point where it does; null when there are more than `most`. */
export function valuesOfForm(
  { form }: Ridge,
  variables: readonly FiniteVariable[],
  most: number,
): ReadonlyMap<string, { readonly value: Rational; readonly point: ReadonlyMap<string, Rational> }> | null {
  interface Chain {
    readonly value: Rational;
    readonly last: { readonly name: string; readonly x: Rational; readonly before: Chain } | null;
  }
  let reached = new Map<string, Chain>([['0', { value: Rational.zero, last: null }]]);
  for (const { name, coefficient } of form) {
    const { values } = variables.find((variable) => variable.name === name)!;
    const next = new Map<string, Chain>();
    for (const before of reached.values()) {
      for (const x of values) {
        const value = before.value.add(coefficient.mul(x));
        const key = value.toString();
        if (!next.has(key)) next.set(key, { value, last: { name, x, before } });
      }
      if (next.size > most) return null;
    }
    reached = next;
  }
  const pointOf = (chain: Chain) => {
    const point = new Map<string, Rational>();
    for (let { last } = chain; last; last = last.before.last) point.set(last.name, last.x);
    return point;
  };
  return new Map([...reached].map(([key, chain]) => [key, { value: chain.value, point: pointOf(chain) }] as const));
}
