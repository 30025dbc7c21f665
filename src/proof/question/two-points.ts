import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import type { Variable } from './variable.js';

/** max_i |x_i - x'_i| or sum_i |x_i - x'_i|. */
type Distance = 'max' | 'sum';

/** The two points x and x' of the only input, with one convex box for both; null for other prefixes. */
export function twoPoints(variables: readonly Variable[]): readonly [Variable, Variable] | null {
  const sorted = [...variables].sort((a, b) => a.name.length - b.name.length);
  const [x, other] = sorted;
  if (sorted.length !== 2 || other.name !== `${x.name}'`) return null;
  const isBox = x.sets.every((set, i) => {
    const twin = other.sets[i];
    if (set.kind !== 'interval' || twin.kind !== 'interval') return false;
    return set.lo.equals(twin.lo) && set.hi.equals(twin.hi);
  });
  return isBox ? [x, other] : null;
}

/** f for a quantity f(x) - f(x') or f(x') - f(x), with the sign of f(x); null for others. */
export function sameFunction(
  quantity: E.Expression,
  [x, other]: readonly [Variable, Variable],
): { readonly f: E.Expression; readonly sign: 1 | -1 } | null {
  if (quantity.kind !== 'sum' || !quantity.constant.isZero()) return null;
  if (quantity.terms.some(({ coefficient }) => coefficient.isZero())) return null;
  const own = (names: readonly string[]) => {
    const known = new Set(names);
    return E.combination(
      Rational.zero,
      quantity.terms.filter(({ of }) => [...E.variablesOf(of)].every((name) => known.has(name))),
    );
  };
  const [first, second] = [own(x.entries), own(other.entries)];
  const rest = E.sub(quantity, E.add(first, second));
  const back = new Map(other.entries.map((name, i) => [name, x.entries[i]]));
  const gap = E.add(
    first,
    E.renamed(second, (name) => back.get(name) ?? name),
  );
  if (!cancels(rest) || !cancels(gap)) return null;
  const isReversed = first.kind === 'sum' && first.terms[0].coefficient.sign() < 0;
  return isReversed ? { f: E.neg(first), sign: -1 } : { f: first, sign: 1 };
}

/** c and the distance for c max_i |x_i - x'_i| or c sum_i |x_i - x'_i|, c >= 0; null for other expressions. */
export function distanceOf(
  e: E.Expression,
  [x, other]: readonly [Variable, Variable],
): { readonly distance: Distance; readonly constant: Rational } | null {
  const gaps = [1, -1].map((sign) =>
    x.entries.map((name, i) =>
      E.apply('abs', E.scale(Rational.of(sign), E.sub(E.variable(name), E.variable(other.entries[i])))),
    ),
  );
  for (const parts of gaps) {
    for (const [distance, unit] of [
      ['max', E.apply('max', ...parts)],
      ['sum', E.sum(parts)],
    ] as const) {
      const constant = ratio(e, unit);
      if (constant && constant.sign() >= 0 && isZero(E.sub(e, E.scale(constant, unit)))) return { distance, constant };
    }
  }
  return null;
}

/** The entries in which x <= x', when the conditions say just that and equality in all others; null otherwise. */
export function orderOf(
  conditions: readonly { readonly expression: E.Expression; readonly isEquality: boolean }[],
  [x, other]: readonly [Variable, Variable],
): readonly string[] | null {
  const rising = new Set<number>();
  const equal = new Set<number>();
  for (const { expression, isEquality } of conditions) {
    const i = x.entries.findIndex((name, k) => {
      const gap = E.sub(E.variable(name), E.variable(other.entries[k]));
      return isZero(E.sub(expression, gap)) || (isEquality && isZero(E.add(expression, gap)));
    });
    if (i < 0) return null;
    (isEquality ? equal : rising).add(i);
  }
  const isComplete = x.entries.every((_, i) => rising.has(i) || equal.has(i));
  return isComplete ? x.entries.filter((_, i) => rising.has(i) && !equal.has(i)) : null;
}

function ratio(e: E.Expression, unit: E.Expression): Rational | null {
  if (unit.kind === 'sum') return e.kind === 'sum' && e.terms.length > 0 ? e.terms[0].coefficient : null;
  if (e.kind === 'sum') return e.terms.length === 1 ? e.terms[0].coefficient : null;
  return Rational.one;
}

/**
 * 0, or 0 times terms that need not be defined everywhere, such as quotients. Each of those stood on both sides, so f is
 * undefined where it is.
 */
function cancels(e: E.Expression): boolean {
  if (e.kind !== 'sum') return isZero(e);
  return e.constant.isZero() && e.terms.every(({ coefficient }) => coefficient.isZero());
}

function isZero(e: E.Expression): boolean {
  return e.kind === 'constant' && e.value.isZero();
}
