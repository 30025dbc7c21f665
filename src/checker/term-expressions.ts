import { borrow, spend } from './budget.js';
import type { Expression, Maker } from './expression.js';
import { brief, demand, demandShown, Unfinished } from './failure.js';
import { Fraction } from './fraction.js';
import type { Family, Term } from './term.js';

/** What a name stands for, possibly with indices from 1: `x`, `x[3, 2]`; undefined for an unknown one. */
export type Names = (name: string, indices: readonly number[]) => Expression | undefined;

/** What a name of a set of indices stands for. */
export type Sets = ReadonlyMap<string, readonly number[]>;

/** Functions of expressions, apart from roots, which are powers. */
const FUNCTIONS: ReadonlySet<string> = new Set(['exp', 'log', 'sin', 'cos', 'tanh', 'abs', 'min', 'max']);
const NO_SETS: Sets = new Map();
const HALF = Fraction.of(1, 2n);
/** Terms of a minimum over rows up to which it is written out. */
const MANY = 64;

/** A family with its terms as expressions; the row of them all, once a softmax of it is asked for. */
interface Written {
  readonly values: readonly number[];
  readonly args: readonly Expression[];
  row?: Expression;
}

/**
 * Terms as expressions, reductions written out; `bound` are indices. With `sets`, also `min_{t in I, J}(...)`, `|I|` and
 * `softmax_{s in I}(...)[t]`, which is a function of the row of all logits and of the place of t among the values of s.
 */
export class Writer {
  /** Families that contain no index from outside: written once. */
  private readonly known = new Map<Family, Written>();
  private readonly bound: Map<string, number>;
  /** Indices that were read since the family at hand was begun. */
  private used = new Set<string>();

  constructor(
    private readonly make: Maker,
    private readonly names: Names,
    bound: readonly (readonly [string, number])[],
    private readonly sets: Sets = NO_SETS,
    /** Whether names with an index are entries of rows that are all alike: of many, a minimum is not written out. */
    private readonly areRows = false,
  ) {
    this.bound = new Map(bound);
  }

  of(term: Term): Expression {
    spend(80);
    const { make } = this;
    switch (term.kind) {
      case 'number':
        return make.number(term.value);
      case 'entry':
        return this.entry(term);
      case 'call':
        return this.call(term);
      case 'over': {
        if (this.areRows && term.name !== 'sum' && isOfRow(term.body, term.index)) return this.overRows(term);
        const { args } = this.family(term);
        return term.name === 'sum' ? make.sum(args) : make.apply(term.name, args);
      }
      case 'softmax': {
        const [family] = term.args;
        demand(family.kind === 'over' && this.sets !== NO_SETS, 'a softmax is no expression');
        const written = this.family(family);
        const place = written.values.indexOf(this.integer(term.index));
        demand(place >= 0, 'a softmax has no such entry');
        written.row ??= make.apply('row', written.args);
        return make.apply('softmax', [written.row, make.number(Fraction.of(place))]);
      }
    }
  }

  private entry({ name, at, indices }: Term & { kind: 'entry' }): Expression {
    const bound = indices.length === 0 ? this.bound.get(name) : undefined;
    if (bound !== undefined && at.length === 0) {
      this.used.add(name);
      return this.make.number(Fraction.of(bound));
    }
    const places = indices.map((index) => this.integer(index));
    const found = this.names(name, places);
    if (found === undefined && at.length > 0)
      throw new Unfinished(`'${brief(name)}' is no function that the checker knows`);
    demand(found !== undefined && at.length === 0, () => `'${name.slice(0, 60)}' is not known there`);
    return found;
  }

  private call({ name, args: terms }: Term & { kind: 'call' }): Expression {
    const { make } = this;
    const [of] = terms;
    const set = name === 'abs' && of.kind === 'entry' ? this.sets.get(of.name) : undefined;
    if (set) return make.number(Fraction.of(set.length));
    const args = terms.map((term) => this.of(term));
    const [first, second] = args;
    switch (name) {
      case '+':
        return make.sum(args);
      case '*':
        return make.product(args);
      case '-':
        return make.negative(first);
      case '/':
        return make.inverse(first);
      case '^':
        demand(second.kind === 'number', 'an exponent is no number');
        return make.power(first, second.value);
      case 'sqrt':
        return make.power(first, HALF);
      case 'pi':
        return make.apply(name, []);
    }
    if (!FUNCTIONS.has(name)) throw new Unfinished(`'${name}' is no function that the checker knows`);
    return make.apply(name, args);
  }

