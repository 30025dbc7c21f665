import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';

/**
 * A closed sentence about one or several networks:
 *
 *     for all x in [0, 1]^2 with x[1] <= x[2]: |y - sin(3*x[1])*exp(-x[2])| <= 1/10 and y >= -1
 *     parameters <= 3129 and max|w| <= 24954
 *
 * Names that are no variables of the prefix are those of outputs, nodes, sizes or, until `bind` replaces them,
 * parameters of a theorem. Texts and trees correspond: `parseStatement(printStatement(s))` is s.
 */
export interface Statement {
  readonly prefix: Prefix | null;
  readonly relations: readonly Relation[];
}

export interface Prefix {
  readonly groups: readonly Group[];
  /** All of them hold for the inputs that are meant. */
  readonly conditions: readonly Relation[];
}

/** Variables that range over one set, each for itself. A name may end with primes: a second point of the same input. */
export interface Group {
  readonly names: readonly string[];
  readonly domain: Domain;
}

export type Domain =
  | { readonly kind: 'interval'; readonly lo: Term; readonly hi: Term }
  | { readonly kind: 'reals' }
  | { readonly kind: 'finite'; readonly ranges: readonly Range[] }
  /** A tensor: the shape is `dims` followed by that of the entries. */
  | { readonly kind: 'power'; readonly of: Domain; readonly dims: readonly Term[] }
  /** One vector after another; a number is a vector of length 1. */
  | { readonly kind: 'product'; readonly factors: readonly Domain[] };

/** The integers from `from` to `to`, or the one number `from`. */
export interface Range {
  readonly from: Term;
  readonly to: Term | null;
}

export const COMPARISONS = ['<=', '>=', '<', '>', '='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What u and v are to each other, said of v and u. */
export const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '<=': '>=',
  '>=': '<=',
  '<': '>',
  '>': '<',
  '=': '=',
};

/** `u <= v`, or a chain `lo <= u <= hi`: sides[i] comparisons[i] sides[i + 1] for every i. */
export interface Relation {
  readonly sides: readonly Side[];
  readonly comparisons: readonly Comparison[];
}

/** `?` stands for the best bound there is. */
export type Side = Term | { readonly kind: 'unknown' };

export type Term =
  | NumberTerm
  | Entry
  | { readonly kind: 'sum'; readonly terms: readonly Summand[] }
  | { readonly kind: 'product'; readonly factors: readonly Factor[] }
  | { readonly kind: 'power'; readonly base: Term; readonly exponent: Term }
  | { readonly kind: 'call'; readonly fn: string; readonly args: readonly Term[] }
  | Reduction
  /**
   * The entry `index` of the softmax of the listed numbers, or of all entries of the one tensor that is listed. In a lemma, of the
   * numbers that the one argument is for all elements of a family.
   */
  | { readonly kind: 'softmax'; readonly args: readonly Term[]; readonly index: Term; readonly family?: Family }
  /** The place, counted from 1, of the entry that exceeds all others. */
  | { readonly kind: 'argmax'; readonly args: readonly Term[] }
  | Slice
  /** `[1, 0, 2]`: an argument of functions of sequences. */
  | { readonly kind: 'list'; readonly items: readonly Term[] };

/** `s[2..9]`: the entries from one to the other, an argument of functions of sequences; none where `to` is `from` - 1. */
export interface Slice {
  readonly kind: 'slice';
  readonly name: string;
  readonly from: Term;
  readonly to: Term;
}

export interface NumberTerm {
  readonly kind: 'number';
  readonly value: Rational;
}

/**
 * An entry of an input, an output or a node, counted from 1; the whole of it, or a part, where indices are left out.
 * With several points of one input, `at` says where: `y(x')`. Also a size, an index of a reduction, or a parameter.
 */
export interface Entry {
  readonly kind: 'entry';
  readonly name: string;
  readonly at: readonly string[] | null;
  readonly indices: readonly Term[];
  /** Where it stands in the text that was read, counted from 1: for messages only. */
  readonly column?: number;
}

export interface Summand {
  readonly negative: boolean;
  readonly term: Term;
}

export interface Factor {
  readonly inverted: boolean;
  readonly term: Term;
}

export const REDUCTIONS = ['min', 'max', 'sum'] as const;

/** What an index runs over; in a lemma, the names of sets stand for ranges. */
export interface Family {
  readonly index: string;
  readonly over: readonly Range[];
}

export interface Reduction extends Family {
  readonly kind: 'reduction';
  readonly op: (typeof REDUCTIONS)[number];
  readonly body: Term;
}

export function number(value: Rational | number | bigint): NumberTerm {
  return { kind: 'number', value: typeof value === 'object' ? value : Rational.of(value) };
}

