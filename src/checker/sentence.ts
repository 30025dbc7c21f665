import { borrow, spend } from './budget.js';
import { decimal } from './expression.js';
import { brief, demand, demandShown, Unfinished } from './failure.js';
import type { Fraction } from './fraction.js';

/** A term of a sentence. An entry's name is that of a variable, an output, or an index of a reduction. */
export type Term =
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'entry'; readonly name: string; readonly at: readonly string[]; readonly indices: readonly Term[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Term[] }
  | {
      readonly kind: 'over';
      readonly name: string;
      readonly index: string;
      readonly in: readonly Range[];
      readonly body: Term;
    }
  | { readonly kind: 'softmax'; readonly args: readonly Term[]; readonly index: Term };

/** The integers from one term to another, or one number alone. */
export type Range = readonly [from: Term, to: Term | null];

/** What an entry ranges over; every real number where it is null. */
export type SetOf =
  | { readonly kind: 'interval'; readonly lo: Term; readonly hi: Term }
  | { readonly kind: 'finite'; readonly of: readonly Range[] }
  | { readonly kind: 'power'; readonly base: SetOf; readonly shape: readonly Term[] }
  | { readonly kind: 'product'; readonly factors: readonly SetOf[] }
  | { readonly kind: 'reals' };

export interface Relation {
  readonly sides: readonly Term[];
  readonly comparisons: readonly string[];
}

/** `for all x in [0, 1]^2 with x[1] <= x[2]: |y - x[1]| <= 1/10 and y >= 0`. */
export interface Sentence {
  readonly variables: readonly { readonly name: string; readonly set: SetOf }[];
  readonly conditions: readonly Relation[];
  readonly relations: readonly Relation[];
}

