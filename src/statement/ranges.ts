import { InputError } from '../errors.js';
import { number, type Range, type Term } from './ast.js';
import { printTerm } from './print.js';

/** Numbers that a range may hold, and those that are gone through one by one. */
const MOST = 1_000_000_000n;
const MOST_LISTED = 10_000_000n;

/** The integers of ranges with closed ends: increasing, as merged ranges and, lazily, one by one. */
export interface Integers {
  readonly ranges: Range[];
  readonly count: number;
  [Symbol.iterator](): Iterator<number>;
}

/**
 * Throws InputError for ends that are no integers, empty ranges, a number that occurs twice and more than 10^9 of them; going
 * through more than 10^7, likewise.
 */
export function integersOf(ranges: readonly Range[]): Integers {
  const runs = ranges.map(({ from, to }) => {
    const [first, last] = [integer(from), integer(to ?? from)];
    if (last < first) throw new InputError({ found: `the range ${first}..${last}`, allowed: 'first <= last' });
    return { first, last };
  });
  runs.sort((a, b) => (a.first < b.first ? -1 : 1));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const run of runs) {
    const before = merged.at(-1);
    if (before && run.first <= before.last) throw new InputError({ found: `${run.first} twice in a list of numbers` });
    if (before && run.first === before.last + 1n) before.last = run.last;
    else merged.push({ ...run });
  }
  const count = merged.reduce((total, { first, last }) => total + (last - first + 1n), 0n);
  if (count > MOST) throw new InputError({ found: `${count} numbers in a range`, allowed: `at most ${MOST}` });
  return {
    ranges: merged.map(({ first, last }) => ({ from: number(first), to: last > first ? number(last) : null })),
    count: Number(count),
    *[Symbol.iterator]() {
      if (count > MOST_LISTED)
        throw new InputError({ found: `${count} numbers to go through`, allowed: `at most ${MOST_LISTED}` });
      for (const { first, last } of merged) for (let i = first; i <= last; i++) yield Number(i);
    },
  };
}

/** The integer that a term is; a number is one already. */
export function integer(term: Term): bigint {
  if (term.kind === 'number' && term.value.isInteger()) return term.value.num;
  throw new InputError({ found: `${printTerm(term)} in the place of an integer`, allowed: 'integers' });
}

/** Increasing numbers as ranges: `1..32,40`. */
export function rangesText(values: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.[1] === value - 1) run[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}..${last}`)).join(',');
}
