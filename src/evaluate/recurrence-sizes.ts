import type { RecurrenceChain, SparseRow } from '../network/state-space.js';
import { ballIntervals } from '../numbers/balls.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { type Pairs, pairs, recurrenceInPairs, type SparseRows, sparseRows } from '../numbers/double-double-sums.js';
import { FORMATS } from '../numbers/format.js';
import type { Rational } from '../numbers/rational.js';
import { addUp, subUp } from '../numbers/rounding.js';

type Chain<S> = RecurrenceChain<S>;

/** Entries of vectors over time, layer by layer: entry i of n at time t stands at n t + i. */
export type Trajectories = readonly Float64Array[];

/** v_k(t)_i lies within `spread` of `centre`, and |v_k(t)_i| is at most `sizes`. */
export interface States {
  readonly centre: Trajectories;
  readonly spread: Trajectories;
  readonly sizes: Trajectories;
  /** The output C v_l(t) lies between two sums of two doubles; null where the states are not known by doubles. */
  readonly output: readonly Ends[] | null;
}

interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

/** Where poles are complex, boxes turn and grow: then more digits keep them small. */
const LADDER = [256, 1024] as const;
/** Enclosures so much narrower than the largest entry of their layer are as good as points here. */
const SHARP = 2 ** -16;

/** The states at one input, and the output. */
export function statesAt(chain: Chain<Rational>, input: readonly Rational[]): States {
  let found = byPairs(chain, input);
  for (const bits of LADDER) {
    if (found && isSharp(found)) break;
    found = byBalls(bits, chain, input);
  }
  return found!;
}

/**
 * |g_k(r)_i|, the output's response to a unit added to a state, as in `recurrenceRounding`: the states of the chain that goes the
 * other way, from C through the transposed A_l, B_l, ..., A_1, at an impulse.
 */
export function responseSizes({ layers, C }: Chain<Rational>, length: number): Trajectories {
  const reversed = layers.map((_, k) => layers[layers.length - 1 - k]);
  const back = reversed.map(({ A }, k) => ({
    A: transposed(A, A.length),
    B: k === 0 ? transposed([C], A.length) : transposed(reversed[k - 1].B, A.length),
  }));
  const impulse = Array.from({ length }, (_, t) => (t === 0 ? UNIT : NOTHING));
  return [...statesAt({ layers: back, C: [] }, impulse).sizes].reverse();
}

const [UNIT, NOTHING] = [fromFloat(1), fromFloat(0)];

function transposed<S>(rows: readonly SparseRow<S>[], width: number): SparseRow<S>[] {
  const columns = Array.from({ length: width }, (): [number, S][] => []);
  rows.forEach((row, i) => {
    for (const [j, entry] of row) columns[j].push([i, entry]);
  });
  return columns;
}

function empty({ layers }: Chain<Rational>, length: number) {
  const zeros = () => layers.map(({ A }) => new Float64Array(A.length * length));
  return { centre: zeros(), spread: zeros(), sizes: zeros() };
}

function isSharp({ spread, sizes }: States): boolean {
  return sizes.every((layer, k) => 2 * largest(spread[k]) <= SHARP * largest(layer));
}

function largest(entries: Float64Array): number {
  let most = 0;
  for (const entry of entries) most = Math.max(most, entry);
  return most;
}

