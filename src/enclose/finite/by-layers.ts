import { doubleIntervals } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import { Rational } from '../../numbers/rational.js';
import type { Coding } from './inputs.js';
import { lastCells } from './layers.js';
import { type MarginLimits, type MarginProblem, noEntry, type Suspect, targetPlace } from './problem.js';

/**
 * The least margin of a network of several layers whose target is the state of an automaton, layer by layer; null for others,
 * and where nothing follows.
 */
export function byLayers(
  problem: MarginProblem,
  { deadline }: MarginLimits,
): { readonly lo: number; readonly cells: number; readonly worst: Suspect | null } | null {
  const { network, reading, coding, entries, automaton, execution, output } = problem;
  const { domain } = reading;
  if (!automaton || execution || domain.conditions.length > 0) return null;
  const { table, tokens, start } = automaton;
  const identity = table[0].map((_, q) => q);
  const read = new Set(tokens);
  const found = lastCells(network, {
    alphabets: domain.alphabets.map(({ length }) => length),
    input: (token, value) => rowOf(coding, domain.alphabets[token][value]),
    actions: {
      states: identity.length,
      reads: (token) => read.has(token),
      of: (token, value) => (read.has(token) ? table[Number(domain.alphabets[token][value].num)] : identity),
    },
    entries,
    output,
    deadline,
  });
  if (!found) return null;
  let lo = Number.POSITIVE_INFINITY;
  let worst: readonly (readonly [number, number])[] | null = null;
  for (const cell of found) {
    const { action, window } = cell;
    const isWhole = action !== null && tokens.every((token) => window && window[0] <= token && token <= window[1]);
    const value = isWhole ? automaton.target(action[start]) : null;
    const target = value && targetPlace(value, entries.length);
    if (value && target === null) throw noEntry(problem, placesOf(cell.tokens), value);
    const margin = target === null ? Number.NEGATIVE_INFINITY : cell.margin(target);
    if (margin < lo || worst === null) [lo, worst] = [Math.min(margin, lo), cell.tokens];
  }
  return { lo, cells: found.length, worst: { margin: lo, places: placesOf(worst ?? []) } };

  function placesOf(tokens: readonly (readonly [number, number])[]): number[] {
    const places = domain.alphabets.map(() => 0);
    for (const [token, value] of tokens) places[token] = value;
    return places;
  }
}

/** The row of the input for a token. */
function rowOf({ symbols }: Coding, token: Rational): Interval[] {
  if (symbols === null) return [doubleIntervals.of(token)];
  return Array.from({ length: symbols }, (_, k) =>
    token.equals(Rational.of(k)) ? doubleIntervals.one : doubleIntervals.zero,
  );
}
