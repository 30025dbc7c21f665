import { isPast } from '../../deadline.js';
import type { Interval } from '../../numbers/interval.js';
import { bounds } from '../../numbers/interval.js';
import { addDown, addUp } from '../../numbers/rounding.js';
import { type Form, hullOf } from './form.js';

/**
 * The sequences of a domain, read token by token in some order, with all that the target and the conditions need to
 * remember of the tokens read so far: a state. Tokens that others determine come with the one that settles them.
 */
export interface Reading {
  /** How many tokens are free. */
  readonly length: number;
  readonly start: number;
  /** What is fixed from the beginning: tokens with one value. */
  readonly fixed: readonly Told[];
  /** The alphabet's size of the i-th token to be read. */
  sizeAt(i: number): number;
  /** The next state, and what the i-th token and those settled by it are; null where no sequence goes on like this. */
  step(state: number, i: number, value: number): { readonly state: number; readonly told: readonly Told[] } | null;
}

/** Token `token` has the value at place `value` of its alphabet. */
export interface Told {
  readonly token: number;
  readonly value: number;
}

/** Sequences that end in one state, and a box around the sums over their tokens. */
export interface Cell {
  readonly state: number;
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  /** One of the sequences, from its end. */
  readonly trace: Trace | null;
  /** How far that sequence goes along the slopes that were asked for. */
  readonly cost: number;
}

export interface Trace {
  readonly told: readonly Told[];
  readonly before: Trace | null;
}

/** How closely a scan looks. */
export interface Precision {
  /** A token whose values move a sum by at most this part of the sum's whole spread is not told apart. */
  readonly relevance: number;
  /** Cells of one state are merged when their middles lie in the same cell of a grid of this part of the spread. */
  readonly grid: number;
  readonly mostCells: number;
}

/** Why a scan came to no end. */
export interface TooMany {
  readonly kind: 'too-many';
  readonly reason: string;
}

type Tables = Form['tables'];

export interface ScanOptions {
  /** Which values of tokens are looked at; all unless said otherwise. */
  readonly keep?: (told: Told) => boolean;
  readonly deadline?: number | undefined;
  /** Which sums are divided by which. */
  readonly over?: ReadonlyMap<number, number>;
  /** Of the sequences of a class the one with the least sum of slope times sum is its example; else the first that was met. */
  readonly slopes?: readonly number[];
}

/**
 * All values that sums over tokens take together, for all sequences of a domain: cells that cover them, each with the
 * state of its sequences. Dynamic programming: after each token, cells of one state that lie close to each other are
 * merged into one around both.
 */
export function scan(
  reading: Reading,
  sums: readonly Tables[],
  { relevance, grid, mostCells }: Precision,
  { keep = () => true, deadline, over = new Map(), slopes }: ScanOptions = {},
): readonly Cell[] | TooMany {
  const denominators = new Set(over.values());
  const moving = tablesByToken(sums);
  const scales = sums.map((tables, c) =>
    scaleOf(tables, over.get(c) === undefined ? null : sums[over.get(c)!], denominators.has(c)),
  );
  const n = sums.length;
  const base = { lo: new Float64Array(n), hi: new Float64Array(n) };
  const specific = new Map<number, (readonly [component: number, table: readonly Interval[]])[]>();
  for (const [token, list] of moving) {
    const own = list.filter(([c, table]) => {
      if (widthOf(table) > relevance * scales[c].relevant) return true;
      add(base, c, hullOf(table));
      return false;
    });
    specific.set(token, own);
  }
  const start: Cell | null = told(
    { state: reading.start, ...base, trace: null, cost: 0 },
    reading.start,
    reading.fixed,
  );
  let cells: readonly Cell[] = start ? [start] : [];
  for (let i = 0; i < reading.length; i++) {
    const merged = new Map<string, Cell>();
    for (const cell of cells) {
      for (let value = 0; value < reading.sizeAt(i); value++) {
        const next = reading.step(cell.state, i, value);
        const found = next && told(cell, next.state, next.told);
        if (!found) continue;
        const key = keyOf(found);
        const known = merged.get(key);
        merged.set(key, known ? joined(known, found) : found);
      }
      if (merged.size > mostCells)
        return { kind: 'too-many', reason: `more than ${mostCells} classes of sequences after ${i + 1} tokens` };
    }
    if (isPast(deadline)) return { kind: 'too-many', reason: 'the time limit' };
    cells = [...merged.values()];
  }
  return cells;

  function told(cell: Cell, state: number, news: readonly Told[]): Cell | null {
    if (!news.every(keep)) return null;
    const box = { lo: cell.lo.slice(), hi: cell.hi.slice() };
    let { cost } = cell;
    for (const { token, value } of news) {
      for (const [c, table] of specific.get(token) ?? []) {
        add(box, c, table[value]);
        if (slopes) cost += slopes[c] * table[value].lo;
      }
    }
    return { state, ...box, cost, trace: news.length > 0 ? { told: news, before: cell.trace } : cell.trace };
  }

  function keyOf({ state, lo, hi }: Cell): string {
    let key = `${state}`;
    for (let c = 0; c < n; c++) key += `,${placeOf(c, (lo[c] + hi[c]) / 2, lo, hi)}`;
    return key;
  }

  /** The cell of the grid that the middle of a sum lies in. */
  function placeOf(c: number, middle: number, lo: Float64Array, hi: Float64Array): number | string {
    const { spread } = scales[c];
    if (!(spread > 0)) return 0;
    if (grid === 0) return `${lo[c]}:${hi[c]}`;
    if (denominators.has(c)) return Math.round(Math.log(middle) / grid);
    const whole = over.get(c);
    const value = whole === undefined ? middle : (2 * middle) / (lo[whole] + hi[whole]);
    return Number.isFinite(value) ? Math.round(value / (grid * spread)) : 0;
  }
}

