import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import { type Comparison, MIRRORED, type Prefix, type Relation, type Side, type Statement, type Term } from './ast.js';
import { canonical, difference, type Linear, leading, type Surroundings, scaled, termOf } from './canonical.js';
import { canonicalDomain } from './domain.js';
import { printPrefix, printRelation, printTerm } from './print.js';

/**
 * What a relation says, in the form in which statements are compared: lo <= quantity <= hi for everything that the
 * prefix ranges over. Two relations that can be rewritten into each other have the same subject and the same ends.
 */
export interface Bounds {
  /** The prefix with its conditions and the quantity, in canonical form, as a text: `for all x in [0, 1]^2: y - x[1]`. */
  readonly subject: string;
  readonly prefix: Prefix | null;
  readonly quantity: Term;
  /** Exact; null where nothing is said on that side. */
  readonly lo: Rational | null;
  readonly hi: Rational | null;
  /** Whether the end itself is excluded. */
  readonly open: { readonly lo: boolean; readonly hi: boolean };
  /** Whether the best end is asked for: `?`. */
  readonly asked: { readonly lo: boolean; readonly hi: boolean };
  /** What is bounded, as it was written on one side of the relation, is scale (quantity - centre). */
  readonly scale: Rational;
  readonly centre: Rational;
  /** Whether it came from |u| <= c: one number for both sides. */
  readonly isSymmetric: boolean;
  /** Where that was written as scale (|u| - centre), such as 2|u| + 1 or -|u|, and not as a modulus. */
  readonly outer?: { readonly scale: Rational; readonly centre: Rational };
  /** The number of the relation in the statement, from 0. */
  readonly relation: number;
}

/**
 * The normal form of a statement without parameters (`bind` them first): `|u| <= c` is u in [-c, c], `u = v` is u - v in
 * [0, 0], constants go to the ends, the leading coefficient is 1, chains are joined. Throws InputError for a chain that
 * leaves nothing, such as 2 <= y <= 1, and as `canonical` and `canonicalDomain`.
 */
export function normalForm(statement: Statement): Bounds[] {
  const around = { variables: new Set(statement.prefix?.groups.flatMap(({ names }) => names)) };
  const prefix = statement.prefix && canonicalPrefix(statement.prefix, around);
  const head = prefix ? `${printPrefix(prefix)}: ` : '';
  return statement.relations.flatMap((relation, index) =>
    relationBounds(relation, around).map(([text, found]) => ({
      ...found,
      subject: head + text,
      prefix,
      relation: index,
    })),
  );
}

/** A relation that says the same as the bounds: `|u| <= c`, `u = c` or a chain. */
export function relationOf({ quantity, lo, hi, open }: Pick<Bounds, 'quantity' | 'lo' | 'hi' | 'open'>): Relation {
  const number = (value: Rational): Term => ({ kind: 'number', value });
  const isOpen = open.lo || open.hi;
  if (lo && hi && !isOpen && lo.equals(hi)) return { sides: [quantity, number(lo)], comparisons: ['='] };
  if (lo && hi && !hi.lt(Rational.zero) && lo.equals(hi.neg()) && open.lo === open.hi) {
    const size: Term = { kind: 'call', fn: 'abs', args: [quantity] };
    return { sides: [size, number(hi)], comparisons: [open.hi ? '<' : '<='] };
  }
  const sides: Side[] = [quantity];
  const comparisons: Comparison[] = [];
  if (hi) {
    sides.push(number(hi));
    comparisons.push(open.hi ? '<' : '<=');
  }
  if (lo && hi) {
    sides.unshift(number(lo));
    comparisons.unshift(open.lo ? '<' : '<=');
  } else if (lo) {
    sides.push(number(lo));
    comparisons.push(open.lo ? '>' : '>=');
  }
  return { sides, comparisons };
}

type Found = Omit<Bounds, 'subject' | 'prefix' | 'relation'>;

/** What a relation says of each quantity in it, by its text. */
function relationBounds({ sides, comparisons }: Relation, around: Surroundings): [text: string, found: Found][] {
  const joined = new Map<string, Found>();
  const forms = sides.map((side) => (side.kind === 'unknown' ? null : canonical(side, around)));
  comparisons.forEach((comparison, i) => {
    const [left, right] = [forms[i], forms[i + 1]];
    // At most one side of a comparison is a question mark.
    const found = left
      ? pairBounds(left, comparison, right, around)
      : pairBounds(right!, MIRRORED[comparison], left, around);
    const key = printTerm(found.quantity);
    const known = joined.get(key);
    joined.set(key, known ? meet(known, found) : found);
  });
  return [...joined];
}

