import { borrow, spend } from '../budget.js';
import { demand, demandEach, demandShown } from '../failure.js';
import { bitsOf, Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { type Residual, textOf, told } from './residual.js';
import type { Sum } from './sums.js';

type Interval = I.Interval;

/** Sequences of a domain: alphabets, tokens that others determine, and the target. */
export interface Task {
  readonly alphabets: readonly (readonly bigint[])[];
  readonly determined: ReadonlyMap<number, Residual>;
  /** What else sequences have to satisfy. */
  readonly filters?: readonly Filter[];
  readonly target: Residual;
}

export interface Filter {
  readonly sides: readonly [Residual, Residual];
  readonly comparison: string;
}

const HOLDS: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '=': (a, b) => a === b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

export const COMPARISONS: readonly string[] = Object.keys(HOLDS);

/** A class of sequences: what is left of the task, and where the sums over their tokens lie. */
export interface Class {
  readonly determined: ReadonlyMap<number, Residual>;
  readonly filters: readonly Filter[];
  readonly target: Residual;
  readonly box: readonly Interval[];
}

const MOST_CLASSES = 50_000;
const ZERO: Interval = { lo: 0n, hi: 0n };
/** 1 as intervals hold it. */
const ONE = I.interval(Fraction.one).lo;

/**
 * Covers all sequences by classes, reading the free tokens in the given order. Classes with the same rest whose boxes lie in
 * the same cell of a grid become one; a token whose values move a sum by less than the spread over 2^fine is not told apart.
 */
export function classes(
  { alphabets, determined, filters = [], target }: Task,
  sums: readonly Sum[],
  order: readonly number[],
  fine: number,
): readonly Class[] {
  const scales = sums.map(({ table, over }) => scaleOf(table, over === null ? null : sums[over].table));
  const isDivisor = sums.map((_, k) => sums.some(({ over }) => over === k));
  const base: Interval[] = [];
  const moving = alphabets.map((): (readonly [sum: number, table: readonly Interval[]])[] => []);
  for (const [k, { table: sum }] of sums.entries()) {
    let rest = ZERO;
    for (const [token, table] of sum) {
      const limit = isDivisor[k] ? leastOf(sum) : scales[k].relevant;
      if (width(hull(table)) <= limit >> BigInt(fine)) rest = I.add(rest, hull(table));
      else moving[token].push([k, table]);
    }
    base.push(rest);
  }
  let found: readonly Class[] = settled({ determined, filters, target, box: base }, []);
  for (const [token, [value, ...others]] of alphabets.entries()) {
    if (others.length === 0 && !determined.has(token)) found = found.flatMap((one) => settled(one, [[token, value]]));
  }
  for (const token of order) {
    const merged = new Map<string, Class>();
    for (const one of found) {
      for (const value of alphabets[token]) {
        for (const next of settled(one, [[token, value]])) {
          const text = keyOf(next);
          const before = merged.get(text);
          merged.set(text, before ? { ...next, box: before.box.map((x, k) => I.hull(x, next.box[k])) } : next);
        }
      }
      demandShown(merged.size <= MOST_CLASSES, 'there are too many classes of sequences');
    }
    found = [...merged.values()];
  }
  const isSettled = (one: Class) => one.determined.size === 0 && one.filters.length === 0;
  demandEach(found, isSettled, 'tokens determine each other in a circle');
  return found;

  /** The class once tokens are known, and those that are determined by them; none where no sequence is like this. */
  function settled(from: Class, news: readonly (readonly [number, bigint])[]): Class[] {
    spend(100 + 20 * from.determined.size);
    borrow(500);
    const queue = [...news];
    const rests = new Map(from.determined);
    let { target: goal, filters: open } = from;
    const box = [...from.box];
    const settle = () => {
      for (const [token, rest] of rests) {
        if (typeof rest !== 'bigint') continue;
        rests.delete(token);
        queue.push([token, rest]);
      }
    };
    settle();
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [token, value] = next;
      const place = alphabets[token].indexOf(value);
      if (place < 0) return [];
      for (const [k, table] of moving[token]) box[k] = I.add(box[k], table[place]);
      goal = told(goal, token, value);
      open = open.map(({ sides: [a, b], comparison }) => ({
        sides: [told(a, token, value), told(b, token, value)],
        comparison,
      }));
      for (const [other, rest] of rests) rests.set(other, told(rest, token, value));
      settle();
    }
    const left: Filter[] = [];
    for (const filter of open) {
      const [a, b] = filter.sides;
      if (typeof a !== 'bigint' || typeof b !== 'bigint') left.push(filter);
      else if (!HOLDS[filter.comparison](a, b)) return [];
    }
    return [{ determined: rests, filters: left, target: goal, box }];
  }

  function keyOf({ determined: rests, filters: open, target: goal, box }: Class): string {
    const cells = box.map(({ lo, hi }, k) => {
      if (isDivisor[k]) return leading(lo + hi, fine);
      const { over } = sums[k];
      const whole = over === null ? ONE : (box[over].lo + box[over].hi) / 2n;
      const step = scales[k].spread >> BigInt(fine);
      return whole === 0n ? 0n : ((lo + hi) * ONE) / whole / (step > 0n ? 2n * step : 2n);
    });
    spend(20 * box.length);
    const limits = open.map(({ sides: [a, b], comparison }) => `${textOf(a)}${comparison}${textOf(b)}`);
    return `${textOf(goal)};${[...rests].map(([token, rest]) => `${token}=${textOf(rest)}`).join()};${limits};${cells}`;
  }
}

interface Scale {
  /** How far the values of a sum, or of its quotient by another, lie apart. */
  readonly spread: bigint;
  /** What the width of a table is measured by. */
  readonly relevant: bigint;
}

function scaleOf(tables: Sum['table'], whole: Sum['table'] | null): Scale {
  const spread = [...tables.values()].reduce((total, table) => total + width(hull(table)), 0n);
  if (!whole) return { spread, relevant: spread };
  const ratios = [...tables].flatMap(([token, table]) =>
    table.map(({ hi }, k) => (hi * ONE) / ((whole.get(token)?.[k].hi ?? ONE) || 1n)),
  );
  const range = ratios.reduce((a, b) => (a > b ? a : b)) - ratios.reduce((a, b) => (a < b ? a : b));
  return { spread: range, relevant: (range * leastOf(whole)) / ONE };
}

function leastOf(tables: Sum['table']): bigint {
  return [...tables.values()].reduce((total, table) => total + (hull(table).lo > 0n ? hull(table).lo : 0n), 0n);
}

/** A number up to a factor of about 1 + 2^-bits. */
function leading(value: bigint, bits: number): string {
  const length = bitsOf(value);
  return `${length}:${value >> BigInt(Math.max(0, length - bits - 4))}`;
}

function hull(table: readonly Interval[]): Interval {
  return table.reduce(I.hull);
}

function width({ lo, hi }: Interval): bigint {
  return hi - lo;
}

/** Demands that an order holds the free tokens, each once. */
export function demandFree(
  order: readonly number[],
  alphabets: Task['alphabets'],
  determined: ReadonlyMap<number, Residual>,
): void {
  const free = alphabets.flatMap((values, token) => (values.length > 1 && !determined.has(token) ? [token] : []));
  const fits =
    order.length === free.length && new Set(order).size === free.length && order.every((token) => free.includes(token));
  demand(fits, 'an order does not hold the free tokens, each once');
}
