import { InputError, quote } from '../errors.js';
import { LONGEST_TEXT, parseRational } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';
import {
  call,
  type Entry,
  type Factor,
  number,
  productOf,
  type Range,
  REDUCTIONS,
  type Slice,
  type Summand,
  sumOf,
  type Term,
} from './ast.js';
import { ARITIES, SEQUENCE_ARITIES } from './functions.js';
import type { Scanner, Token } from './scanner.js';

const DEEPEST = 100;

const FUNCTION_NAMES = [...ARITIES].filter(([, [least]]) => least > 0).map(([name]) => name);
const TERMS = `a number, a name such as x[1] or y, pi, |u|, ${FUNCTION_NAMES.map((name) => `${name}(u)`).join(', ')}, min_{i in 1..n}(u), max_, sum_, softmax(y)[1], argmax(y)`;

/** Words that end a term. */
const RESERVED = ['and', 'with', 'in', 'for', 'all', 'forall'];

const HINTS: Readonly<Record<string, string>> = {
  ln: 'write log, the natural logarithm',
  arctan: 'it is not among the functions',
  atan: 'it is not among the functions',
  norm: 'write max_{i in 1..n}(|x[i]|), or sum_{i in 1..n}(x[i]^2)',
  sup: "a statement with 'for all' and '<= ?' asks for a supremum",
};

/** Functions of networks that statements have not, and how to write them. */
const WRITTEN: Readonly<Record<string, string>> = {
  sigmoid: '1/(1 + exp(-u))',
  silu: 'u/(1 + exp(-u))',
  gelu: 'u*(1 + erf(u/sqrt(2)))/2',
  softplus: 'log(1 + exp(u))',
  tan: 'sin(u)/cos(u)',
  sinh: '(exp(u) - exp(-u))/2',
  cosh: '(exp(u) + exp(-u))/2',
};

/** How to write what is called like a function of Python: exp(u) for np.exp(u). Undefined for other names. */
export function functionHint(name: string): string | undefined {
  const own = name.split('.').at(-1)!;
  if (own !== name && FUNCTION_NAMES.includes(own)) return `write ${own}(u)`;
  return Object.hasOwn(WRITTEN, own) ? `write ${WRITTEN[own]} for ${own}(u)` : undefined;
}

/** Reads a sum, or only what can be an exponent. Throws InputError with the column. */
export function parseTerm(scanner: Scanner, depth: number, what: keyof typeof READ = 'sum'): Term {
  if (depth > DEEPEST) throw scanner.unexpected(`at most ${DEEPEST} levels of nesting`);
  return READ[what](scanner, depth);
}

function readSum(scanner: Scanner, depth: number): Term {
  const terms: Summand[] = [];
  let negative = false;
  if (!scanner.skip('+')) negative = scanner.skip('-');
  for (;;) {
    terms.push({ negative, term: readProduct(scanner, depth) });
    if (!scanner.sees('+', '-')) return sumOf(terms);
    negative = scanner.next().text === '-';
  }
}

function readProduct(scanner: Scanner, depth: number): Term {
  const factors: Factor[] = [];
  let inverted = false;
  for (;;) {
    const { from } = scanner.peek();
    const term = readSigned(scanner, depth);
    if (inverted && term.kind === 'number' && term.value.isZero()) throw scanner.fault('a division by 0', from);
    factors.push({ inverted, term });
    if (!scanner.sees('*', '/')) return productOf(factors);
    inverted = scanner.next().text === '/';
  }
}

/** What is read, by how strongly it binds. */
const READ = { sum: readSum, product: readProduct, atom: readAtom } as const;

/** A power, or a sign before one: 2*-x. */
function readSigned(scanner: Scanner, depth: number): Term {
  if (!scanner.skip('-')) return readPower(scanner, depth);
  if (depth > DEEPEST) throw scanner.unexpected(`at most ${DEEPEST} levels of nesting`);
  return sumOf([{ negative: true, term: readSigned(scanner, depth + 1) }]);
}

