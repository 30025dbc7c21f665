import { parseRational } from '../../numbers/parse.js';
import type { Rational } from '../../numbers/rational.js';

/** A term of a lemma of the book. */
export type Term =
  | { readonly kind: 'number'; readonly value: Rational }
  /** A number or an abbreviation; or, with an index, the value of a function there. */
  | { readonly kind: 'name'; readonly name: string; readonly index: string | null }
  /** The number of elements of a set. */
  | { readonly kind: 'size'; readonly set: string }
  | { readonly kind: 'sum'; readonly terms: readonly { readonly negative: boolean; readonly term: Term }[] }
  | { readonly kind: 'product'; readonly factors: readonly { readonly inverted: boolean; readonly term: Term }[] }
  | { readonly kind: 'power'; readonly base: Term; readonly exponent: number }
  | { readonly kind: 'call'; readonly fn: Fn; readonly args: readonly Term[] }
  | ({ readonly kind: 'reduction'; readonly op: 'min' | 'max' | 'sum' } & Family)
  /** Entry `at` of the softmax of a family. */
  | ({ readonly kind: 'softmax'; readonly at: string } & Family);

/** The body for every element of the sets, one set after the other. */
export interface Family {
  readonly index: string;
  readonly over: readonly string[];
  readonly body: Term;
}

const FNS = ['exp', 'log', 'tanh', 'abs', 'sqrt', 'min', 'max'] as const;
export type Fn = (typeof FNS)[number];

/** Reads a term. Throws an Error: the book is ours. */
export function readTerm(text: string): Term {
  const reader = new Reader(text);
  const term = reader.sum();
  reader.end();
  return term;
}

class Reader {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(/\d+|[A-Za-z]\w*?(?=_\{)|[A-Za-z]\w*|_\{|\S/g) ?? [];
  }

  sum(): Term {
    const terms = [{ negative: this.accept('-'), term: this.product() }];
    for (;;) {
      const negative = this.accept('-');
      if (!negative && !this.accept('+')) break;
      terms.push({ negative, term: this.product() });
    }
    return terms.length === 1 && !terms[0].negative ? terms[0].term : { kind: 'sum', terms };
  }

  end(): void {
    if (this.position < this.tokens.length) throw this.fault();
  }

  private product(): Term {
    const factors = [{ inverted: false, term: this.power() }];
    for (;;) {
      const inverted = this.accept('/');
      if (!inverted && !this.accept('*')) break;
      factors.push({ inverted, term: this.power() });
    }
    return factors.length === 1 ? factors[0].term : { kind: 'product', factors };
  }

  private power(): Term {
    const base = this.atom();
    return this.accept('^') ? { kind: 'power', base, exponent: Number(this.next()) } : base;
  }

  private atom(): Term {
    const token = this.next();
    if (/^\d/.test(token)) return { kind: 'number', value: parseRational(token) };
    if (token === '(') return this.until(')', this.sum());
    if (token === '|') return this.until('|', { kind: 'size', set: this.next() });
    if (!/^[A-Za-z]/.test(token)) throw this.fault();
    if (this.accept('_{')) return this.reduction(token);
    if ((FNS as readonly string[]).includes(token)) return this.call(token as Fn);
    const index = this.accept('[') ? this.next() : null;
    return index === null
      ? { kind: 'name', name: token, index }
      : this.until(']', { kind: 'name', name: token, index });
  }

  private call(fn: Fn): Term {
    this.expect('(');
    const args = [this.sum()];
    while (this.accept(',')) args.push(this.sum());
    return this.until(')', { kind: 'call', fn, args });
  }

  private reduction(op: string): Term {
    const index = this.next();
    this.expect('in');
    const over = [this.next()];
    while (this.accept(',')) over.push(this.next());
    this.expect('}');
    this.expect('(');
    const body = this.until(')', this.sum());
    if (op === 'min' || op === 'max' || op === 'sum') return { kind: 'reduction', op, index, over, body };
    if (op !== 'softmax') throw this.fault();
    this.expect('[');
    return this.until(']', { kind: 'softmax', index, over, body, at: this.next() });
  }

  private until<T>(token: string, value: T): T {
    this.expect(token);
    return value;
  }

  private next(): string {
    return this.tokens[this.position++] ?? '';
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw this.fault();
  }

  private fault(): Error {
    return new Error(`the book: '${this.text}' is no term: ${this.tokens[this.position] ?? 'its end'}`);
  }
}

/** The terms that a term is made of. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'number':
    case 'size':
    case 'name':
      return [];
    case 'sum':
      return term.terms.map((one) => one.term);
    case 'product':
      return term.factors.map((one) => one.term);
    case 'power':
      return [term.base];
    case 'call':
      return term.args;
    case 'reduction':
    case 'softmax':
      return [term.body];
  }
}

/** Whether an index stands in a term. */
export function mentions(term: Term, index: string): boolean {
  const own = term.kind === 'name' ? term.index : term.kind === 'softmax' ? term.at : null;
  return own === index || partsOf(term).some((part) => mentions(part, index));
}
