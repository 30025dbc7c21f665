import { InputError } from '../../errors.js';
import type { Rational } from '../../numbers/rational.js';
import {
  type Comparison,
  canonical,
  difference,
  type Relation,
  type Side,
  sumOf,
  type Term,
  termOf,
} from '../../statement/index.js';
import type { Measure } from '../rules/statement-bounds.js';

/** One comparison of a statement, as what is bounded and by what. */
export interface Goal {
  readonly quantity: Term;
  /** `=` bounds sup |u - v| by 0. */
  readonly measure: Measure;
  /** null for `?`. */
  readonly bound: Rational | null;
  /** Whether the bound itself is excluded. */
  readonly strict: boolean;
  /** As it stands in the statement. */
  readonly relation: Relation;
}

const MIRRORED: Readonly<Record<Comparison, Comparison>> = { '<=': '>=', '>=': '<=', '<': '>', '>': '<', '=': '=' };

/** The comparisons of a relation: two of a chain lo <= u <= hi. */
export function goalsOf({ sides, comparisons }: Relation, variables: ReadonlySet<string>): Goal[] {
  return comparisons.map((comparison, i) => goalOf(sides[i], comparison, sides[i + 1], variables));
}

function goalOf(left: Side, comparison: Comparison, right: Side, variables: ReadonlySet<string>): Goal {
  const relation = { sides: [left, right], comparisons: [comparison] };
  if (isBound(left, variables) && !isBound(right, variables)) {
    return { ...goalOf(right, MIRRORED[comparison], left, variables), relation };
  }
  const strict = comparison === '<' || comparison === '>';
  const measure = comparison === '=' ? 'sup-abs' : comparison === '<=' || comparison === '<' ? 'sup' : 'inf';
  if (left.kind === 'unknown') throw new InputError({ found: "two '?' in one comparison" });
  if (right.kind === 'unknown') return { ...unfolded(left, measure), bound: null, strict, relation };
  const form = canonical(right, { variables });
  const isClosed = form.parts.size === 0;
  if (comparison === '=') {
    const quantity = isClosed && form.constant.isZero() ? left : difference(left, right);
    return { quantity, measure, bound: ZERO(form.constant), strict, relation };
  }
  if (isClosed) return { ...unfolded(left, measure), bound: form.constant, strict, relation };
  const offset = canonical(difference(left, right), { variables });
  const quantity = offset.constant.isZero()
    ? difference(left, right)
    : termOf({ ...offset, constant: ZERO(offset.constant) });
  return { quantity, measure, bound: offset.constant.neg(), strict, relation };
}

/** |u| from above is sup |u|, which has searches of its own. */
function unfolded(term: Term, measure: Measure): { quantity: Term; measure: Measure } {
  if (measure !== 'sup' || term.kind !== 'call' || term.fn !== 'abs') return { quantity: term, measure };
  return { quantity: term.args[0], measure: 'sup-abs' };
}

function isBound(side: Side, variables: ReadonlySet<string>): boolean {
  return side.kind === 'unknown' || canonical(side, { variables }).parts.size === 0;
}

const ZERO = (like: Rational): Rational => like.sub(like);

/** `argmax(u) = k` as what it means: entry k exceeds each of the others. Null for other relations. */
export function argmaxOf({
  sides: [left, right],
  comparisons,
}: Relation): { args: readonly Term[]; place: Term } | null {
  if (comparisons.length !== 1 || comparisons[0] !== '=') return null;
  if (left.kind === 'argmax' && right.kind !== 'unknown') return { args: left.args, place: right };
  if (right.kind === 'argmax' && left.kind !== 'unknown') return { args: right.args, place: left };
  return null;
}

/** u - c, both as terms. */
export function less(u: Term, c: Term): Term {
  return sumOf([
    { negative: false, term: u },
    { negative: true, term: c },
  ]);
}
