import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Domain } from './box.js';
import { type Stop, type Supremum, supremum } from './supremum.js';

/**
 * sup over the domain of one expression, summand by summand: where an expression is a sum of parts in different
 * variables, its supremum over a box is the sum of theirs, and each is a search in fewer dimensions.
 */
export function separableSupremum(expression: E.Expression, domain: Domain, stop: Stop): Supremum {
  const parts = components(expression);
  if (parts.length <= 1) return supremum([expression], domain, stop);
  const absoluteWidth = shareOfWidth(parts, domain, stop);
  const witness = [...domain.lo];
  let result: Supremum = {
    lo: Rational.zero,
    witness,
    hi: Rational.zero,
    boxes: 0,
    stopped: 'exact',
    arithmetic: 'exact',
  };
  for (const part of parts) {
    const axes = axesOf(part, domain);
    const found = supremum([part.expression], restrict(domain, axes), {
      ...stop,
      bound: undefined,
      relativeWidth: undefined,
      absoluteWidth,
    });
    axes.forEach((axis, k) => {
      witness[axis] = found.witness[k];
    });
    result = {
      lo: result.lo.add(found.lo),
      witness,
      hi: result.hi && found.hi && result.hi.add(found.hi),
      boxes: result.boxes + found.boxes,
      stopped: found.stopped === 'exact' ? result.stopped : found.stopped,
      arithmetic: found.arithmetic,
    };
  }
  return result;
}

/** The width each part may have for the sum to be as sharp as asked, judged by a coarse first search. */
function shareOfWidth(parts: readonly Component[], domain: Domain, stop: Stop): Rational {
  let width = stop.absoluteWidth ?? Rational.zero;
  if (stop.relativeWidth) {
    const coarse = parts.map((part) =>
      supremum([part.expression], restrict(domain, axesOf(part, domain)), {
        ...stop,
        bound: undefined,
        mostBoxes: COARSE,
      }),
    );
    const size = coarse.reduce((total, { lo }) => total.add(lo), Rational.zero).abs();
    width = width.max(stop.relativeWidth.mul(size));
  }
  return width.div(Rational.of(parts.length));
}

const COARSE = 64;

function axesOf({ variables }: Component, domain: Domain): number[] {
  return domain.variables.flatMap((name, i) => (variables.has(name) ? [i] : []));
}

interface Component {
  readonly variables: ReadonlySet<string>;
  readonly expression: E.Expression;
}

/** The summands, those with common variables together; constants go with the first. */
function components(expression: E.Expression): Component[] {
  if (expression.kind !== 'sum') return [{ variables: E.variablesOf(expression), expression }];
  let groups: { variables: Set<string>; terms: E.Term[] }[] = [];
  for (const term of expression.terms) {
    const variables = new Set(E.variablesOf(term.of));
    const joined = groups.filter((group) => [...variables].some((name) => group.variables.has(name)));
    const merged = {
      variables: new Set([...variables, ...joined.flatMap((group) => [...group.variables])]),
      terms: [...joined.flatMap((group) => group.terms), term],
    };
    groups = [...groups.filter((group) => !joined.includes(group)), merged];
  }
  return groups.map(({ variables, terms }, k) => ({
    variables,
    expression: E.combination(k === 0 ? expression.constant : Rational.zero, terms),
  }));
}

function restrict({ variables, lo, hi }: Domain, axes: readonly number[]): Domain {
  return { variables: axes.map((i) => variables[i]), lo: axes.map((i) => lo[i]), hi: axes.map((i) => hi[i]) };
}
