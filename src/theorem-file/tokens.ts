import { InputError, quote } from '../errors.js';
import type { Span } from './syntax.js';

export type Token = {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly span: Span;
};

/** Longest expression that is read. */
const LONGEST_TEXT = 20_000;

/** A number stops before `..`, so that 1..3 is a range; a comment reaches to the end of its line. */
const PATTERN =
  /\s+|#.*|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{Nd}_]*)|(?<symbol>\.\.|<=|>=|!=|==|[-+*/@^(),[\]=<>.])/uy;

/** The tokens of an expression, the last one `end`. Throws InputError for other characters and for more than 20,000. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > LONGEST_TEXT)
    throw new InputError({ found: `an expression of ${text.length} characters`, allowed: `at most ${LONGEST_TEXT}` });
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const start = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (!match) {
      const found = `${quote(String.fromCodePoint(text.codePointAt(start)!))} in ${quote(text.slice(0, start + 20))}`;
      throw new InputError({ found, allowed: 'numbers, names, + - * / @ ^ ( ) [ ] , .. and comparisons' });
    }
    const span = [start, PATTERN.lastIndex] as const;
    for (const kind of ['number', 'name', 'symbol'] as const) {
      const found = match.groups?.[kind];
      if (found !== undefined) tokens.push({ kind, text: found === '==' ? '=' : found, span });
    }
  }
  return [...tokens, { kind: 'end', text: '', span: [text.length, text.length] }];
}
