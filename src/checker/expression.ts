import { borrow, hold, spend } from './budget.js';
import { brief, demand, Rejected, Unfinished } from './failure.js';
import { Fraction } from './fraction.js';

/** An expression in the network's inputs. Equal trees are one object, so that equality is identity. */
export type Expression =
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sum'; readonly args: readonly Expression[] }
  | { readonly kind: 'product'; readonly args: readonly Expression[] }
  | { readonly kind: 'power'; readonly args: readonly [Expression]; readonly exponent: Fraction }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] };

/** Names of functions with their fewest and most arguments. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  exp: [1, 1],
  log: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  tanh: [1, 1],
  abs: [1, 1],
  min: [1, 1 << 20],
  max: [1, 1 << 20],
  pi: [0, 0],
};

const LONGEST_TEXT = 1 << 20;
const DEEPEST = 100;
const LARGEST_EXPONENT = 64n;
/** Bytes of an expression, with its places among the known ones. */
const PART = 300;

/** What a name stands for, possibly with indices from 1: `x`, `x[3, 2]`; undefined for an unknown one. */
export type Names = (name: string, indices: readonly number[]) => Expression | undefined;

/** What a name of a set of indices stands for. */
export type Sets = ReadonlyMap<string, readonly number[]>;

/** Builds expressions; those with equal trees are the same object. */
export class Expressions {
  private readonly known = new Map<string, Expression>();
  private readonly ids = new Map<Expression, number>();

  number(value: Fraction): Expression {
    return this.intern(`${value}`, { kind: 'number', value });
  }

  variable(name: string): Expression {
    return this.intern(`$${name}`, { kind: 'variable', name });
  }

  sum(args: readonly Expression[]): Expression {
    const values = valuesOf(args);
    if (values) return this.number(values.reduce((a, b) => a.add(b)));
    return args.length === 1 ? args[0] : this.intern(`+${args.map((arg) => this.id(arg))}`, { kind: 'sum', args });
  }

  product(args: readonly Expression[]): Expression {
    const values = valuesOf(args);
    if (values) return this.number(values.reduce((a, b) => a.mul(b)));
    return args.length === 1 ? args[0] : this.intern(`*${args.map((arg) => this.id(arg))}`, { kind: 'product', args });
  }

  power(base: Expression, exponent: Fraction): Expression {
    return this.intern(`${this.id(base)}^${exponent}`, { kind: 'power', args: [base], exponent });
  }

  apply(name: string, args: readonly Expression[]): Expression {
    return this.intern(`${name}(${args.map((arg) => this.id(arg))})`, { kind: 'function', name, args });
  }

  /**
   * Reads a text: + - * / ^ ( ), the functions above, sqrt, names, `min_{t in 1..3, 7}(...)`; `bound` are indices. With
   * `sets`, also `min_{t in I, J}(...)`, `|I|` and `softmax_{s in I}(...)[t]`.
   */
  parse(text: unknown, names: Names, bound: readonly (readonly [string, number])[] = [], sets?: Sets): Expression {
    demand(typeof text === 'string' && text.length <= LONGEST_TEXT, () => `${brief(text)} is no expression`);
    return new Parser(text, this, names, new Map(bound), sets).whole();
  }

  private id(e: Expression): number {
    return this.ids.get(e)!;
  }

  private intern(key: string, e: Expression): Expression {
    spend(60 + key.length / 4);
    const found = this.known.get(key);
    if (found) return found;
    hold(PART + key.length + ('args' in e ? 8 * e.args.length : 0));
    this.known.set(key, e);
    this.ids.set(e, this.known.size);
    return e;
  }
}

/** The values of numbers; null when there is something else among them. */
function valuesOf(args: readonly Expression[]): Fraction[] | null {
  const values = args.flatMap((arg) => (arg.kind === 'number' ? [arg.value] : []));
  return values.length === args.length ? values : null;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)|([A-Za-z][A-Za-z0-9]*)|(\.\.|_\{|[-+*/^()[\]{},|])|$)/y;

