import { spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import { Fraction } from './fraction.js';
import { Tokens } from './tokens.js';

/** A term as it is written. An entry's name is that of a variable, an output, a number, or an index of a reduction. */
export type Term =
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'entry'; readonly name: string; readonly at: readonly string[]; readonly indices: readonly Term[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Term[] }
  | Family
  | { readonly kind: 'softmax'; readonly args: readonly Term[]; readonly index: Term };

/** A term for each value of an index; of a softmax in a term `softmax` alone. */
export interface Family {
  readonly kind: 'over';
  readonly name: string;
  readonly index: string;
  readonly in: readonly Range[];
  /** A value that the index does not take. */
  readonly except: Term | null;
  readonly body: Term;
}

/** The integers from one term to another, or one number alone. */
export type Range = readonly [from: Term, to: Term | null];

const WORDS: ReadonlySet<string> = new Set(['for', 'all', 'in', 'with', 'and', 'except']);
const FAMILIES: ReadonlySet<string> = new Set(['min_', 'max_', 'sum_', 'softmax_']);

const FUNCTIONS: ReadonlySet<string> = new Set('exp log sin cos tanh erf sqrt abs relu min max'.split(' '));

/** Reads sums, products and powers of what `atom` reads, by recursive descent; `call` says what becomes of them. */
export abstract class Arithmetic<T> extends Tokens {
  protected abstract atom(): T;
  protected abstract call(name: string, ...args: readonly T[]): T;

  /** + and - between products. */
  sum(): T {
    return this.nested(() => {
      const terms = [this.accept('-') ? this.call('-', this.product()) : this.product()];
      for (;;) {
        if (this.accept('+')) terms.push(this.product());
        else if (this.accept('-')) terms.push(this.call('-', this.product()));
        else return terms.length === 1 ? terms[0] : this.call('+', ...terms);
      }
    });
  }

  private product(): T {
    const factors = [this.signed()];
    for (;;) {
      if (this.accept('*')) factors.push(this.signed());
      else if (this.accept('/')) factors.push(this.call('/', this.signed()));
      else return factors.length === 1 ? factors[0] : this.call('*', ...factors);
    }
  }

  private signed(): T {
    return this.accept('-') ? this.nested(() => this.call('-', this.signed())) : this.power();
  }

  private power(): T {
    const base = this.atom();
    return this.accept('^') ? this.nested(() => this.call('^', base, this.signed())) : base;
  }
}

/** Reads terms. */
export class TermReader extends Arithmetic<Term> {
  protected call(name: string, ...args: readonly Term[]): Term {
    return { kind: 'call', name, args };
  }

  protected atom(): Term {
    spend(80);
    const token = this.next;
    if (/^\d/.test(token)) {
      this.position += 1;
      return { kind: 'number', value: decimal(token) };
    }
    if (this.accept('(')) return this.before(')', this.sum());
    if (this.accept('|')) return this.before('|', this.call('abs', this.sum()));
    const name = this.name();
    if (FAMILIES.has(name) && this.accept('{')) {
      const family = this.family(name.slice(0, -1));
      return family.name === 'softmax' ? this.share([family]) : family;
    }
    if (name === 'softmax') return this.share(this.arguments());
    if (name === 'pi') return this.call('pi');
    if (FUNCTIONS.has(name)) {
      const args = this.arguments();
      demandShown(args.length === 1 || name === 'min' || name === 'max', `${name} with ${args.length} arguments`);
      return this.call(name, ...args);
    }
    const at = this.accept('(') ? this.list(() => this.name(), ')') : [];
    const indices = this.accept('[') ? this.list(() => this.sum(), ']') : [];
    return { kind: 'entry', name, at, indices };
  }

  private share(args: readonly Term[]): Term {
    this.expect('[');
    return this.before(']', { kind: 'softmax', args, index: this.sum() });
  }

  private family(name: string): Family {
    const index = this.newName();
    this.expect('in');
    const range = this.ranges();
    const except = this.accept('except') ? this.sum() : null;
    this.expect('}');
    this.expect('(');
    return this.before(')', { kind: 'over', name, index, in: range, except, body: this.sum() });
  }

  protected ranges(): Range[] {
    return this.list(() => [this.sum(), this.accept('..') ? this.sum() : null] as const);
  }

  private arguments(): Term[] {
    this.expect('(');
    return this.list(() => this.sum(), ')');
  }

  protected name(): string {
    const token = this.tokens[this.position++] ?? '';
    if (!/^[A-Za-z_]/.test(token) || WORDS.has(token)) throw this.unread();
    return token;
  }

  /** The name of a variable or an index, which means nothing else: `pi` in a term is the number. */
  protected newName(): string {
    if (this.next === 'pi') throw this.unread();
    return this.name();
  }
}

function decimal(token: string): Fraction {
  const [, whole, part = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token)!;
  demand(token.length <= 2000, 'a number in an expression is too long');
  const shift = BigInt(exponent) - BigInt(part.length);
  const digits = BigInt(whole + part);
  return shift < 0n ? Fraction.of(digits, 10n ** -shift) : Fraction.of(digits * 10n ** shift);
}