const LONGEST_TEXT = 1 << 20;
const DEEPEST = 100;
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)|([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*'*)|(<=|>=|\.\.|[-+*/^()[\]{}|,:<>=])|$)/uy;
const COMPARISONS: readonly string[] = ['<=', '>=', '<', '>', '='];
const WORDS: ReadonlySet<string> = new Set(['for', 'all', 'in', 'with', 'and']);
const REDUCTIONS: ReadonlySet<string> = new Set(['min_', 'max_', 'sum_']);

/** Functions of sentences with their fewest and most arguments. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ...Object.fromEntries(
    ['exp', 'log', 'sin', 'cos', 'tanh', 'erf', 'sqrt', 'abs', 'relu'].map((name) => [name, [1, 1]]),
  ),
  ...Object.fromEntries(['min', 'max'].map((name) => [name, [1, 1 << 20]])),
};

/** Reads a sentence as it is printed. Throws Unfinished for what it cannot read, which proves nothing. */
export function readSentence(text: unknown): Sentence {
  demand(typeof text === 'string' && text.length <= LONGEST_TEXT, () => `${brief(text)} is no sentence`);
  return new Reader(text).whole();
}

class Reader {
  private readonly tokens: string[] = [];
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {
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

  whole(): Sentence {
    const variables: { name: string; set: SetOf }[] = [];
    let conditions: readonly Relation[] = [];
    if (this.accept('for')) {
      this.expect('all');
      do variables.push(...this.group());
      while (this.accept(','));
      if (this.accept('with')) conditions = this.conjunction();
      this.expect(':');
      const names = variables.map(({ name }) => name);
      demand(new Set(names).size === names.length, () => `${brief(this.text)} has two variables of one name`);
    }
    const relations = this.conjunction();
    if (this.position < this.tokens.length) throw this.fault();
    return { variables, conditions, relations };
  }

  private group(): { name: string; set: SetOf }[] {
    const names: string[] = [];
    do names.push(this.name());
    while (this.accept(','));
    this.expect('in');
    const set = this.set();
    return names.map((name) => ({ name, set }));
  }

  private set(): SetOf {
    const factors = [this.factorOfSet()];
    while (this.accept('x')) factors.push(this.factorOfSet());
    return factors.length === 1 ? factors[0] : { kind: 'product', factors };
  }

  private factorOfSet(): SetOf {
    let set = this.nested(() => this.plainSet());
    while (this.accept('^')) {
      if (!this.accept('(')) {
        set = { kind: 'power', base: set, shape: [this.atom()] };
        continue;
      }
      const shape = [this.sum()];
      while (this.accept('x')) shape.push(this.sum());
      this.expect(')');
      set = { kind: 'power', base: set, shape };
    }
    return set;
  }

  private plainSet(): SetOf {
    if (this.accept('R')) return { kind: 'reals' };
    if (this.accept('{')) {
      const of = this.ranges();
      this.expect('}');
      return { kind: 'finite', of };
    }
    if (this.accept('(')) {
      const set = this.set();
      this.expect(')');
      return set;
    }
    this.expect('[');
    const lo = this.sum();
    this.expect(',');
    const hi = this.sum();
    this.expect(']');
    return { kind: 'interval', lo, hi };
  }

  private conjunction(): Relation[] {
    const relations: Relation[] = [];
    do relations.push(this.relation());
    while (this.accept('and'));
    return relations;
  }

  private relation(): Relation {
    const sides = [this.sum()];
    const comparisons: string[] = [];
    while (COMPARISONS.includes(this.tokens[this.position])) {
      comparisons.push(this.tokens[this.position++]);
      sides.push(this.sum());
    }
    if (comparisons.length === 0) throw this.fault();
    return { sides, comparisons };
  }

  private sum(): Term {
    return this.nested(() => {
      const terms = [this.accept('-') ? call('-', this.product()) : this.product()];
      for (;;) {
        if (this.accept('+')) terms.push(this.product());
        else if (this.accept('-')) terms.push(call('-', this.product()));
        else return terms.length === 1 ? terms[0] : call('+', ...terms);
      }
    });
  }

  private product(): Term {
    const factors = [this.signed()];
    for (;;) {
      if (this.accept('*')) factors.push(this.signed());
      else if (this.accept('/')) factors.push(call('/', this.signed()));
      else return factors.length === 1 ? factors[0] : call('*', ...factors);
    }
  }

  private signed(): Term {
    return this.accept('-') ? this.nested(() => call('-', this.signed())) : this.power();
  }

  private power(): Term {
    const base = this.atom();
    return this.accept('^') ? this.nested(() => call('^', base, this.signed())) : base;
  }

  private atom(): Term {
    spend(80);
    const token = this.tokens[this.position] ?? '';
    if (/^\d/.test(token)) {
      this.position += 1;
      return { kind: 'number', value: decimal(token) };
    }
    if (this.accept('(')) return this.before(')', this.sum());
    if (this.accept('|')) return this.before('|', call('abs', this.sum()));
    const name = this.name();
    if (REDUCTIONS.has(name) && this.accept('{')) return this.over(name.slice(0, 3));
    if (name === 'softmax') {
      const args = this.arguments();
      this.expect('[');
      return this.before(']', { kind: 'softmax', args, index: this.sum() });
    }
    if (name === 'pi') return call('pi');
    if (Object.hasOwn(FUNCTIONS, name)) {
      const args = this.arguments();
      const [least, most] = FUNCTIONS[name];
      demandShown(least <= args.length && args.length <= most, `${name} with ${args.length} arguments`);
      return call(name, ...args);
    }
    const at = this.accept('(')
      ? this.before(
          ')',
          this.list(() => this.name()),
        )
      : [];
    return {
      kind: 'entry',
      name,
      at,
      indices: this.accept('[')
        ? this.before(
            ']',
            this.list(() => this.sum()),
          )
        : [],
    };
  }

  private over(name: string): Term {
    const index = this.name();
    this.expect('in');
    const range = this.ranges();
    this.expect('}');
    this.expect('(');
    return this.before(')', { kind: 'over', name, index, in: range, body: this.sum() });
  }

  private ranges(): Range[] {
    return this.list(() => [this.sum(), this.accept('..') ? this.sum() : null] as const);
  }

  private arguments(): Term[] {
    this.expect('(');
    return this.before(
      ')',
      this.list(() => this.sum()),
    );
  }

  private list<T>(read: () => T): T[] {
    const parts = [read()];
    while (this.accept(',')) parts.push(read());
    return parts;
  }

  private name(): string {
    const token = this.tokens[this.position++] ?? '';
    if (!/^[\p{L}_]/u.test(token) || WORDS.has(token)) throw this.fault();
    return token;
  }

  private nested<T>(read: () => T): T {
    demand(++this.depth <= DEEPEST, () => `${brief(this.text)} nests too deep`);
    const found = read();
    this.depth -= 1;
    return found;
  }

  private before<T>(token: string, read: T): T {
    this.expect(token);
    return read;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw this.fault();
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  /** What this parser cannot read may be a sentence of the prover's language all the same: it proves nothing. */
  private fault(): Unfinished {
    const found = this.tokens[this.position] ?? 'its end';
    return new Unfinished(`${brief(this.text)} cannot be read, by ${brief(found)}`);
  }
}

function call(name: string, ...args: readonly Term[]): Term {
  return { kind: 'call', name, args };
}
