import { InputError, quote } from '../errors.js';
import { ballIntervals } from '../numbers/balls.js';
import { bitLength } from '../numbers/bits.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Entry, Term } from './ast.js';
import { SEQUENCE_ARITIES } from './functions.js';
import { printTerm } from './print.js';
import { integersOf } from './ranges.js';

/** What the names of a term stand for. */
export interface Meanings {
  /**
   * All entries, in row-major order, of what `entry` names once its indices have these values: one for a number. Throws
   * InputError for a name that is not known, or indices that do not fit.
   */
  entries(entry: Entry, indices: readonly number[]): readonly E.Expression[];
  /** argmax of these; a term with argmax is refused where there is none. */
  argmax?(args: readonly E.Expression[]): E.Expression;
}

/** Like the parser of src/symbolic: literals weigh their bits, powers multiply, so that exact evaluation stays possible. */
const LARGEST_WEIGHT = 4_000_000;
/** Terms that are written out, sums one by one: about ten seconds' worth. */
const MOST_WRITTEN = 400_000;
const LARGEST_POWER = 50_000;

/**
 * The term as an expression, with its reductions written out. Throws InputError for an exponent that is no rational
 * constant, an index that is no integer, terms too large when written out, and as `meanings`.
 */
export function toExpression(term: Term, meanings: Meanings): E.Expression {
  return new Translator(meanings).translate(term, new Map()).expression;
}

interface Weighted {
  readonly expression: E.Expression;
  readonly weight: number;
}

type Indices = ReadonlyMap<string, number>;

class Translator {
  private written = 0;

  constructor(private readonly meanings: Meanings) {}

  translate(term: Term, indices: Indices): Weighted {
    this.written += 1;
    if (this.written > MOST_WRITTEN) throw tooLarge(term);
    switch (term.kind) {
      case 'number':
        return { expression: E.constant(term.value), weight: bits(term.value) };
      case 'entry':
        return this.one(term, this.entries(term, indices));
      case 'sum': {
        const parts = term.terms.map(({ negative, term: part }) => {
          const { expression, weight } = this.translate(part, indices);
          return { expression: negative ? E.neg(expression) : expression, weight };
        });
        return this.joined(term, parts, E.sum);
      }
      case 'product': {
        const parts = term.factors.map(({ inverted, term: factor }) => {
          const { expression, weight } = this.translate(factor, indices);
          return { expression: inverted ? inverse(expression, factor) : expression, weight };
        });
        return this.joined(term, parts, E.product);
      }
      case 'power':
        return this.power(term, indices);
      case 'call':
        if (SEQUENCE_ARITIES.has(term.fn)) throw overReals(term);
        return this.joined(
          term,
          term.args.map((arg) => this.translate(arg, indices)),
          (args) => apply(term.fn, args),
        );
      case 'reduction': {
        const parts = [...integersOf(term.over.map((range) => this.range(range, indices)))].map((value) =>
          this.translate(term.body, new Map([...indices, [term.index, value]])),
        );
        return this.joined(term, parts, (args) => (term.op === 'sum' ? E.sum(args) : apply(term.op, args)));
      }
      case 'softmax': {
        const args = term.args.flatMap((arg) => this.list(arg, term.args.length, indices));
        const k = this.integer(term.index, indices);
        if (!args[k - 1]) throw outside(k, `softmax of ${args.length} numbers`, args.length);
        const ratios = args.map(({ expression }) => apply('exp', [E.sub(expression, args[k - 1].expression)]));
        return { expression: E.div(E.one, E.sum(ratios)), weight: totalWeight(term, args) };
      }
      case 'slice':
      case 'list':
        throw new InputError({
          found: `${quote(printTerm(term))} in the place of a number`,
          allowed: `lists as arguments of functions of sequences: ${[...SEQUENCE_ARITIES.keys()].join(', ')}`,
        });
      case 'argmax': {
        if (!this.meanings.argmax) throw new InputError({ found: `${printTerm(term)} inside a term` });
        const args = term.args.flatMap((arg) => this.list(arg, term.args.length, indices));
        return { expression: this.meanings.argmax(args.map(({ expression }) => expression)), weight: 1 };
      }
    }
  }

  /** The entries of a lone tensor, or one number of several. */
  private list(arg: Term, count: number, indices: Indices): Weighted[] {
    if (arg.kind !== 'entry' || count > 1 || indices.has(arg.name)) return [this.translate(arg, indices)];
    return this.entries(arg, indices).map((expression) => ({ expression, weight: 1 }));
  }

  private entries(entry: Entry, indices: Indices): readonly E.Expression[] {
    const bound = entry.indices.length === 0 && !entry.at ? indices.get(entry.name) : undefined;
    if (bound !== undefined) return [E.constant(Rational.of(bound))];
    return this.meanings.entries(
      entry,
      entry.indices.map((index) => this.integer(index, indices)),
    );
  }

  private one(entry: Entry, found: readonly E.Expression[]): Weighted {
    if (found.length === 1) return { expression: found[0], weight: 1 };
    throw new InputError({
      found: `${place(entry)}${quote(printTerm(entry))} is not one number: it has ${found.length} entries`,
      allowed: `one entry, such as ${printTerm({ ...entry, indices: [...entry.indices, ONE] })}`,
    });
  }

  private range({ from, to }: { from: Term; to: Term | null }, indices: Indices) {
    const end = (term: Term): Term => ({ kind: 'number', value: Rational.of(this.integer(term, indices)) });
    return { from: end(from), to: to && end(to) };
  }

