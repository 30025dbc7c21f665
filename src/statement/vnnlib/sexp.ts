import { InputError, quote } from '../../errors.js';
import { parseRational } from '../../numbers/parse.js';
import type { Rational } from '../../numbers/rational.js';

/** An S-expression with the line on which it begins. */
export type Sexp =
  | { readonly kind: 'atom'; readonly text: string; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Sexp[]; readonly line: number };

const DEEPEST = 200;
const TOKEN = /;[^\n]*|[()]|\[[^\]\n]*\]|"[^"\n]*"|[^\s()[\];"]+|\n|[ \t\r]+|./gy;

/**
 * The S-expressions of a VNN-LIB text; indices in brackets belong to the name before them, `X[0, 1]`. Throws InputError
 * with the line, for nesting deeper than 200 levels, too.
 */
export function readSexps(text: string): readonly Sexp[] {
  const stack: { items: Sexp[]; line: number }[] = [{ items: [], line: 1 }];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    const top = stack[stack.length - 1];
    if (token === '\n') line += 1;
    else if (/^[\s;]/.test(token)) continue;
    else if (token === '(') {
      if (stack.length > DEEPEST) throw new InputError({ line, found: `nesting deeper than ${DEEPEST} levels` });
      stack.push({ items: [], line });
    } else if (token === ')') {
      if (stack.length === 1) throw new InputError({ line, found: "a ')' too many" });
      stack.pop();
      stack[stack.length - 1].items.push({ kind: 'list', items: top.items, line: top.line });
    } else if (token.startsWith('[')) {
      const before = top.items.at(-1);
      const indices = token.replaceAll(/\s/g, '');
      if (
        before?.kind === 'atom' &&
        !before.text.includes('[') &&
        !/^[\d.-]/.test(before.text) &&
        isReference(top.items)
      ) {
        top.items[top.items.length - 1] = { ...before, text: before.text + indices };
      } else top.items.push({ kind: 'atom', text: indices, line });
    } else top.items.push({ kind: 'atom', text: token, line });
  }
  if (stack.length > 1) throw new InputError({ line: stack[stack.length - 1].line, found: "a '(' that is not closed" });
  return stack[0].items;
}

/** In a declaration, brackets after a type are a shape of their own. */
function isReference(items: readonly Sexp[]): boolean {
  const [head] = items;
  return !(head?.kind === 'atom' && head.text.startsWith('declare-'));
}

export function fault(at: Sexp, found: string, allowed?: string, mend?: string): InputError {
  return new InputError({ line: at.line, found, allowed, mend });
}

export function show(sexp: Sexp): string {
  return sexp.kind === 'atom'
    ? quote(sexp.text)
    : `'(${sexp.items
        .map((item) => (item.kind === 'atom' ? item.text : '(...)'))
        .join(' ')
        .slice(0, 60)})'`;
}

/** A number, also `(- 3)` and `(/ 1 3)`; undefined for anything else. */
export function numberOf(sexp: Sexp): Rational | undefined {
  if (sexp.kind === 'atom') return /^[+-]?[\d.]/.test(sexp.text) ? parseRational(sexp.text) : undefined;
  const [head, ...args] = sexp.items;
  const values = args.map(numberOf);
  if (head?.kind !== 'atom' || values.some((value) => value === undefined)) return undefined;
  const [a, b] = values as Rational[];
  if (head.text === '-' && values.length === 1) return a.neg();
  if (head.text === '/' && values.length === 2 && !b.isZero()) return a.div(b);
  return undefined;
}