class Parser {
  private readonly tokens: string[] = [];
  private position = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly make: Expressions,
    private readonly names: Names,
    private readonly bound: Map<string, number>,
    private readonly sets?: Sets,
  ) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      const token = match[1] ?? match[2] ?? match[3];
      if (token === undefined) return;
      spend(20);
      borrow(50 * this.tokens.length);
      this.tokens.push(token);
    }
    throw this.fault();
  }

  whole(): Expression {
    const result = this.sum();
    if (this.position < this.tokens.length) throw this.fault();
    return result;
  }

  private sum(): Expression {
    demand(++this.depth <= DEEPEST, () => `${brief(this.text)} nests too deep`);
    const terms = [this.product()];
    for (;;) {
      if (this.accept('+')) terms.push(this.product());
      else if (this.accept('-')) terms.push(this.negative(this.product()));
      else break;
    }
    this.depth -= 1;
    return this.make.sum(terms);
  }

  private product(): Expression {
    if (this.accept('-')) return this.negative(this.product());
    const factors = [this.factor()];
    for (;;) {
      if (this.accept('*')) factors.push(this.factor());
      else if (this.accept('/')) factors.push(this.inverse(this.factor()));
      else return this.make.product(factors);
    }
  }

  private factor(): Expression {
    const base = this.atom();
    if (!this.accept('^')) return base;
    const sign = this.accept('-') ? Fraction.of(-1) : Fraction.one;
    const exponent = this.atom();
    demand(exponent.kind === 'number', `an exponent in ${brief(this.text)} is no number`);
    return this.raise(base, exponent.value.mul(sign));
  }

  private atom(): Expression {
    spend(80);
    const token = this.tokens[this.position++];
    if (token === undefined) throw this.fault();
    if (/^\d/.test(token)) return this.make.number(decimal(token));
    if (token === '(') return this.closed(this.sum());
    if (token === '|' && this.sets) return this.sizeOfSet();
    if (!/^[A-Za-z]/.test(token)) throw this.fault();
    if (REDUCTIONS.has(token) && this.accept('_{')) return this.reduction(token);
    if (token === 'softmax' && this.sets && this.accept('_{')) return this.share();
    if (token === 'sqrt' || Object.hasOwn(FUNCTIONS, token)) return this.application(token);
    const bound = this.bound.get(token);
    if (bound !== undefined) return this.make.number(Fraction.of(bound));
    const found = this.names(token, this.accept('[') ? this.indices() : []);
    if (found === undefined && this.accept('('))
      throw new Unfinished(`'${token}' in ${brief(this.text)} is no function that the checker knows`);
    demand(found !== undefined, () => `'${token}' in ${brief(this.text)} is not known there`);
    return found;
  }

  private application(name: string): Expression {
    if (name === 'pi') return this.make.apply(name, []);
    if (!this.accept('(')) throw this.fault();
    const args = [this.sum()];
    while (this.accept(',')) args.push(this.sum());
    this.closed(args[0]);
    if (name === 'sqrt' && args.length === 1) return this.raise(args[0], Fraction.of(1, 2n));
    const [least, most] = FUNCTIONS[name] ?? [0, -1];
    demand(least <= args.length && args.length <= most, `${name} with ${args.length} arguments`);
    return this.make.apply(name, args);
  }

  private reduction(name: string): Expression {
    const { args } = this.over(name);
    return name === 'sum' ? this.make.sum(args) : this.make.apply(name, args);
  }

  /** `softmax_{s in RANGES}(body)[t]`, as a function of the row of all logits and the place of t among the values of s. */
  private share(): Expression {
    const { values, args, row } = this.over('softmax');
    if (!this.accept('[')) throw this.fault();
    const place = values.indexOf(this.index(this.tokens[this.position++] ?? ''));
    if (place < 0 || !this.accept(']')) throw this.fault();
    row.whole ??= this.make.apply('row', args);
    return this.make.apply('softmax', [row.whole, this.make.number(Fraction.of(place))]);
  }

  private sizeOfSet(): Expression {
    const set = this.sets!.get(this.tokens[this.position++] ?? '');
    if (set === undefined || !this.accept('|')) throw this.fault();
    return this.make.number(Fraction.of(set.length));
  }

  /** The bodies of reductions that contain no index from outside, by where they start: read once. */
  private readonly known = new Map<number, Family & { readonly end: number }>();

  /** `{t in RANGES}(body)`, `{s in RANGES except t}(body)`: the body is read once for each value. */
  private over(name: string): Family {
    const first = this.position;
    const known = this.known.get(first);
    if (known) {
      this.position = known.end;
      return known;
    }
    const index = this.tokens[this.position++] ?? '';
    if (!/^[a-z]$/.test(index) || this.bound.has(index) || !this.accept('in')) throw this.fault();
    const start = this.position;
    while (this.tokens[this.position] !== '}') if (++this.position >= this.tokens.length) throw this.fault();
    const stated = this.tokens.slice(start, this.position);
    if (stated.some((token, k) => k > 0 && isWord(token) && isWord(stated[k - 1]))) throw this.fault();
    const [listed, left, ...more] = stated.join('').split('except');
    const values = this.valuesOf(listed).filter((value) => value !== (left === undefined ? -1 : this.index(left)));
    demand(values.length > 0 && more.length === 0, `${brief(this.text)} takes a ${name} of nothing`);
    this.position += 1;
    if (!this.accept('(')) throw this.fault();
    const body = this.position;
    const args = values.map((value) => {
      this.bound.set(index, value);
      this.position = body;
      return this.sum();
    });
    this.bound.delete(index);
    if (!this.accept(')')) throw this.fault();
    const family: Family = { values, args, row: {} };
    const isFree = !this.tokens.slice(first, this.position).some((token) => this.bound.has(token));
    if (isFree) this.known.set(first, { ...family, end: this.position });
    return family;
  }

  private valuesOf(listed: string): readonly number[] {
    const parts = listed.split(',');
    if (!parts.some((part) => this.sets?.has(part))) return ranges(listed);
    spend(10 * parts.length);
    return parts.flatMap((part) => this.sets!.get(part) ?? ranges(part));
  }

  private indices(): number[] {
    const indices: number[] = [];
    do {
      indices.push(this.index(this.tokens[this.position++] ?? ''));
    } while (this.accept(','));
    if (!this.accept(']')) throw this.fault();
    return indices;
  }

  private index(token: string): number {
    const value = this.bound.get(token) ?? (/^\d{1,9}$/.test(token) ? Number(token) : undefined);
    if (value === undefined) throw this.fault();
    return value;
  }

  private closed(e: Expression): Expression {
    if (!this.accept(')')) throw this.fault();
    return e;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  private negative(e: Expression): Expression {
    if (e.kind === 'number') return this.make.number(e.value.neg());
    return this.make.product([this.make.number(Fraction.of(-1)), e]);
  }

  private inverse(e: Expression): Expression {
    return e.kind === 'number' ? this.make.number(Fraction.one.div(e.value)) : this.raise(e, Fraction.of(-1));
  }

  private raise(base: Expression, exponent: Fraction): Expression {
    const limit = Fraction.of(LARGEST_EXPONENT);
    demand(
      exponent.abs().le(limit) && exponent.d <= LARGEST_EXPONENT,
      `an exponent in ${brief(this.text)} is too large`,
    );
    return this.make.power(base, exponent);
  }

  private fault(): Rejected {
    return new Rejected(`${brief(this.text)} is no expression`);
  }
}