  private family(family: Family): Written {
    const known = this.known.get(family);
    if (known) return known;
    const before = this.used;
    this.used = new Set();
    const values = this.valuesOf(family);
    const written: Written = { values, args: this.bodies(family, values) };
    if (this.used.size === 0) this.known.set(family, written);
    for (const name of before) this.used.add(name);
    return written;
  }

  private bodies({ index, body }: Family, values: readonly number[]): Expression[] {
    const args = values.map((value) => {
      this.bound.set(index, value);
      return this.of(body);
    });
    this.bound.delete(index);
    this.used.delete(index);
    return args;
  }

  /** The least or largest value of a function of one row: that of the first row, and which rows there are, tell it from others. */
  private overRows(family: Family): Expression {
    const values = this.valuesOf(family);
    const args = this.bodies(family, values.length > MANY ? [values[0], values[values.length - 1]] : values);
    if (values.length <= MANY) return this.make.apply(family.name, args);
    const isWhole = values[values.length - 1] - values[0] === values.length - 1;
    const rows = isWhole ? `${values[0]}..${values[values.length - 1]}` : `${values}`;
    return this.make.family(family.name, rows, values.length, args[0], () => this.bodies(family, values));
  }

  /** The values that an index ranges over: integers that increase, and those of sets. */
  private valuesOf({ name, index, in: ranges, except }: Family): readonly number[] {
    demand(/^[a-z]$/.test(index) && !this.bound.has(index), () => `${brief(index)} is no index there`);
    const left = except && this.integer(except);
    let last = -1;
    const values = ranges.flatMap(([from, to]) => {
      const set = from.kind === 'entry' && to === null ? this.sets.get(from.name) : undefined;
      if (set) return set;
      const values = between(this.integer(from), this.integer(to ?? from), last);
      last = values[values.length - 1];
      return values;
    });
    const found = left === null ? values : values.filter((value) => value !== left);
    demand(found.length > 0, `it takes a ${name} of nothing`);
    return found;
  }

  private integer(term: Term): number {
    const e = this.of(term);
    demand(e.kind === 'number' && isPlace(e.value), () => 'an index is no integer from 0');
    return Number(e.value.n);
  }
}

function isPlace({ n, d }: Fraction): boolean {
  return d === 1n && n >= 0n && n < 1000000000n;
}

/** Whether a term is a function of the entries of one row alone: the index is the first one of all entries, and stands nowhere else. */
export function isOfRow(term: Term, index: string): boolean {
  spend(20);
  if (term.kind === 'entry') {
    const [row, ...others] = term.indices;
    const isRow = row?.kind === 'entry' && row.name === index && row.indices.length === 0 && row.at.length === 0;
    return isRow && term.at.length === 0 && others.every(({ kind }) => kind === 'number');
  }
  return term.kind === 'number' || (term.kind === 'call' && term.args.every((arg) => isOfRow(arg, index)));
}

const MOST_VALUES = 1 << 20;

/** The integers from one to another, which are greater than those before them. */
function between(first: number, last: number, before: number): number[] {
  demand(before < first && first <= last, 'a list of ranges does not increase');
  demandShown(last - first < MOST_VALUES, 'a list of ranges has too many numbers');
  spend(2 * (last - first));
  borrow(8 * (last - first));
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** The integers of `1..3,7`: increasing, at most 2^20 in a range. */
export function ranges(text: unknown): number[] {
  demand(typeof text === 'string', `${brief(text)} is no list of ranges`);
  let last = -1;
  return text.split(',').flatMap((part) => {
    const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(part);
    demand(match !== null, `${brief(text)} is no list of ranges`);
    const values = between(Number(match[1]), Number(match[2] ?? match[1]), last);
    last = values[values.length - 1];
    return values;
  });
}
