import { InputError, quote } from '../../errors.js';
import { Rational } from '../../numbers/rational.js';
import type { Slice, Term } from '../ast.js';
import { printTerm } from '../print.js';
import { integersOf } from '../ranges.js';
import { automatonFold, balanceFold, carryFold } from './folds.js';
import { applied, folded, known, type Left, modulo, remainder, sumOfLefts, token } from './left.js';

/** The variable of a statement and how many tokens it has. */
export interface Sequence {
  readonly name: string;
  readonly length: number;
}

const MOST_STATES = 100_000;

/**
 * A term of a statement as a function of the tokens of a sequence, which count from 0 in what is returned. Throws InputError
 * for what is no such function.
 */
export function compileTerm(term: Term, sequence: Sequence, indices: ReadonlyMap<string, number> = new Map()): Left {
  const compile = (part: Term): Left => compileTerm(part, sequence, indices);
  switch (term.kind) {
    case 'number':
      return known(term.value);
    case 'entry': {
      const index = term.indices.length === 0 && !term.at ? indices.get(term.name) : undefined;
      if (index !== undefined) return known(Rational.of(index));
      if (term.name !== sequence.name || term.at || (term.indices.length !== 1 && sequence.length > 1))
        throw stray(term, sequence);
      if (term.indices.length === 0) return token(0);
      return token(placeOf(closed(compile(term.indices[0]), term.indices[0]), sequence, term) - 1);
    }
    case 'sum':
      return sumOfLefts(
        Rational.zero,
        term.terms.map(({ negative, term: part }) => [Rational.of(negative ? -1 : 1), compile(part)]),
      );
    case 'product':
      return productOf(
        term,
        term.factors.map(({ inverted, term: factor }) => ({ inverted, of: compile(factor) })),
      );
    case 'power': {
      const exponent = closed(compile(term.exponent), term.exponent);
      if (!exponent.isInteger() || exponent.sign() < 0 || exponent.num > 64n)
        throw new InputError({ found: `the exponent ${exponent}`, allowed: 'integers from 0 to 64' });
      return applied(`^${exponent}`, [compile(term.base)], ([base]) => base.pow(Number(exponent.num)));
    }
    case 'reduction': {
      const parts = [
        ...integersOf(term.over.map(({ from, to }) => ({ from: numeral(from), to: to && numeral(to) }))),
      ].map((value) => compileTerm(term.body, sequence, new Map([...indices, [term.index, value]])));
      if (term.op === 'sum')
        return sumOfLefts(
          Rational.zero,
          parts.map((part) => [Rational.one, part]),
        );
      return applied(term.op, parts, (values) => values.reduce((a, b) => a[term.op as 'min' | 'max'](b)));
    }
    case 'call':
      return callOf(term, compile, (part) => itemsOf(part, sequence, compile));
    default:
      throw new InputError({ found: `${quote(printTerm(term))} in a function of a sequence`, allowed: ALLOWED });
  }

  function numeral(end: Term): Term {
    return { kind: 'number', value: closed(compile(end), end) };
  }
}

const ALLOWED =
  'numbers, tokens s[i], + - *, min, max, |u|, sum_{i in 1..n}(u), mod(u, m), quotient(u, m), carry(s[1..n], s[n+1..2*n]), ' +
  'count(s[1..n], a), balanced(s[1..n], open, close), automaton(s[1..n], start, [..], [..])';

type Call = Extract<Term, { kind: 'call' }>;

function callOf(term: Call, compile: (part: Term) => Left, items: (part: Term) => Left[]): Left {
  const { fn, args } = term;
  switch (fn) {
    case 'min':
    case 'max':
      return applied(fn, args.map(compile), (values) => values.reduce((a, b) => a[fn](b)));
    case 'abs':
      return applied(fn, args.map(compile), ([u]) => u.abs());
    case 'relu':
      return applied(fn, args.map(compile), ([u]) => u.max(Rational.zero));
    case 'mod': {
      const m = divisor(term, compile);
      return moduloOf(args[0], m, compile);
    }
    case 'quotient': {
      const m = Rational.of(divisor(term, compile));
      return applied(`quotient${m}`, [compile(args[0])], ([u]) => Rational.of(u.div(m).floor()));
    }
    case 'carry': {
      const base = args[2] ? closed(compile(args[2]), args[2]) : Rational.of(10);
      const [a, b] = [items(args[0]), items(args[1])];
      if (a.length !== b.length)
        throw new InputError({ found: `carry of ${a.length} and ${b.length} digits`, allowed: 'lists of one length' });
      return folded(
        carryFold(base),
        0,
        a.map((digit, k) => [digit, b[k]]),
      );
    }
    case 'count': {
      const value = closed(compile(args[1]), args[1]);
      const hits = items(args[0]).map((part) =>
        applied(`is${value}`, [part], ([u]) => (u.equals(value) ? Rational.one : Rational.zero)),
      );
      return sumOfLefts(
        Rational.zero,
        hits.map((hit) => [Rational.one, hit]),
      );
    }
    case 'balanced': {
      const [open, close] = [args[1], args[2]].map((arg) => closed(compile(arg), arg));
      return folded(
        balanceFold(open, close),
        0,
        items(args[0]).map((part) => [part]),
      );
    }
    case 'automaton':
      return automatonOf(term, compile, items);
    default:
      throw new InputError({ found: `the function ${quote(fn)} of a sequence`, allowed: ALLOWED });
  }
}