/** In pairs of doubles, layer by layer; null where weights or inputs are no doubles, or values are beyond them. */
function byPairs(chain: Chain<Rational>, input: readonly Rational[]): States | null {
  const rows = doubles([chain.C, ...chain.layers.flatMap(({ A, B }) => [...A, ...B])]);
  const driving = doubles([input.map((x, t) => [t, x] as const)])?.[0];
  if (!rows || !driving) return null;
  const steps = input.length;
  const C = sparseRows([rows.shift()!]);
  const [centre, spread, sizes]: Float64Array[][] = [[], [], []];
  let below = pairs(Float64Array.from(driving, ([, x]) => x));
  for (const { A } of chain.layers) {
    const [own, mixing] = [rows.splice(0, A.length), rows.splice(0, A.length)].map(sparseRows);
    below = recurrenceInPairs(own, mixing, below, steps);
    const bounds = boundsOf(below);
    if (!bounds) return null;
    centre.push(below.high);
    spread.push(bounds.spread);
    sizes.push(bounds.sizes);
  }
  const { high, low, radius } = recurrenceInPairs(NO_ROWS, C, below, steps);
  const output: Ends[] = [];
  for (let t = 0; t < steps; t++) {
    if (!(Math.abs(high[t]) < Number.POSITIVE_INFINITY && radius[t] < Number.POSITIVE_INFINITY)) return null;
    const [middle, reach] = [fromFloat(high[t]).add(fromFloat(low[t])), fromFloat(radius[t])];
    output.push({ lo: middle.sub(reach), hi: middle.add(reach) });
  }
  return { centre, spread, sizes, output };
}

const NO_ROWS: SparseRows = sparseRows([[]]);

/** How far entries may lie from their high parts, and how large they may be; null where one is not finite. */
function boundsOf({
  high,
  low,
  radius,
}: Pairs): { readonly spread: Float64Array; readonly sizes: Float64Array } | null {
  const [spread, sizes] = [new Float64Array(high.length), new Float64Array(high.length)];
  for (let i = 0; i < high.length; i++) {
    const size = Math.abs(high[i]);
    const most = addUp(Math.abs(low[i]), radius[i]);
    if (!(size < Number.POSITIVE_INFINITY && most < Number.POSITIVE_INFINITY)) return null;
    spread[i] = most;
    sizes[i] = addUp(size, most);
  }
  return { spread, sizes };
}

/** Rows of doubles; null when an entry is none. */
function doubles(rows: readonly SparseRow<Rational>[]): (readonly [number, number])[][] | null {
  const found: (readonly [number, number])[][] = [];
  for (const row of rows) {
    const own: (readonly [number, number])[] = [];
    for (const [j, entry] of row) {
      const float = toFloat(entry, FORMATS.float64, 'nearest');
      if (!Number.isFinite(float) || !fromFloat(float).equals(entry)) return null;
      own.push([j, float]);
    }
    found.push(own);
  }
  return found;
}

function byBalls(bits: number, exact: Chain<Rational>, input: readonly Rational[]): States {
  const A = ballIntervals(bits);
  type Ball = typeof A.zero;
  const converted = (entries: SparseRow<Rational>): SparseRow<Ball> =>
    entries.map(([j, entry]) => [j, A.of(entry)] as const);
  const applied = (row: SparseRow<Ball>, vector: readonly Ball[]): Ball =>
    row.length === 1
      ? A.mul(row[0][1], vector[row[0][0]])
      : A.dot(
          row.map(([, weight]) => weight),
          row.map(([j]) => vector[j]),
        );
  const layers = exact.layers.map((layer) => ({ A: layer.A.map(converted), B: layer.B.map(converted) }));
  const found = empty(exact, input.length);
  const now = layers.map((layer) => layer.A.map(() => A.zero));
  input.forEach((x, t) => {
    let below: readonly Ball[] = [A.of(x)];
    layers.forEach((layer, k) => {
      const before = now[k];
      below = now[k] = layer.A.map((row, i) => A.add(applied(row, before), applied(layer.B[i], below)));
      below.forEach((value, i) => {
        const { lo, hi } = A.outer(value);
        const [centre, at] = [lo / 2 + hi / 2, t * layer.A.length + i];
        found.centre[k][at] = centre;
        found.spread[k][at] = Math.max(subUp(hi, centre), subUp(centre, lo));
        found.sizes[k][at] = Math.max(-lo, hi);
      });
    });
  });
  return { ...found, output: null };
}
