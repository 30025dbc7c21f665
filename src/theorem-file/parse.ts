import { InputError, quote } from '../errors.js';
import { parseRational } from '../numbers/parse.js';
import type { Clause, Comparison, Condition, Index, Link, Span, Syntax } from './syntax.js';
import { type Token, tokensOf } from './tokens.js';

/** Deepest nesting of brackets and conditionals. */
const DEEPEST = 60;

const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];
/** Words of the language, which name no tensor or parameter. */
export const RESERVED: readonly string[] = ['for', 'in', 'if', 'else', 'and', 'or', 'not', 'input'];

/** Reads the right-hand side of a named tensor. Throws InputError that quotes what was found instead. */
export function parseTensor(text: string): Syntax {
  return new Parser(text).whole((parser) => parser.tensor());
}

/** Reads a condition such as `T >= 4*n and n > 1`. */
export function parseCondition(text: string): Condition {
  return new Parser(text).whole((parser) => parser.condition());
}

/** Recursive descent; precedence from loosest: conditional, range, + -, * / @, unary minus, ^, indices. */
class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  whole<T>(read: (parser: this) => T): T {
    const result = read(this);
    if (this.next.kind !== 'end') throw this.unexpected('an operator or the end');
    return result;
  }

  tensor(): Syntax {
    const start = this.start;
    if (!this.takeWord('input')) return this.expression();
    this.expect('[');
    const shape = this.separated(']', () => this.expression());
    return { kind: 'input', shape, span: this.since(start) };
  }

  condition(): Condition {
    return this.nested(() => this.joined('or', () => this.joined('and', () => this.negatedCondition())));
  }

  private joined(kind: 'and' | 'or', read: () => Condition): Condition {
    const start = this.start;
    const parts = [read()];
    while (this.takeWord(kind)) parts.push(read());
    return parts.length === 1 ? parts[0] : { kind, parts, span: this.since(start) };
  }

  private negatedCondition(): Condition {
    const start = this.start;
    if (this.takeWord('not')) {
      const of = this.nested(() => this.negatedCondition());
      return { kind: 'not', of, span: this.since(start) };
    }
    return this.bracketedCondition() ?? this.comparison();
  }

  /** `(a = b or c = d)`: a bracket that no operator follows; otherwise it belongs to an expression. */
  private bracketedCondition(): Condition | null {
    if (this.next.text !== '(' || !this.bracketHoldsComparison()) return null;
    this.expect('(');
    const inner = this.condition();
    this.expect(')');
    return inner;
  }

  private bracketHoldsComparison(): boolean {
    let open = 0;
    for (let k = this.position; k < this.tokens.length; k++) {
      const { text } = this.tokens[k];
      if (text === '(' || text === '[') open += 1;
      else if (text === ')' || text === ']') {
        if (--open === 0) return false;
      } else if (open === 1 && (COMPARISONS.includes(text) || ['and', 'or', 'not'].includes(text))) return true;
    }
    return false;
  }

  private comparison(): Condition {
    const start = this.start;
    const first = this.sum();
    const rest: { comparison: Comparison; operand: Syntax }[] = [];
    while (COMPARISONS.includes(this.next.text)) {
      const comparison = this.take().text as Comparison;
      rest.push({ comparison, operand: this.sum() });
    }
    if (rest.length === 0) throw this.unexpected('a comparison: = != < <= > >=');
    return { kind: 'comparison', first, rest, span: this.since(start) };
  }

  private expression(): Syntax {
    return this.nested(() => {
      const start = this.start;
      const then = this.range();
      if (!this.takeWord('if')) return then;
      const test = this.condition();
      if (!this.takeWord('else')) throw this.unexpected("'else'");
      const otherwise = this.expression();
      return { kind: 'conditional', test, then, otherwise, span: this.since(start) };
    });
  }

  private range(): Syntax {
    const start = this.start;
    const from = this.sum();
    if (!this.takeSymbol('..')) return from;
    return { kind: 'range', from, to: this.sum(), span: this.since(start) };
  }

  private sum(): Syntax {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): Syntax {
    return this.chain(['*', '/', '@'], () => this.unary());
  }

  private chain(operators: readonly string[], read: () => Syntax): Syntax {
    const start = this.start;
    const first = read();
    const rest: Link[] = [];
    while (operators.includes(this.next.text)) {
      const operator = this.take().text as Link['operator'];
      rest.push({ operator, operand: read() });
    }
    return rest.length === 0 ? first : { kind: 'chain', first, rest, span: this.since(start) };
  }

  private unary(): Syntax {
    const start = this.start;
    if (this.takeSymbol('+')) return this.nested(() => this.unary());
    if (!this.takeSymbol('-')) return this.power();
    const of = this.nested(() => this.unary());
    return { kind: 'negation', of, span: this.since(start) };
  }

  private power(): Syntax {
    const start = this.start;
    const base = this.indexed();
    if (!this.takeSymbol('^')) return base;
    const exponent = this.nested(() => this.unary());
    return { kind: 'power', base, exponent, span: this.since(start) };
  }

  private indexed(): Syntax {
    const start = this.start;
    let of = this.atom();
    for (;;) {
      if (this.takeSymbol('[')) {
        const indices = this.separated(']', () => this.index());
        if (indices.length === 0) throw this.unexpected('an index');
        of = { kind: 'index', of, indices, span: this.since(start) };
      } else if (this.takeSymbol('.')) {
        if (!this.takeWord('T')) throw this.unexpected('T, the transpose');
        of = { kind: 'call', name: 'transpose', args: [of], named: new Map(), span: this.since(start) };
      } else return of;
    }
  }

  private index(): Index {
    const ends = () => [',', ']'].includes(this.next.text);
    if (this.takeSymbol('..')) return { kind: 'part', from: null, to: ends() ? null : this.sum() };
    const of = this.nested(() => this.sum());
    if (!this.takeSymbol('..')) return { kind: 'at', of };
    return { kind: 'part', from: of, to: ends() ? null : this.sum() };
  }

  private atom(): Syntax {
    const start = this.start;
    const token = this.next;
    if (token.kind === 'number') {
      this.take();
      return { kind: 'number', value: parseRational(token.text), span: token.span };
    }
    if (token.kind === 'name' && !RESERVED.includes(token.text)) {
      this.take();
      if (!this.takeSymbol('(')) return { kind: 'name', name: token.text, span: token.span };
      const { args, named } = this.call();
      return { kind: 'call', name: token.text, args, named, span: this.since(start) };
    }
    if (this.takeSymbol('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.takeSymbol('[')) return this.list(start);
    throw this.unexpected('a number, a name, a bracket or a list');
  }

  private call(): { args: readonly Syntax[]; named: ReadonlyMap<string, Syntax> } {
    const named = new Map<string, Syntax>();
    const args = this.separated(')', () => {
      const [name, equals] = [this.next, this.tokens[this.position + 1]];
      if (name.kind === 'name' && equals?.text === '=') {
        this.position += 2;
        if (named.has(name.text)) throw new InputError({ found: `the argument ${quote(name.text)} twice` });
        named.set(name.text, this.expression());
        return null;
      }
      const start = this.start;
      return this.comprehended(this.expression(), start);
    });
    return { args: args.filter((arg) => arg !== null), named };
  }

  private list(start: number): Syntax {
    if (this.takeSymbol(']')) return { kind: 'list', items: [], span: this.since(start) };
    const first = this.expression();
    const comprehension = this.comprehended(first, start);
    if (comprehension !== first || first.kind === 'range') {
      this.expect(']');
      return comprehension;
    }
    const items: Syntax[] = [first];
    if (!this.takeSymbol(']')) {
      this.expect(',');
      items.push(...this.separated(']', () => this.expression()));
    }
    return { kind: 'list', items, span: this.since(start) };
  }

  private comprehended(body: Syntax, start: number): Syntax {
    const clauses: Clause[] = [];
    while (this.takeWord('for')) {
      const name = this.take();
      if (name.kind !== 'name' || RESERVED.includes(name.text)) throw this.unexpected('a name after for');
      if (!this.takeWord('in')) throw this.unexpected("'in'");
      const source = this.range();
      const tests: Condition[] = [];
      while (this.takeWord('if')) tests.push(this.condition());
      clauses.push({ name: name.text, in: source, tests });
    }
    return clauses.length === 0 ? body : { kind: 'comprehension', body, clauses, span: this.since(start) };
  }

  private separated<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    if (this.takeSymbol(close)) return items;
    do items.push(read());
    while (this.takeSymbol(','));
    this.expect(close);
    return items;
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > DEEPEST)
      throw new InputError({ found: `${quote(this.text)} nests deeper`, allowed: `${DEEPEST} levels` });
    const result = read();
    this.depth -= 1;
    return result;
  }

  private get next(): Token {
    return this.tokens[this.position];
  }

  private get start(): number {
    return this.next.span[0];
  }

  private take(): Token {
    return this.tokens[this.next.kind === 'end' ? this.position : this.position++];
  }

  private takeSymbol(text: string): boolean {
    return this.next.kind === 'symbol' && this.next.text === text && this.take() !== undefined;
  }

  private takeWord(text: string): boolean {
    return this.next.kind === 'name' && this.next.text === text && this.take() !== undefined;
  }

  private expect(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  private since(start: number): Span {
    return [start, this.position === 0 ? start : this.tokens[this.position - 1].span[1]];
  }

  private unexpected(allowed: string): InputError {
    const { kind, text, span } = this.next;
    const before = this.text.slice(Math.max(0, span[0] - 40), span[0]).trim();
    const found = kind === 'end' ? `the end after ${quote(before)}` : `${quote(text)} after ${quote(before)}`;
    return new InputError({ found: span[0] === 0 && kind === 'end' ? 'an empty expression' : found, allowed });
  }
}
