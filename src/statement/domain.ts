import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import { type Domain, number, type Range, type Term } from './ast.js';
import { canonical } from './canonical.js';
import { printDomain, printTerm } from './print.js';
import { integer, integersOf } from './ranges.js';

/** What one entry of a variable ranges over. */
export type Set =
  | { readonly kind: 'interval'; readonly lo: Rational; readonly hi: Rational }
  | { readonly kind: 'reals' }
  /** Increasing. */
  | { readonly kind: 'finite'; readonly values: readonly Rational[] };

const MOST_ENTRIES = 10_000_000;
/** A length is only written. */
const LONGEST = 1_000_000_000;
const NONE = { variables: new Set<string>() };

/** The shape of the tensors in a domain; [] for numbers. */
export function shapeOf(domain: Domain): readonly number[] {
  switch (domain.kind) {
    case 'power':
      return [...domain.dims.map(length), ...shapeOf(domain.of)];
    case 'product': {
      const lengths = domain.factors.map((factor) => {
        const shape = shapeOf(factor);
        if (shape.length <= 1) return shape[0] ?? 1;
        throw new InputError({
          found: `${printDomain(factor)} in a product`,
          allowed: 'products of numbers and vectors',
        });
      });
      return [lengths.reduce((a, b) => a + b, 0)];
    }
    default:
      return [];
  }
}

/** What each entry ranges over, in row-major order. Throws InputError for ends that are no numbers, and for lo > hi. */
export function setsOf(domain: Domain): readonly Set[] {
  const count = shapeOf(domain).reduce((a, b) => a * b, 1);
  if (count > MOST_ENTRIES) throw new InputError({ found: `${count} entries`, allowed: `at most ${MOST_ENTRIES}` });
  switch (domain.kind) {
    case 'interval': {
      const [lo, hi] = [rational(domain.lo), rational(domain.hi)];
      if (hi.lt(lo)) throw new InputError({ found: `the interval [${lo}, ${hi}]`, allowed: 'lo <= hi' });
      return [{ kind: 'interval', lo, hi }];
    }
    case 'reals':
      return [domain];
    case 'finite':
      return [{ kind: 'finite', values: valuesOf(domain.ranges) }];
    case 'power': {
      const entries = setsOf(domain.of);
      const copies = domain.dims.map(length).reduce((a, b) => a * b, 1);
      return Array.from({ length: copies }, () => entries).flat();
    }
    case 'product':
      return domain.factors.flatMap(setsOf);
  }
}

/** The same set of tensors (but for axes of length 1) in the one form that all ways to write it share. */
export function canonicalDomain(domain: Domain): Domain {
  shapeOf(domain);
  switch (domain.kind) {
    case 'interval':
      setsOf(domain);
      return { kind: 'interval', lo: number(rational(domain.lo)), hi: number(rational(domain.hi)) };
    case 'reals':
      return domain;
    case 'finite':
      return { kind: 'finite', ranges: runs(valuesOf(domain.ranges)) };
    case 'power':
      return powerOf(canonicalDomain(domain.of), domain.dims.map(length));
    case 'product':
      return productOf(domain.factors.map(canonicalDomain));
  }
}

function powerOf(of: Domain, lengths: readonly number[]): Domain {
  const dims = lengths.filter((size) => size !== 1).map((size) => number(size));
  if (dims.length === 0) return of;
  return of.kind === 'power' ? { ...of, dims: [...dims, ...of.dims] } : { kind: 'power', of, dims };
}

function productOf(factors: readonly Domain[]): Domain {
  const merged: { of: Domain; text: string; count: number }[] = [];
  for (const factor of factors.flatMap((part) => (part.kind === 'product' ? part.factors : [part]))) {
    const isRow = factor.kind === 'power' && factor.dims.length === 1 && factor.of.kind !== 'product';
    if (factor.kind === 'power' && !isRow) throw new InputError({ found: `${printDomain(factor)} in a product` });
    const [of, count] = factor.kind === 'power' ? [factor.of, length(factor.dims[0])] : [factor, 1];
    const text = printDomain(of);
    const last = merged.at(-1);
    if (last?.text === text) last.count += count;
    else merged.push({ of, text, count });
  }
  const parts = merged.map(({ of, count }) => powerOf(of, [count]));
  return parts.length === 1 ? parts[0] : { kind: 'product', factors: parts };
}

function valuesOf(ranges: readonly Range[]): Rational[] {
  const values = ranges.flatMap((range) =>
    range.to ? [...integersOf([closedRange(range)])].map((i) => Rational.of(i)) : [rational(range.from)],
  );
  values.sort((a, b) => a.compare(b));
  return values.filter((value, i) => i === 0 || !value.equals(values[i - 1]));
}

function closedRange({ from, to }: Range): Range {
  return { from: number(rational(from)), to: to && number(rational(to)) };
}

/** Increasing values as ranges of consecutive integers and single numbers. */
function runs(values: readonly Rational[]): Range[] {
  const ranges: { from: Rational; to: Rational }[] = [];
  for (const value of values) {
    const last = ranges.at(-1);
    const follows = last?.to.isInteger() && last.to.add(Rational.one).equals(value);
    if (last && follows) last.to = value;
    else ranges.push({ from: value, to: value });
  }
  return ranges.map(({ from, to }) => ({ from: number(from), to: from.equals(to) ? null : number(to) }));
}

/** The rational number that a closed term is. */
export function rational(term: Term): Rational {
  const { constant, parts } = canonical(term, NONE);
  if (parts.size === 0) return constant;
  throw new InputError({
    found: `${printTerm(term)} in the place of a number`,
    allowed: 'exact rational numbers, such as 3, 0.1, 1e-3 or 1/3, and names of parameters in the file of a theorem',
  });
}

function length(term: Term): number {
  const size = integer(number(rational(term)));
  if (size >= 1n && size <= BigInt(LONGEST)) return Number(size);
  throw new InputError({ found: `the length ${size}`, allowed: `1 to ${LONGEST}` });
}