function automatonOf({ args }: Call, compile: (part: Term) => Left, items: (part: Term) => Left[]): Left {
  const [list, start, ...rows] = args;
  const numbers = (row: Term): number[] =>
    items(row).map((entry) => {
      const value = closed(entry, row);
      return value.isInteger() ? Number(value.num) : Number.NaN;
    });
  const table = rows.map(numbers);
  const states = table[0].length;
  const first = Number(closed(compile(start), start).num);
  const isState = (q: number) => Number.isInteger(q) && q >= 0 && q < states;
  if (states > MOST_STATES || !isState(first) || table.some((row) => row.length !== states || !row.every(isState)))
    throw new InputError({
      found: 'an automaton whose rows do not fit together',
      allowed: 'automaton(s[1..n], start, row, ...): row k lists the next states for the symbol k; states count from 0',
    });
  const fold = automatonFold(table);
  const checked = items(list).map((part) =>
    applied('symbol', [part], ([symbol]) => {
      if (symbol.isInteger() && symbol.sign() >= 0 && symbol.num < BigInt(table.length)) return symbol;
      throw new InputError({
        found: `the symbol ${symbol} of an automaton with ${table.length} rows`,
        allowed: 'a row for each symbol',
      });
    }),
  );
  return folded(
    fold,
    first,
    checked.map((part) => [part]),
  );
}

function moduloOf(of: Term, m: bigint, compile: (part: Term) => Left): Left {
  if (of.kind !== 'sum') {
    const part = compile(of);
    if (part.value) return known(remainder(part.value, m));
    return modulo(part, m, { constant: Rational.zero, parts: [[Rational.one, part]] });
  }
  const parts = of.terms.map(({ negative, term }) => [Rational.of(negative ? -1 : 1), compile(term)] as const);
  return modulo(sumOfLefts(Rational.zero, parts), m, { constant: Rational.zero, parts });
}

function divisor({ fn, args }: Call, compile: (part: Term) => Left): bigint {
  const m = closed(compile(args[1]), args[1]);
  if (m.isInteger() && m.sign() > 0) return m.num;
  throw new InputError({ found: `${fn}(u, ${m})`, allowed: 'an integer above 0 as divisor' });
}

/** The elements of a list or of a slice. */
function itemsOf(term: Term, sequence: Sequence, compile: (part: Term) => Left): Left[] {
  if (term.kind === 'list') return term.items.map(compile);
  if (term.kind === 'slice') return sliceOf(term, sequence, compile);
  if (term.kind === 'entry' && term.name === sequence.name && term.indices.length === 0)
    return Array.from({ length: sequence.length }, (_, k) => token(k));
  throw new InputError({
    found: `${quote(printTerm(term))} in the place of a list`,
    allowed: `${sequence.name}[1..n], or [1, 0]`,
  });
}

function sliceOf(term: Slice, sequence: Sequence, compile: (part: Term) => Left): Left[] {
  if (term.name !== sequence.name) throw stray(term, sequence);
  const [from, to] = [term.from, term.to].map((end) => closed(compile(end), end));
  const count = Number(to.sub(from).num) + 1;
  if (count === 0) return [];
  const [first, last] = [placeOf(from, sequence, term), placeOf(to, sequence, term)];
  if (count < 0)
    throw new InputError({ found: quote(printTerm(term)), allowed: 'first <= last, or first - 1 for no tokens' });
  return Array.from({ length: last - first + 1 }, (_, k) => token(first - 1 + k));
}

function productOf(term: Term, factors: readonly { readonly inverted: boolean; readonly of: Left }[]): Left {
  let scale = Rational.one;
  const open: Left[] = [];
  for (const { inverted, of } of factors) {
    if (of.value === null) {
      if (inverted)
        throw new InputError({ found: `a division by tokens in ${quote(printTerm(term))}`, allowed: 'quotient(u, m)' });
      open.push(of);
    } else if (inverted && of.value.isZero())
      throw new InputError({ found: `a division by 0 in ${quote(printTerm(term))}` });
    else scale = scale.mul(inverted ? of.value.inverse() : of.value);
  }
  if (open.length === 0) return known(scale);
  if (open.length === 1) return sumOfLefts(Rational.zero, [[scale, open[0]]]);
  return sumOfLefts(Rational.zero, [[scale, applied('*', open, (values) => values.reduce((a, b) => a.mul(b)))]]);
}

function closed(left: Left, term: Term): Rational {
  if (left.value) return left.value;
  throw new InputError({
    found: `${quote(printTerm(term))} in the place of a number`,
    allowed: 'a number that no token changes',
  });
}

function placeOf(index: Rational, { name, length }: Sequence, term: Term): number {
  if (index.isInteger() && index.sign() > 0 && index.num <= BigInt(length)) return Number(index.num);
  throw new InputError({
    found: `the index ${index} in ${quote(printTerm(term))}`,
    allowed: `1 to ${length}: ${name} has ${length} tokens`,
    ...(index.isZero() && { mend: 'tokens count from 1' }),
  });
}

function stray(term: Term, { name }: Sequence): InputError {
  return new InputError({
    found: `${quote(printTerm(term))} in a function of the sequence ${quote(name)}`,
    allowed: `tokens such as ${name}[1]`,
  });
}