/** What a comparison of two forms says; null stands for a question mark. */
function pairBounds(left: Linear, comparison: Comparison, right: Linear | null, around: Surroundings): Found {
  const isAsked = right === null;
  const form = isAsked ? left : difference(left, right, around);
  const first = leading(form);
  const factor = first && !first.isZero() ? first : first ? Rational.one : constantFactor(form.constant, comparison);
  const unit = scaled({ ...form, constant: Rational.zero }, factor.inverse());
  const end = isAsked ? null : form.constant.neg().div(factor);
  const sense = factor.sign() < 0 ? MIRRORED[comparison] : comparison;
  const [hasLo, hasHi] = [sense !== '<=' && sense !== '<', sense !== '>=' && sense !== '>'];
  const isOpen = sense === '<' || sense === '>';
  const found: Found = {
    ...writtenSide(left, right, factor),
    quantity: termOf(unit),
    lo: hasLo ? end : null,
    hi: hasHi ? end : null,
    open: { lo: hasLo && isOpen, hi: hasHi && isOpen },
    asked: { lo: isAsked && hasLo, hi: isAsked && hasHi },
    isSymmetric: false,
  };
  return unfolded(found, around);
}

/** How the side of a relation that is no number is written in the quantity; left - right, where neither is one. */
function writtenSide(left: Linear, right: Linear | null, factor: Rational): Pick<Found, 'scale' | 'centre'> {
  if (!right || right.parts.size === 0) return { scale: factor, centre: left.constant.neg().div(factor) };
  if (left.parts.size === 0) return { scale: factor.neg(), centre: right.constant.div(factor) };
  return { scale: factor, centre: Rational.zero };
}

/** A relation between constants has one form: 0 <= c or 0 = c, where c is -1, 0 or 1. */
function constantFactor(constant: Rational, comparison: Comparison): Rational {
  const size = constant.isZero() ? Rational.one : constant.abs();
  const isFlipped = comparison === '=' ? constant.sign() > 0 : comparison === '>=' || comparison === '>';
  return isFlipped ? size.neg() : size;
}

/** |u| <= c as -c <= u <= c; nothing else is changed, nor is a bound below 0. */
function unfolded(found: Found, around: Surroundings): Found {
  const { quantity, lo, hi, open, asked } = found;
  const isBelow = lo === null && !asked.lo && (asked.hi || (hi !== null && hi.sign() >= 0));
  if (quantity.kind !== 'call' || quantity.fn !== 'abs' || !isBelow) return found;
  const form = canonical(quantity.args[0], around);
  const shift = form.constant;
  const isModulus = found.centre.isZero() && found.scale.sign() > 0;
  return {
    ...(!isModulus && { outer: { scale: found.scale, centre: found.centre } }),
    scale: found.scale,
    centre: shift.neg(),
    quantity: termOf({ ...form, constant: Rational.zero }),
    lo: hi?.neg().sub(shift) ?? null,
    hi: hi?.sub(shift) ?? null,
    open: { lo: open.hi, hi: open.hi },
    asked: { lo: asked.hi, hi: asked.hi },
    isSymmetric: true,
  };
}

function meet(a: Found, b: Found): Found {
  const lo = tighter(a.lo, a.open.lo, b.lo, b.open.lo, (x, y) => y.lt(x));
  const hi = tighter(a.hi, a.open.hi, b.hi, b.open.hi, (x, y) => x.lt(y));
  if (lo.end && hi.end && (hi.end.lt(lo.end) || (hi.end.equals(lo.end) && (lo.open || hi.open)))) {
    throw new InputError({
      found: `${printTerm(a.quantity)} between ${lo.end} and ${hi.end}, which leaves nothing`,
      allowed: 'lo <= hi in lo <= u <= hi',
    });
  }
  return {
    ...(a.outer && { outer: a.outer }),
    scale: a.scale,
    centre: a.centre,
    quantity: a.quantity,
    lo: lo.end,
    hi: hi.end,
    open: { lo: lo.open, hi: hi.open },
    asked: { lo: a.asked.lo || b.asked.lo, hi: a.asked.hi || b.asked.hi },
    isSymmetric: a.isSymmetric && b.isSymmetric,
  };
}

function tighter(
  a: Rational | null,
  openA: boolean,
  b: Rational | null,
  openB: boolean,
  isTighter: (a: Rational, b: Rational) => boolean,
): { readonly end: Rational | null; readonly open: boolean } {
  if (!a || !b) return a ? { end: a, open: openA } : { end: b, open: openB };
  if (a.equals(b)) return { end: a, open: openA || openB };
  return isTighter(a, b) ? { end: a, open: openA } : { end: b, open: openB };
}

/** Variables sorted, their sets in canonical form, conditions sorted: what they say, not how. */
function canonicalPrefix({ groups, conditions }: Prefix, around: Surroundings): Prefix {
  const single = groups.flatMap(({ names, domain }) => {
    const set = canonicalDomain(domain);
    return names.map((name) => ({ name, set, text: '' }));
  });
  single.sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = new Map(
    conditions
      .flatMap((relation) => relationBounds(relation, around))
      .map(([, found]) => relationOf(found))
      .map((relation) => [printRelation(relation), relation]),
  );
  return {
    groups: single.map(({ name, set }) => ({ names: [name], domain: set })),
    conditions: [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, relation]) => relation),
  };
}

export type { Linear };