  private integer(term: Term, indices: Indices): number {
    const { expression } = this.translate(term, indices);
    const isIndex = expression.kind === 'constant' && expression.value.isInteger();
    if (isIndex) return Number(expression.value.num);
    throw new InputError({ found: `${quote(printTerm(term))} in the place of an integer`, allowed: 'integers' });
  }

  private power(term: Extract<Term, { kind: 'power' }>, indices: Indices): Weighted {
    const base = this.translate(term.base, indices);
    const { expression: exponent } = this.translate(term.exponent, indices);
    if (exponent.kind !== 'constant') {
      const found = `the exponent ${quote(printTerm(term.exponent))}, which is no rational constant`;
      throw new InputError({ found, mend: 'write exp(u) for e^u, and exp(y*log(x)) for x^y with x above 0' });
    }
    const { value } = exponent;
    const weight = base.weight * Math.max(1, Math.abs(Number(value.num)) / Number(value.den)) + bits(value);
    if (weight > LARGEST_POWER && weight > base.weight) throw tooLarge(term);
    if (base.expression.kind === 'constant' && base.expression.value.isZero() && value.sign() < 0) {
      throw new InputError({ found: `a division by 0 in ${quote(printTerm(term))}` });
    }
    return { expression: E.power(base.expression, value), weight };
  }

  private joined(
    term: Term,
    parts: readonly Weighted[],
    join: (parts: readonly E.Expression[]) => E.Expression,
  ): Weighted {
    return { expression: join(parts.map(({ expression }) => expression)), weight: totalWeight(term, parts) + 1 };
  }
}

/** Exact bounds of a number: equal where it is known. */
export interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

/**
 * The value of a term at a point: exact where it is rational and all entries are known exactly, otherwise as close as
 * `bits` binary digits allow. `lookUp` gives the entries that a name and indices stand for. Throws DomainError where a
 * part is undefined, RangeError where there are no finite bounds, InputError for an argmax that ties, and as `toExpression`.
 */
export function evaluateTerm(
  term: Term,
  lookUp: (entry: Entry, indices: readonly number[]) => readonly Ends[],
  bits = 128,
): Ends {
  const values = new Map<string, Ends>();
  const evaluate = (expression: E.Expression): Ends => {
    const used = [...E.variablesOf(expression)].map((name) => [name, values.get(name)!] as const);
    if (used.every(([, { lo, hi }]) => lo.equals(hi))) {
      return E.valueBounds(expression, new Map(used.map(([name, { lo }]) => [name, lo])), ballIntervals(bits));
    }
    const A = ballIntervals(bits);
    const value = E.enclose(expression, A, new Map(used.map(([name, { lo, hi }]) => [name, A.between(lo, hi)])));
    const [lo, hi] = [A.lower(value), A.upper(value)];
    if (!lo || !hi) throw new RangeError('a value without finite bounds');
    return { lo, hi };
  };
  const expression = toExpression(term, {
    entries: (entry, indices) => {
      const found = lookUp(entry, indices);
      return found.map((ends, k) => {
        if (ends.lo.equals(ends.hi)) return E.constant(ends.lo);
        const name = `${printTerm({ ...entry, indices: [] })}[${indices.join(',')}]#${k}`;
        values.set(name, ends);
        return E.variable(name);
      });
    },
    argmax: (args) => E.constant(Rational.of(argmax(args.map(evaluate)))),
  });
  return evaluate(expression);
}

/** The place, from 1, of the number that exceeds all others. */
function argmax(args: readonly Ends[]): number {
  const best = args.reduce((most, { lo }, i) => (args[most].lo.lt(lo) ? i : most), 0);
  const isSure = args.every(({ hi }, i) => i === best || hi.lt(args[best].lo));
  if (isSure) return best + 1;
  throw new InputError({ found: 'argmax of numbers of which none exceeds all others, as far as they are known' });
}

function apply(fn: string, args: readonly E.Expression[]): E.Expression {
  if (fn === 'sqrt') return E.power(args[0], Rational.of(1, 2));
  if (fn === 'relu') return E.apply('max', args[0], E.zero);
  return E.apply(fn as E.FunctionName, ...args);
}

function inverse(expression: E.Expression, term: Term): E.Expression {
  if (expression.kind !== 'constant' || !expression.value.isZero()) return E.power(expression, Rational.of(-1));
  throw new InputError({ found: `a division by ${quote(printTerm(term))}, which is 0` });
}

function totalWeight(term: Term, parts: readonly Weighted[]): number {
  const weight = parts.reduce((total, part) => total + part.weight, 0);
  if (weight > LARGEST_WEIGHT) throw tooLarge(term);
  return weight;
}

function overReals(term: Term): InputError {
  return new InputError({
    found: `${quote(printTerm(term))} within a term`,
    allowed: 'alone on its side: argmax(y) = 2, margin(y, 2) >= 1/2',
  });
}

function tooLarge(term: Term): InputError {
  const found = `${quote(printTerm(term))} is too large for exact arithmetic when it is written out`;
  return new InputError({
    found,
    allowed: `at most ${MOST_WRITTEN} terms, about ${LARGEST_WEIGHT} parts, degree times digits up to ${LARGEST_POWER}`,
  });
}

/** `column 12 of the statement: `, for messages about an entry that was read from a text. */
export function place({ column }: Entry): string {
  return column === undefined ? '' : `column ${column} of the statement: `;
}

function outside(index: number, what: string, count: number): InputError {
  return new InputError({ found: `the index ${index} of ${what}`, allowed: `1 to ${count}` });
}

function bits({ num, den }: Rational): number {
  return bitLength(num === 0n ? 1n : num < 0n ? -num : num) + bitLength(den) - 1;
}

const ONE: Term = { kind: 'number', value: Rational.one };