const REDUCTIONS: ReadonlySet<string> = new Set(['min', 'max', 'sum']);

/** The body of a reduction for each value of its index. */
interface Family {
  readonly values: readonly number[];
  readonly args: readonly Expression[];
  readonly row: { whole?: Expression };
}

/** Whether a token is a number or an index, two of which may not stand side by side. */
function isWord(token: string): boolean {
  return token !== 'except' && /^\w/.test(token);
}

export function decimal(token: string): Fraction {
  const [, whole, part = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token)!;
  demand(token.length <= 2000, 'a number in an expression is too long');
  const shift = BigInt(exponent) - BigInt(part.length);
  const digits = BigInt(whole + part);
  return shift < 0n ? Fraction.of(digits, 10n ** -shift) : Fraction.of(digits * 10n ** shift);
}

const MOST_VALUES = 1 << 20;

/** The integers of `1..3,7`: increasing, at most 2^20 of them. */
export function ranges(text: unknown): number[] {
  demand(typeof text === 'string', `${brief(text)} is no list of ranges`);
  const values: number[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(part);
    demand(match !== null, `${brief(text)} is no list of ranges`);
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    demand(first <= last && first > (values.at(-1) ?? -1), `${brief(text)} does not increase`);
    demand(last - first + values.length < MOST_VALUES, `${brief(text)} has too many numbers`);
    spend(2 * (last - first));
    borrow(8 * (last - first));
    for (let k = first; k <= last; k++) values.push(k);
  }
  return values;
}
