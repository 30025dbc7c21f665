import { Rational } from '../../numbers/rational.js';
import { childrenOf, number, rebuilt, type Term } from '../ast.js';
import { rational } from '../domain.js';
import { compileTerm } from './compile.js';
import type { SequenceDomain } from './reading.js';

/** An automaton that a function of a sequence depends on alone. */
export interface Automaton {
  readonly start: number;
  /** The tokens that it reads, increasing. */
  readonly tokens: readonly number[];
  readonly table: readonly (readonly number[])[];
  /** The function's value by the state at the end. */
  target(state: number): Rational;
}

/** The automaton in a term that depends on tokens by `automaton(s[i..j], q, ...)` alone; undefined for other terms. */
export function automatonOf(term: Term, domain: SequenceDomain): Automaton | undefined {
  const calls = callsIn(term);
  const [call] = calls;
  if (calls.length !== 1 || call.args[0].kind !== 'slice' || call.args[0].name !== domain.name) return undefined;
  const [{ from, to }, start, ...rows] = call.args as [Extract<Term, { kind: 'slice' }>, Term, ...Term[]];
  const others = rebuiltWith(term, call, number(0));
  if (mentionsTokens(others, domain.name) || !rows.every((row) => row.kind === 'list')) return undefined;
  const [first, last] = [from, to].map((end) => Number(rational(end).num));
  const table = (rows as Extract<Term, { kind: 'list' }>[]).map(({ items }) =>
    items.map((item) => Number(rational(item).num)),
  );
  const tokens = Array.from({ length: last - first + 1 }, (_, k) => first - 1 + k);
  const isRead = tokens.every((token) =>
    domain.alphabets[token].every((symbol) => symbol.isInteger() && table[Number(symbol.num)]),
  );
  if (!isRead) return undefined;
  return {
    start: Number(rational(start).num),
    tokens,
    table,
    target: (state) => compileTerm(rebuiltWith(term, call, number(Rational.of(state))), domain).value!,
  };
}

type Call = Extract<Term, { kind: 'call' }>;

function callsIn(term: Term): Call[] {
  if (term.kind === 'call' && term.fn === 'automaton') return [term];
  return childrenOf(term).flatMap(callsIn);
}

function rebuiltWith(term: Term, old: Term, replacement: Term): Term {
  return term === old ? replacement : rebuilt(term, (part) => rebuiltWith(part, old, replacement));
}

function mentionsTokens(term: Term, name: string): boolean {
  if ((term.kind === 'entry' || term.kind === 'slice') && term.name === name) return true;
  return childrenOf(term).some((part) => mentionsTokens(part, name));
}
