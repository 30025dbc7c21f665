import type { Measure } from '../../enclose/bounds/problem.js';
import { InputError, quote } from '../../errors.js';
import { Rational } from '../../numbers/rational.js';
import {
  type Comparison,
  call,
  canonical,
  difference,
  MIRRORED,
  number,
  type Prefix,
  printTerm,
  type Relation,
  type Side,
  type Statement,
  type Term,
  termOf,
  toExpression,
} from '../../statement/index.js';
import type { Names } from './names.js';

/** One comparison of a statement, as what is bounded and by what. */
export interface Goal {
  readonly quantity: Term;
  /** `=` bounds sup |u - v| by 0. */
  readonly measure: Measure;
  /** null for `?`. */
  readonly bound: Rational | null;
  /** Whether the bound itself is excluded. */
  readonly strict: boolean;
  /** As it stands in the statement, margins as the differences that they mean. */
  readonly relation: Relation;
  /** As it stands there, where that is something else. */
  readonly written?: Relation;
}

/** The comparisons of a relation: two of a chain lo <= u <= hi. */
export function comparisonsOf({ sides, comparisons }: Relation, variables: ReadonlySet<string>): Goal[] {
  return comparisons.map((comparison, i) => goalOf(sides[i], comparison, sides[i + 1], variables));
}

function goalOf(left: Side, comparison: Comparison, right: Side, variables: ReadonlySet<string>): Goal {
  const relation = { sides: [left, right], comparisons: [comparison] };
  if (isBound(left, variables) && !isBound(right, variables)) {
    return { ...goalOf(right, MIRRORED[comparison], left, variables), relation };
  }
  const strict = comparison === '<' || comparison === '>';
  const measure = comparison === '=' ? 'sup-abs' : comparison === '<=' || comparison === '<' ? 'sup' : 'inf';
  if (left.kind === 'unknown')
    throw new InputError({ found: "'?' beside a bound", allowed: "'?' beside a term, as in y <= ?" });
  if (right.kind === 'unknown') return { ...unfolded(left, measure), bound: null, strict, relation };
  const form = canonical(right, { variables });
  const isClosed = form.parts.size === 0;
  if (comparison === '=') {
    const quantity = isClosed && form.constant.isZero() ? left : difference(left, right);
    return { quantity, measure, bound: ZERO(form.constant), strict, relation };
  }
  if (isClosed) {
    const isPossible = form.constant.sign() >= 0;
    return {
      ...(isPossible ? unfolded(left, measure) : { quantity: left, measure }),
      bound: form.constant,
      strict,
      relation,
    };
  }
  const offset = canonical(difference(left, right), { variables });
  const quantity = offset.constant.isZero()
    ? difference(left, right)
    : termOf({ ...offset, constant: ZERO(offset.constant) });
  return { quantity, measure, bound: offset.constant.neg(), strict, relation };
}

/** |u| from above is sup |u|, which has searches of its own; but |u| <= -1 is about |u|, in normal form, too. */
function unfolded(term: Term, measure: Measure): { quantity: Term; measure: Measure } {
  if (measure !== 'sup' || term.kind !== 'call' || term.fn !== 'abs') return { quantity: term, measure };
  return { quantity: term.args[0], measure: 'sup-abs' };
}

function isBound(side: Side, variables: ReadonlySet<string>): boolean {
  return side.kind === 'unknown' || canonical(side, { variables }).parts.size === 0;
}

const ZERO = (like: Rational): Rational => like.sub(like);

/** What a goal bounds: u, or |u| from above. */
export function measuredOf({ quantity, measure }: Goal): Term {
  return measure === 'sup-abs' ? call('abs', quantity) : quantity;
}

/** What a goal says, in the language: |u| <= c, u = 0, u <= c, u < ? and so on. */
export function meaningOf(prefix: Prefix | null, { quantity, measure, bound, strict, relation }: Goal): Statement {
  const isEquality = relation.comparisons[0] === '=' && measure === 'sup-abs';
  const end: Side = bound ? number(bound) : { kind: 'unknown' };
  const isSize = measure === 'sup-abs' && !(isEquality && bound);
  const left = isSize ? call('abs', quantity) : quantity;
  const order = measure === 'inf' ? '>' : '<';
  const comparison: Comparison = isEquality && bound ? '=' : strict ? order : `${order}=`;
  return { prefix, relations: [{ sides: [left, end], comparisons: [comparison] }] };
}

