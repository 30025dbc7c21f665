import { parse as parseLossless } from 'lossless-json';
import { InputError, quote } from '../errors.js';

/** Levels of nesting that any document of ours, and any array that a model can take, stays below. */
const DEEPEST = 128;

/**
 * A JSON document (RFC 8259) whose objects have each name once. Throws InputError with the line for malformed text, a
 * name that occurs twice in an object, which readers understand differently, and more than 128 levels.
 */
export function parseJson(text: string): unknown {
  checkNames(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(error as Error);
  }
}

/** As `parseJson`, with each number made from its text. */
export function parseJsonNumbers(text: string, parseNumber: (text: string) => unknown): unknown {
  checkNames(text);
  try {
    return parseLossless(text, undefined, { parseNumber });
  } catch (error) {
    throw error instanceof SyntaxError ? malformed(error) : error;
  }
}

const LONGEST_REASON = 200;

function malformed({ message }: Error): InputError {
  return new InputError({ found: `malformed JSON: ${quote(message.slice(0, LONGEST_REASON))}` });
}

const CODES = { quote: 34, openList: 91, closeList: 93, openObject: 123, closeObject: 125 } as const;

/** Goes through the text once; of malformed text it may see anything, and the parser refuses that afterwards. */
function checkNames(text: string): void {
  const levels: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CODES.quote) {
      const end = endOfString(text, at);
      const names = levels.at(-1);
      if (names && isName(text, end)) addName(names, text, at, end);
      at = end - 1;
    } else if (code === CODES.openObject || code === CODES.openList) {
      levels.push(code === CODES.openObject ? new Set() : null);
      if (levels.length > DEEPEST)
        throw new InputError({ line: lineAt(text, at), found: `more than ${DEEPEST} levels of nesting` });
    } else if (code === CODES.closeObject || code === CODES.closeList) levels.pop();
  }
}

/** The position after a string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    from = end + 1;
  }
}

function isName(text: string, end: number): boolean {
  let at = end;
  while (' \t\n\r'.includes(text[at] ?? '.')) at += 1;
  return text[at] === ':';
}

function addName(names: Set<string>, text: string, start: number, end: number): void {
  const literal = text.slice(start, end);
  const name = literal.includes('\\') ? decoded(literal) : literal.slice(1, -1);
  if (names.has(name)) throw new InputError({ line: lineAt(text, start), found: `the name ${quote(name)} twice` });
  names.add(name);
}

function decoded(literal: string): string {
  try {
    return JSON.parse(literal);
  } catch {
    return literal;
  }
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
