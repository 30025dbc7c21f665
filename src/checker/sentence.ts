import { brief, demand, Unfinished } from './failure.js';
import { type Range, type Term, TermReader } from './term.js';

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

const COMPARISONS: readonly string[] = ['<=', '>=', '<', '>', '='];

/** Reads a sentence as it is printed. Throws Unfinished for what it cannot read, which proves nothing. */
export function readSentence(text: unknown): Sentence {
  return new Reader(text, unreadable).whole((reader) => reader.sentence());
}

/** What this parser cannot read may be a sentence of the prover's language all the same: it proves nothing. */
function unreadable(text: string, found: string): Unfinished {
  return new Unfinished(`${text} cannot be read, by ${found}`);
}

class Reader extends TermReader {
  sentence(): Sentence {
    if (!this.accept('for')) return { variables: [], conditions: [], relations: this.conjunction() };
    this.expect('all');
    const variables = this.list(() => this.group()).flat();
    const conditions = this.accept('with') ? this.conjunction() : [];
    this.expect(':');
    const names = new Set(variables.map(({ name }) => name));
    demand(names.size === variables.length, () => `${brief(this.text)} has two variables of one name`);
    return { variables, conditions, relations: this.conjunction() };
  }

  private group(): { name: string; set: SetOf }[] {
    const names = this.list(() => this.newName(), 'in');
    const set = this.set();
    return names.map((name) => ({ name, set }));
  }

  private set(): SetOf {
    const factors = this.list(() => this.factorOfSet(), undefined, 'x');
    return factors.length === 1 ? factors[0] : { kind: 'product', factors };
  }

  private factorOfSet(): SetOf {
    let set = this.nested(() => this.plainSet());
    while (this.accept('^')) {
      const shape = this.accept('(') ? this.list(() => this.sum(), ')', 'x') : [this.atom()];
      set = { kind: 'power', base: set, shape };
    }
    return set;
  }

  private plainSet(): SetOf {
    if (this.accept('R')) return { kind: 'reals' };
    if (this.accept('{')) return this.before('}', { kind: 'finite', of: this.ranges() });
    if (this.accept('(')) return this.before(')', this.set());
    this.expect('[');
    const lo = this.before(',', this.sum());
    return this.before(']', { kind: 'interval', lo, hi: this.sum() });
  }

  private conjunction(): Relation[] {
    return this.list(() => this.relation(), undefined, 'and');
  }

  private relation(): Relation {
    const sides = [this.sum()];
    const comparisons: string[] = [];
    while (COMPARISONS.includes(this.tokens[this.position])) {
      comparisons.push(this.tokens[this.position++]);
      sides.push(this.sum());
    }
    if (comparisons.length === 0) throw this.unread();
    return { sides, comparisons };
  }
}
