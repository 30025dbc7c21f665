import { type Expression, Maker } from './expression.js';
import { Rejected } from './failure.js';
import { type Term, TermReader } from './term.js';
import { type Names, type Sets, Writer } from './term-expressions.js';

/** Texts that are kept as they were read. */
const SHORT = 1000;
const MOST_TERMS = 256;

/** Expressions from texts. */
export class Expressions extends Maker {
  private readonly terms = new Map<unknown, Term>();
  /** The names of entries of inputs, rows of which are alike. */
  rows: Names | null = null;

  /** Reads a text; `bound` are indices, `sets` those of a lemma (`Writer`). */
  parse(text: unknown, names: Names, bound: readonly (readonly [string, number])[] = [], sets?: Sets): Expression {
    return new Writer(this, names, bound, sets, names === this.rows).of(this.termOf(text));
  }

  /** A short text is read once, however many tokens it is written out for. */
  termOf(text: unknown): Term {
    const known = this.terms.get(text);
    if (known) return known;
    const term = new TermReader(text, (whole) => new Rejected(`${whole} is no expression`)).whole((one) => one.sum());
    if (String(text).length <= SHORT && this.terms.size < MOST_TERMS) this.terms.set(text, term);
    return term;
  }
}
