import { borrow, spend } from './budget.js';
import type { Expression, Maker } from './expression.js';
import { brief, demand, Unfinished } from './failure.js';
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

  constructor(
    private readonly make: Maker,
    private readonly names: Names,
    bound: readonly (readonly [string, number])[],
    private readonly sets: Sets = NO_SETS,
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
    if (bound !== undefined && at.length === 0) return this.make.number(Fraction.of(bound));
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
    const { index, body, except } = family;
    const known = this.known.get(family);
    if (known) return known;
    demand(/^[a-z]$/.test(index) && !this.bound.has(index), () => `${brief(index)} is no index there`);
    const left = except && this.integer(except);
    const values = this.valuesOf(family).filter((value) => value !== left);
    demand(values.length > 0, `it takes a ${family.name} of nothing`);
    const isFree = !mentions(family, this.bound);
    const args = values.map((value) => {
      this.bound.set(index, value);
      return this.of(body);
    });
    this.bound.delete(index);
    const written: Written = { values, args };
    if (isFree) this.known.set(family, written);
    return written;
  }

  /** The values that an index ranges over: integers that increase, and those of sets. */
  private valuesOf({ in: ranges }: Family): readonly number[] {
    let last = -1;
    return ranges.flatMap(([from, to]) => {
      const set = from.kind === 'entry' && to === null ? this.sets.get(from.name) : undefined;
      if (set) return set;
      const values = between(this.integer(from), this.integer(to ?? from), last);
      last = values[values.length - 1];
      return values;
    });
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

/** Whether an index stands in a term. */
function mentions(term: Term, indices: ReadonlyMap<string, unknown>): boolean {
  spend(20);
  const inside = (part: Term | null) => part !== null && mentions(part, indices);
  switch (term.kind) {
    case 'number':
      return false;
    case 'entry':
      return indices.has(term.name) || term.indices.some(inside);
    case 'call':
      return term.args.some(inside);
    case 'softmax':
      return term.args.some(inside) || inside(term.index);
    case 'over':
      return inside(term.body) || inside(term.except) || term.in.some((ends) => ends.some(inside));
  }
}

const MOST_VALUES = 1 << 20;

/** The integers from one to another, which are greater than those before them. */
function between(first: number, last: number, before: number): number[] {
  demand(before < first && first <= last, 'a list of ranges does not increase');
  demand(last - first < MOST_VALUES, 'a list of ranges has too many numbers');
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
