import { borrow, spend } from '../budget.js';
import { demand, demandEach, demandShown } from '../failure.js';
import { bitsOf, Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { compared } from '../relations.js';
import type { Side } from '../side.js';
import { isToken, type Residual, textOf, told } from './residual.js';
import type { Sum } from './sums.js';

type Interval = I.Interval;

/** Sequences of a domain: alphabets, what they have to satisfy, and the target. */
export interface Task {
  readonly alphabets: readonly (readonly bigint[])[];
  readonly filters: readonly Filter[];
  readonly target: Residual;
}

export interface Filter {
  readonly sides: readonly [Residual, Residual];
  readonly comparison: string;
}

/** A class of sequences: what is left of the task, and where the sums over their tokens lie. */
export interface Class {
  readonly filters: readonly Filter[];
  readonly target: Residual;
  readonly box: readonly Interval[];
}

/** A token and its value. */
type Told = readonly [token: number, value: bigint];

const MOST_CLASSES = 50_000;
const ZERO: Interval = { lo: 0n, hi: 0n };

/**
 * Covers all sequences by classes, reading tokens in the given order; one that is not read there is what a filter says that it equals,
 * once that is known. Classes with the same rest whose boxes lie in the same cell of a grid become one; a token whose values move a sum
 * by less than the spread over 2^fine is not told apart.
 */
export function classes(
  { alphabets, filters, target }: Task,
  sums: readonly Sum[],
  order: readonly number[],
  fine: number,
): readonly Class[] {
  const base: Interval[] = [];
  const moving = alphabets.map((): (readonly [sum: number, table: readonly Interval[]])[] => []);
  for (const [k, { table: sum, isOfMean }] of sums.entries()) {
    const limit = isOfMean ? leastOf(sum) : spreadOf(sum);
    let rest = ZERO;
    for (const [token, table] of sum) {
      if (width(hull(table)) <= limit >> BigInt(fine)) rest = I.add(rest, hull(table));
      else moving[token].push([k, table]);
    }
    base.push(rest);
  }
  const isEqualled = (token: number) =>
    filters.some(
      ({ sides, comparison }) => comparison === '=' && sides.some((side) => isToken(side) && side.token === token),
    );
  const awaited = new Set(
    alphabets.flatMap(({ length }, token) => (length > 1 && !order.includes(token) ? [token] : [])),
  );
  demandEach(awaited, isEqualled, 'a token is neither read nor determined by others');
  demand(
    new Set(order).size === order.length && order.every((token) => alphabets[token].length > 1),
    'a token is read twice',
  );
  let found: readonly Class[] = settled({ filters, target, box: base }, null);
  for (const [token, [value, ...others]] of alphabets.entries()) {
    if (others.length === 0) found = found.flatMap((one) => settled(one, [token, value]));
  }
  for (const token of order) {
    const merged = new Map<string, Class>();
    for (const one of found) {
      for (const value of alphabets[token]) {
        for (const next of settled(one, [token, value])) {
          const text = keyOf(next);
          const before = merged.get(text);
          merged.set(text, before ? { ...next, box: before.box.map((x, k) => I.hull(x, next.box[k])) } : next);
        }
      }
      demandShown(merged.size <= MOST_CLASSES, 'there are too many classes of sequences');
    }
    found = [...merged.values()];
  }
  demandEach(found, (one) => one.filters.length === 0, 'tokens determine each other in a circle');
  return found;

  /** The class once a token is known, and those that are then determined; none where no sequence is like this. */
  function settled(from: Class, first: Told | null): Class[] {
    spend(100 + 20 * from.filters.length);
    borrow(500);
    let { target: goal, filters: open } = from;
    const box = [...from.box];
    for (let next = first ?? determined(open); next; next = determined(open)) {
      const [token, value] = next;
      const place = alphabets[token].indexOf(value);
      if (place < 0) return [];
      for (const [k, table] of moving[token]) box[k] = I.add(box[k], table[place]);
      goal = told(goal, token, value);
      open = open.map(({ sides: [a, b], comparison }) => ({
        sides: [told(a, token, value), told(b, token, value)],
        comparison,
      }));
    }
    const left: Filter[] = [];
    for (const filter of open) {
      const [a, b] = filter.sides;
      if (typeof a !== 'bigint' || typeof b !== 'bigint') left.push(filter);
      else if (!compared(exactly(a), filter.comparison, exactly(b))) return [];
    }
    return [{ filters: left, target: goal, box }];
  }

  /** A token that waits for what it equals, where that is known by now. */
  function determined(open: readonly Filter[]): Told | null {
    for (const { sides, comparison } of open) {
      for (const [k, side] of comparison === '=' ? sides.entries() : []) {
        const value = sides[1 - k];
        if (typeof value === 'bigint' && isToken(side) && awaited.has(side.token)) return [side.token, value];
      }
    }
    return null;
  }

  function keyOf({ filters: open, target: goal, box }: Class): string {
    const cells = box.map(({ lo, hi }) => leading(lo + hi, fine));
    spend(20 * box.length);
    const limits = open.map(({ sides: [a, b], comparison }) => `${textOf(a)}${comparison}${textOf(b)}`);
    return `${textOf(goal)};${limits};${cells}`;
  }
}

function spreadOf(tables: Sum['table']): bigint {
  return [...tables.values()].reduce((total, table) => total + width(hull(table)), 0n);
}

function leastOf(tables: Sum['table']): bigint {
  return [...tables.values()].reduce((total, table) => total + (hull(table).lo > 0n ? hull(table).lo : 0n), 0n);
}

/** A number up to a factor of about 1 + 2^-bits. */
function leading(value: bigint, bits: number): string {
  const length = bitsOf(value);
  return `${length}:${value >> BigInt(Math.max(0, length - bits - 4))}`;
}

function exactly(value: bigint): Side {
  return { lo: Fraction.of(value), hi: Fraction.of(value) };
}

function hull(table: readonly Interval[]): Interval {
  return table.reduce(I.hull);
}

function width({ lo, hi }: Interval): bigint {
  return hi - lo;
}