interface Scale {
  /** How far the values of the sum, or of its quotient, lie apart. */
  readonly spread: number;
  /** What the width of a table is measured by. */
  readonly relevant: number;
}

/** Sums of powers are told apart by their logarithm, sums over them by the quotient, others as they are. */
function scaleOf(tables: Tables, whole: Tables | null, isDenominator: boolean): Scale {
  const spread = [...tables.values()].reduce((total, table) => total + widthOf(table), 0);
  if (isDenominator) return { spread, relevant: leastOf(tables) };
  if (!whole) return { spread, relevant: spread };
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [token, table] of tables) {
    table.forEach((value, k) => {
      const power = whole.get(token)?.[k];
      const ratio = power && power.hi > 0 ? value.hi / power.hi : 0;
      [lo, hi] = [Math.min(lo, ratio), Math.max(hi, ratio)];
    });
  }
  const range = Math.max(hi - lo, Number.MIN_VALUE);
  return { spread: range, relevant: range * leastOf(whole) };
}

function leastOf(tables: Tables): number {
  return [...tables.values()].reduce((total, table) => total + Math.max(0, hullOf(table).lo), 0);
}

/** The box of a cell as intervals. */
export function boxOf({ lo, hi }: Pick<Cell, 'lo' | 'hi'>): Interval[] {
  return Array.from(lo, (low, c) => bounds(low, hi[c], 0));
}

/** One sequence of a cell: the places of the values of its tokens. */
export function sequenceOf({ trace }: Cell): Map<number, number> {
  const values = new Map<number, number>();
  for (let at = trace; at; at = at.before) for (const { token, value } of at.told) values.set(token, value);
  return values;
}

function add({ lo, hi }: { lo: Float64Array; hi: Float64Array }, c: number, by: Interval): void {
  lo[c] = addDown(lo[c], by.lo);
  hi[c] = addUp(hi[c], by.hi);
}

function joined(a: Cell, b: Cell): Cell {
  const { trace, cost } = b.cost < a.cost ? b : a;
  return {
    state: a.state,
    ...{ trace, cost },
    lo: a.lo.map((x, c) => Math.min(x, b.lo[c])),
    hi: a.hi.map((x, c) => Math.max(x, b.hi[c])),
  };
}

function tablesByToken(sums: readonly Tables[]): Map<number, (readonly [number, readonly Interval[]])[]> {
  const found = new Map<number, (readonly [number, readonly Interval[]])[]>();
  sums.forEach((tables, c) => {
    for (const [token, table] of tables) {
      const list = found.get(token);
      if (list) list.push([c, table]);
      else found.set(token, [[c, table]]);
    }
  });
  return found;
}

function widthOf(table: readonly Interval[]): number {
  const { lo, hi } = hullOf(table);
  return hi - lo;
}
