import { InputError, quote } from '../errors.js';
import { mendAt } from './hints.js';
import { LETTER, Looks } from './lookalikes.js';

const PART = `[${LETTER}][${LETTER}0-9]*`;
/** One name: letters, digits and _, in parts joined by dots; or any text that can be seen in double quotes; then primes. */
const NAME = String.raw`(?:${PART}(?:\.${PART})*|"[^"\p{C}\p{Zl}\p{Zp}]+")'*`;
const NUMBER = String.raw`(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;
const SIGN = String.raw`<=|>=|\u2264|\u2265|==|\.\.|[-+*/^()[\]{}|,:?<>=]`;
const TOKEN = new RegExp(String.raw`\s*(?:(${NAME})|(${NUMBER})|(${SIGN}))`, 'uy');
const SAME: Readonly<Record<string, string>> = { '≤': '<=', '≥': '>=' };

export interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  /** A name without its quotes. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** Where it begins in the text, from 0, and where the text goes on. */
  readonly from: number;
  readonly to: number;
}

/** Reads a statement's text token by token; messages name the column. */
export class Scanner {
  private position = 0;
  private ahead: Token | null = null;
  private readonly looks = new Looks();

  /** A lemma may speak of softmaxes of families, `softmax_{s in I}(z[s])[t]`. */
  constructor(
    readonly text: string,
    readonly isOfLemma = false,
  ) {}

  /** The next token, which stays where it is. */
  peek(): Token {
    this.ahead ??= this.read();
    return this.ahead;
  }

  next(): Token {
    const token = this.peek();
    this.position = token.to;
    this.ahead = null;
    return token;
  }

  /** Whether the next token is this sign or unquoted word; the overload with several says which. */
  sees(...texts: readonly string[]): boolean {
    const { kind, text, isQuoted } = this.peek();
    return kind !== 'number' && kind !== 'end' && !isQuoted && texts.includes(text);
  }

  /** Passes the next token if it is this sign or word. */
  skip(text: string): boolean {
    const found = this.sees(text);
    if (found) this.next();
    return found;
  }

  expect(text: string, allowed = `'${text}'`): void {
    if (!this.skip(text)) throw this.unexpected(allowed);
  }

  /** Passes the pattern (sticky) if the text goes on with it, whatever the tokens would be. */
  skipPattern(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    if (!pattern.test(this.text)) return false;
    this.position = pattern.lastIndex;
    this.ahead = null;
    return true;
  }

  /** Whether the text goes on with the pattern. */
  matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  unexpected(allowed: string, mend?: string): InputError {
    const { kind, text, from, to } = this.peek();
    const found = kind === 'end' ? 'the end of the statement' : quote(this.text.slice(from, to));
    const before = this.text.slice(0, from).trimEnd().slice(-1);
    const isBehindTerm = /operator|comparison/.test(allowed);
    return this.fault(found, from, allowed, mend ?? mendAt({ before, text, kind, isBehindTerm }));
  }

  /** What was found where, in the text counted from 0. */
  fault(found: string, from: number, allowed?: string, mend?: string): InputError {
    return new InputError({ found: `column ${from + 1} of the statement: ${found}`, allowed, mend });
  }

  private read(): Token {
    TOKEN.lastIndex = this.position;
    const match = TOKEN.exec(this.text);
    if (!match) return this.endOrStray();
    const [, name, number, sign] = match;
    const to = TOKEN.lastIndex;
    const whole = name ?? number ?? sign;
    const from = to - whole.length;
    if (name) {
      const text = name.replaceAll('"', '');
      const other = this.looks.other(text);
      if (other) throw this.fault(`${quote(text)} beside ${quote(other)}, which looks the same`, from, DISTINCT);
      return { kind: 'name', text, isQuoted: name.startsWith('"'), from, to };
    }
    return { kind: number ? 'number' : 'sign', text: SAME[whole] ?? whole, isQuoted: false, from, to };
  }

  private endOrStray(): Token {
    const rest = this.text.slice(this.position);
    const from = this.position + (rest.length - rest.trimStart().length);
    if (from === this.text.length) return { kind: 'end', text: '', isQuoted: false, from, to: from };
    const stray = String.fromCodePoint(this.text.codePointAt(from)!);
    const mend = /[\p{L}\p{N}]/u.test(stray) ? FOREIGN : undefined;
    throw this.fault(quote(stray), from, SIGNS, HINTS[stray] ?? mend);
  }
}

const DISTINCT = 'names that readers can tell apart';
const SIGNS = 'numbers, names, + - * / ^ ( ) [ ] { } | , : ? <= >= < > =';
const FOREIGN = 'names with letters or digits of other alphabets stand in double quotes';
const HINTS: Readonly<Record<string, string>> = {
  '"': 'close the quoted name',
  '!': "say what holds: a statement has no 'not'",
  ';': "join relations by 'and'",
  '&': "join relations by 'and'",
  '∀': "write 'for all'",
  '·': 'write * between factors',
  '²': 'write ^2',
};
