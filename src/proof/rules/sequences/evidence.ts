import type { MarginFound } from '../../../enclose/finite/margin.js';
import type { MarginProblem } from '../../../enclose/finite/problem.js';
import type { Rational } from '../../../numbers/rational.js';
import { type Entry, printTerm, rangesText, rational, type Statement, type Term } from '../../../statement/index.js';
import type { SequenceMargin } from '../../propositions/sequence.js';

/** What a checker needs to know of the scans: how closely they looked, and which tokens were pinned. */
export function hintsOf({ plan }: MarginFound): { readonly fine: number; readonly pins: number[] } {
  return {
    fine: plan.reduce((most, { precision }) => Math.max(most, Math.ceil(-Math.log2(precision.grid))), 0),
    pins: [...new Set(plan.flatMap(({ pinned }) => [...pinned.keys()]))],
  };
}

/** The conclusion of a statement margin(u, k) >= c about all sequences, or about one of them; null for tokens that are no whole numbers. */
export function marginConclusion(
  { relations: [{ sides }] }: Statement,
  { reading, output }: MarginProblem,
  { least, strict }: { readonly least: Rational; readonly strict: boolean },
  at?: readonly string[],
): SequenceMargin | null {
  const { domain, determining } = reading;
  const sequences = alphabetsText(domain.alphabets);
  if (sequences === null) return null;
  const [u, place] = (sides[0] as Extract<Term, { kind: 'call' }>).args as [Entry, Term];
  const conditions = domain.conditions.map(({ sides: [left, right], comparisons }, k) => {
    const [a, b] = [left, right].map((side) => printTerm(side as Term));
    return determining.get(k) ? ([b, '=', a] as const) : ([a, comparisons[0], b] as const);
  });
  const indices = u.indices.map((index) => Number(rational(index).num));
  return {
    kind: 'sequence-margin',
    ...{ variable: domain.name, sequences, conditions, output, indices, place: printTerm(place) },
    ...{ least: least.toString(), strict },
    ...(at && { at }),
  };
}

/** What a checker needs to repeat the proof beside the conclusion. */
export function marginHints({ reading }: MarginProblem, found: MarginFound) {
  return { order: reading.free, ...hintsOf(found) };
}

/** `{12} x {0..9}^3`; null for other tokens than 0, 1, 2, ... */
function alphabetsText(alphabets: readonly (readonly Rational[])[]): string | null {
  const runs: { readonly text: string; count: number }[] = [];
  for (const values of alphabets) {
    const numbers = values.map((value) => (value.isInteger() ? Number(value.num) : -1)).sort((a, b) => a - b);
    if (!numbers.every((value) => value >= 0 && Number.isSafeInteger(value))) return null;
    const text = `{${rangesText(numbers)}}`;
    const last = runs.at(-1);
    if (last?.text === text) last.count += 1;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text}^${count}`)).join(' x ');
}