/** The goals of a statement as one statement, to be judged in its place: `argmax` and chains are taken apart. */
export function meaningOfAll(statement: Statement, names: Names): Statement {
  const goals = statement.relations.flatMap((relation) => goalsOf(relation, names));
  const parts = goals.map((goal) => meaningOf(statement.prefix, goal));
  return { prefix: statement.prefix, relations: parts.flatMap(({ relations }) => relations) };
}

/** A relation as goals; argmax(u) = k as u_k - u_j > 0 for all others j, margin(u, k) as the least of these differences. */
export function goalsOf(relation: Relation, names: Names): Goal[] {
  const variables = new Set(names.variables.map(({ name }) => name));
  const argmax = argmaxOf(relation);
  if (argmax) {
    const quantity = leastLead(argmax.args, argmax.place, names, 'argmax(u) = k');
    return [{ quantity, measure: 'inf', bound: Rational.zero, strict: true, relation }];
  }
  const { sides, comparisons } = relation;
  const meant = sides.map((side) =>
    isMargin(side) ? leastLead([side.args[0]], side.args[1], names, 'margin(u, k)') : side,
  );
  const goals = comparisonsOf({ sides: meant, comparisons }, variables);
  if (!sides.some(isMargin)) return goals;
  return goals.map((goal, k) => ({
    ...goal,
    written: { sides: [sides[k], sides[k + 1]], comparisons: [comparisons[k]] },
  }));
}

function isMargin(side: Side): side is Extract<Term, { kind: 'call' }> {
  return side.kind === 'call' && side.fn === 'margin';
}

/** By how much the entry with the number k leads the others: min over j of u_k - u_j. */
function leastLead(args: readonly Term[], place: Term, names: Names, what: string): Term {
  const k = toExpression(place, names);
  if (k.kind !== 'constant' || !k.value.isInteger())
    throw new InputError({
      found: `${what} with ${quote(printTerm(place))}, which is no integer`,
      allowed: 'argmax(y) = 3 and margin(y, 3) >= 1/2, places counted from 1',
    });
  const entries = args.length > 1 ? args : tensorEntries(args[0], names);
  const best = entries[Number(k.value.num) - 1];
  if (!best)
    throw new InputError({
      found: `${what} with k = ${k.value}, of ${entries.length} entries`,
      allowed: `1 to ${entries.length}`,
    });
  const others = entries.filter((entry) => entry !== best);
  const leads = others.map((other) => difference(best, other));
  if (leads.length === 0)
    throw new InputError({ found: `${what.split('(')[0]} of one number`, allowed: 'an output of several entries' });
  return leads.length === 1 ? leads[0] : call('min', ...leads);
}

function tensorEntries(term: Term, names: Names): Term[] {
  if (term.kind !== 'entry') return [term];
  const given = term.indices.map((index) => {
    const e = toExpression(index, names);
    return e.kind === 'constant' ? Number(e.value.num) : Number.NaN;
  });
  const count = names.entries(term, given).length;
  const lengths = names.lengthsBelow(term, given.length);
  return Array.from({ length: count }, (_, k) => {
    let rest = k;
    const indices = [...lengths].reverse().map((length) => {
      const digit = rest % length;
      rest = Math.floor(rest / length);
      return number(digit + 1);
    });
    return { ...term, indices: [...term.indices, ...indices.reverse()] };
  });
}

/** `argmax(u) = k` as what it means: entry k exceeds each of the others. Null for other relations. */
function argmaxOf({ sides: [left, right], comparisons }: Relation): { args: readonly Term[]; place: Term } | null {
  if (comparisons.length !== 1 || comparisons[0] !== '=') return null;
  if (left.kind === 'argmax' && right.kind !== 'unknown') return { args: left.args, place: right };
  if (right.kind === 'argmax' && left.kind !== 'unknown') return { args: right.args, place: left };
  return null;
}

/** What the ends of an enclosure are of, where the statement does not show it. */
export function nameOf({ quantity, relation }: Goal, prefix: Prefix | null): string | null {
  if (argmaxOf(relation)) return 'the least margin';
  if (prefix === null) return printTerm(quantity);
  return relation.comparisons[0] === '=' ? 'the largest difference' : null;
}