function readPower(scanner: Scanner, depth: number): Term {
  const base = readAtom(scanner, depth);
  if (!scanner.skip('^')) return base;
  if (depth > DEEPEST) throw scanner.unexpected(`at most ${DEEPEST} levels of nesting`);
  return { kind: 'power', base, exponent: readSigned(scanner, depth + 1) };
}

function readAtom(scanner: Scanner, depth: number): Term {
  const token = scanner.peek();
  if (token.kind === 'number') {
    scanner.next();
    return number(exactly(token, scanner));
  }
  if (token.kind === 'name' && (token.isQuoted || !RESERVED.includes(token.text))) return readNamed(scanner, depth);
  if (scanner.skip('(')) {
    const term = parseTerm(scanner, depth + 1);
    scanner.expect(')', "an operator or ')'");
    return term;
  }
  if (scanner.skip('|')) {
    const term = parseTerm(scanner, depth + 1);
    scanner.expect('|', "an operator or '|'");
    return call('abs', term);
  }
  if (scanner.sees('[')) return { kind: 'list', items: readIndices(scanner, depth) };
  throw scanner.unexpected(TERMS);
}

/** What a numeral stands for, where that can be written out again. */
function exactly({ text, from }: Token, scanner: Scanner): Rational {
  const value = readable(text, from, scanner);
  const { length } = value.toString();
  if (length <= LONGEST_TEXT) return value;
  const found = `${quote(text)}, a number of ${length} characters when written out`;
  throw scanner.fault(found, from, `at most ${LONGEST_TEXT}`);
}

function readable(text: string, from: number, scanner: Scanner): Rational {
  try {
    return parseRational(text);
  } catch (error) {
    if (error instanceof InputError) throw scanner.fault(error.fault.found, from, error.fault.allowed);
    throw error;
  }
}

function readNamed(scanner: Scanner, depth: number): Term {
  const token = scanner.next();
  const { text, isQuoted } = token;
  if (isQuoted) return readEntry(scanner, token, depth);
  if (/^(?:.*\.)?max$/.test(text) && scanner.skipPattern(/\s*\|\s*w\s*\|/uy)) {
    return { kind: 'entry', name: `${text}|w|`, at: null, indices: [], column: token.from + 1 };
  }
  if (Object.hasOwn(HINTS, text) && scanner.sees('(')) {
    throw scanner.fault(`the function ${quote(text)}`, token.from, FUNCTION_NAMES.join(', '), HINTS[text]);
  }
  const op = (scanner.isOfLemma ? OF_LEMMAS : REDUCTIONS).find((name) => text === `${name}_`);
  if (op && scanner.sees('{')) return readReduction(scanner, op, depth);
  if (text === 'softmax' || text === 'argmax') return readChoice(scanner, text, depth);
  const arity = ARITIES.get(text) ?? (scanner.sees('(') ? SEQUENCE_ARITIES.get(text) : undefined);
  if (!arity) return readEntry(scanner, token, depth);
  if (arity[1] === 0) return call(text);
  if (!scanner.sees('(')) throw scanner.unexpected(`'(' after the function ${text}`);
  const args = readArguments(scanner, depth);
  const [least, most] = arity;
  if (args.length < least || args.length > most) {
    const allowed = least === most ? `${least}` : `${least} or more`;
    throw scanner.fault(`${text} of ${args.length} arguments`, token.from, allowed);
  }
  return call(text, ...args);
}

const OF_LEMMAS = [...REDUCTIONS, 'softmax'] as const;