export function entry(name: string, ...indices: readonly (number | Term)[]): Entry {
  return { kind: 'entry', name, at: null, indices: indices.map((i) => (typeof i === 'number' ? number(i) : i)) };
}

export function call(fn: string, ...args: readonly Term[]): Term {
  return { kind: 'call', fn, args };
}

/** The sum in the form in which the parser gives it: a lone summand stands for itself, a negative number is one. */
export function sumOf(terms: readonly Summand[]): Term {
  if (terms.length !== 1) return terms.length === 0 ? number(0) : { kind: 'sum', terms };
  const [{ negative, term }] = terms;
  if (!negative) return term;
  return term.kind === 'number' ? number(term.value.neg()) : { kind: 'sum', terms };
}

/** The product in the form in which the parser gives it: p/q at its beginning is one number. */
export function productOf(factors: readonly Factor[]): Term {
  let [first, ...rest] = factors;
  if (!first) return number(1);
  if (first.inverted) [first, rest] = [{ inverted: false, term: number(1) }, [first, ...rest]];
  while (first.term.kind === 'number' && rest[0]?.inverted && rest[0].term.kind === 'number') {
    const divisor = rest[0].term.value;
    if (divisor.isZero()) throw new InputError({ found: 'a division by 0', allowed: 'a divisor that is not 0' });
    first = { inverted: false, term: number(first.term.value.div(divisor)) };
    rest = rest.slice(1);
  }
  return rest.length === 0 ? first.term : { kind: 'product', factors: [first, ...rest] };
}

export function difference(a: Term, b: Term): Term {
  return sumOf([
    { negative: false, term: a },
    { negative: true, term: b },
  ]);
}

/** The parts directly below a term. */
export function childrenOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'number':
      return [];
    case 'entry':
      return term.indices;
    case 'sum':
      return term.terms.map((part) => part.term);
    case 'product':
      return term.factors.map((part) => part.term);
    case 'power':
      return [term.base, term.exponent];
    case 'call':
    case 'argmax':
      return term.args;
    case 'slice':
      return [term.from, term.to];
    case 'list':
      return term.items;
    case 'softmax':
      return [...term.args, term.index];
    case 'reduction':
      return [...term.over.flatMap(endsOf), term.body];
  }
}

export function endsOf({ from, to }: Range): readonly Term[] {
  return to ? [from, to] : [from];
}

/** The term with each part directly below it replaced; numbers that come together are folded as the parser does. */
export function rebuilt(term: Term, replace: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'number':
      return term;
    case 'entry':
      return { ...term, indices: term.indices.map(replace) };
    case 'sum':
      return sumOf(term.terms.map((part) => ({ ...part, term: replace(part.term) })));
    case 'product':
      return productOf(term.factors.map((part) => ({ ...part, term: replace(part.term) })));
    case 'power':
      return { kind: 'power', base: replace(term.base), exponent: replace(term.exponent) };
    case 'call':
    case 'argmax':
      return { ...term, args: term.args.map(replace) };
    case 'slice':
      return { ...term, from: replace(term.from), to: replace(term.to) };
    case 'list':
      return { ...term, items: term.items.map(replace) };
    case 'softmax':
      return { ...term, args: term.args.map(replace), index: replace(term.index) };
    case 'reduction':
      return { ...term, over: term.over.map((range) => rebuiltRange(range, replace)), body: replace(term.body) };
  }
}

function rebuiltRange({ from, to }: Range, replace: (part: Term) => Term): Range {
  return { from: replace(from), to: to && replace(to) };
}

/** The statement with every term in it replaced: sides of relations and conditions, ends of domains. */
export function rebuiltStatement({ prefix, relations }: Statement, replace: (term: Term) => Term): Statement {
  const side = (part: Side): Side => (part.kind === 'unknown' ? part : replace(part));
  const relation = (r: Relation): Relation => ({ ...r, sides: r.sides.map(side) });
  return {
    prefix: prefix && {
      groups: prefix.groups.map((group) => ({ ...group, domain: rebuiltDomain(group.domain, replace) })),
      conditions: prefix.conditions.map(relation),
    },
    relations: relations.map(relation),
  };
}

function rebuiltDomain(domain: Domain, replace: (term: Term) => Term): Domain {
  switch (domain.kind) {
    case 'interval':
      return { kind: 'interval', lo: replace(domain.lo), hi: replace(domain.hi) };
    case 'reals':
      return domain;
    case 'finite':
      return { kind: 'finite', ranges: domain.ranges.map((range) => rebuiltRange(range, replace)) };
    case 'power':
      return { kind: 'power', of: rebuiltDomain(domain.of, replace), dims: domain.dims.map(replace) };
    case 'product':
      return { kind: 'product', factors: domain.factors.map((factor) => rebuiltDomain(factor, replace)) };
  }
}