function readReduction(scanner: Scanner, op: (typeof OF_LEMMAS)[number], depth: number): Term {
  scanner.expect('{');
  const index = scanner.next();
  if (index.kind !== 'name' || index.isQuoted || /[.']/.test(index.text) || ARITIES.has(index.text)) {
    throw scanner.fault(quote(index.text), index.from, 'a name for the index that means nothing else, such as i');
  }
  scanner.expect('in');
  const over = readRanges(scanner, depth);
  scanner.expect('}', "',', '..' or '}'");
  scanner.expect('(');
  const body = parseTerm(scanner, depth + 1);
  scanner.expect(')', "an operator or ')'");
  const family = { index: index.text, over };
  if (op !== 'softmax') return { kind: 'reduction', op, ...family, body };
  const [at] = readIndices(scanner, depth);
  return { kind: 'softmax', args: [body], index: at, family };
}

function readChoice(scanner: Scanner, kind: 'softmax' | 'argmax', depth: number): Term {
  if (!scanner.sees('(')) throw scanner.unexpected(`'(' after ${kind}`);
  const args = readArguments(scanner, depth);
  if (kind === 'argmax') return { kind, args };
  if (!scanner.sees('[')) throw scanner.unexpected('an entry of the softmax, such as softmax(y)[1]');
  const indices = readIndices(scanner, depth);
  if (indices.length !== 1) throw scanner.unexpected('one index of a softmax');
  return { kind, args, index: indices[0] };
}

function readArguments(scanner: Scanner, depth: number): Term[] {
  scanner.expect('(');
  const args: Term[] = [];
  do args.push(parseTerm(scanner, depth + 1));
  while (scanner.skip(','));
  scanner.expect(')', "an operator, ',' or ')'");
  return args;
}

/** `x`, `x[1, 2]`, `y(x')`, `y(x')[2]`. */
function readEntry(scanner: Scanner, { text, from }: Token, depth: number): Entry | Slice {
  const at = scanner.sees('(') ? readPoints(scanner, text, from) : null;
  const indices = scanner.sees('[') ? readIndices(scanner, depth, at === null) : [];
  if (!Array.isArray(indices)) return { kind: 'slice', name: text, ...indices };
  return { kind: 'entry', name: text, at, indices, column: from + 1 };
}

function readPoints(scanner: Scanner, text: string, from: number): string[] {
  scanner.expect('(');
  const names: string[] = [];
  do {
    const point = scanner.peek();
    if (point.kind !== 'name' || RESERVED.includes(point.text)) throw noPoint(scanner, text, from);
    names.push(scanner.next().text);
  } while (scanner.skip(','));
  if (!scanner.skip(')')) throw noPoint(scanner, text, from);
  return names;
}

function noPoint(scanner: Scanner, name: string, from: number): InputError {
  const allowed = `the functions ${FUNCTION_NAMES.join(', ')}, or an output at a point, such as y(x')`;
  return scanner.fault(`${quote(name)} before '('`, from, allowed, functionHint(name));
}

function readIndices(scanner: Scanner, depth: number): Term[];
function readIndices(scanner: Scanner, depth: number, orSlice: boolean): Term[] | { from: Term; to: Term };
function readIndices(scanner: Scanner, depth: number, orSlice = false): Term[] | { from: Term; to: Term } {
  scanner.expect('[');
  const indices: Term[] = [];
  do indices.push(parseTerm(scanner, depth + 1));
  while (scanner.skip(','));
  if (orSlice && indices.length === 1 && scanner.skip('..')) {
    const to = parseTerm(scanner, depth + 1);
    scanner.expect(']', "an operator or ']'");
    return { from: indices[0], to };
  }
  scanner.expect(']', "an operator, ',' or ']'");
  return indices;
}

/** `1..32, 40`; ends before a name that is followed by `in`. */
export function readRanges(scanner: Scanner, depth: number): Range[] {
  const ranges: Range[] = [];
  do {
    const from = parseTerm(scanner, depth + 1);
    ranges.push({ from, to: scanner.skip('..') ? parseTerm(scanner, depth + 1) : null });
  } while (scanner.skip(','));
  return ranges;
}
