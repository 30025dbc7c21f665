import type { RecurrenceChain, SparseRow } from '../network/state-space.js';
import { ballIntervals } from '../numbers/balls.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { type Pairs, sparseRows } from '../numbers/double-double-sums.js';
import { FORMATS } from '../numbers/format.js';
import { follow, type LayerStates } from '../numbers/kernels/recurrence.js';
import type { Rational } from '../numbers/rational.js';
import { subUp } from '../numbers/rounding.js';
import { type Ends, onGrid } from './grid.js';

type Chain<S> = RecurrenceChain<S>;

/** The states of a chain at one input, layer by layer. */
export interface States {
  readonly layers: readonly LayerStates[];
  /** Where the output C v_l(t) lies; null where it has no bounds. */
  readonly output: readonly Ends[] | null;
}

/** Where poles are complex, boxes turn and grow: then more digits keep them small. */
const LADDER = [256, 1024] as const;
/** Enclosures so much narrower than the largest entry of their layer are as good as points here. */
const SHARP = 2 ** -16;

/** The states at each input, and the output; where they are not to be kept, only how large they are. */
export function statesAt(chain: Chain<Rational>, inputs: readonly (readonly Rational[])[], keeps = true): States[] {
  return byPairs(chain, inputs, keeps).map((inPairs, k) => {
    let found = inPairs;
    for (const bits of LADDER) {
      if (found && isSharp(found)) break;
      found = byBalls(bits, chain, inputs[k]);
    }
    return found!;
  });
}

/**
 * |g_k(r)_i|, the output's response to a unit added to a state, as in `recurrenceRounding`: the states of the chain that goes the
 * other way, from C through the transposed A_l, B_l, ..., A_1, at an impulse.
 */
export function responseSizes({ layers, C }: Chain<Rational>, length: number): Float64Array[] {
  const reversed = layers.map((_, k) => layers[layers.length - 1 - k]);
  const back = reversed.map(({ A }, k) => ({
    A: transposed(A, A.length),
    B: k === 0 ? transposed([C], A.length) : transposed(reversed[k - 1].B, A.length),
  }));
  const impulse = Array.from({ length }, (_, t) => (t === 0 ? UNIT : NOTHING));
  const [states] = statesAt({ layers: back, C: [] }, [impulse]);
  return states.layers.map(({ sizes }) => sizes).reverse();
}

const [UNIT, NOTHING] = [fromFloat(1), fromFloat(0)];

function transposed<S>(rows: readonly SparseRow<S>[], width: number): SparseRow<S>[] {
  const columns = Array.from({ length: width }, (): [number, S][] => []);
  rows.forEach((row, i) => {
    for (const [j, entry] of row) columns[j].push([i, entry]);
  });
  return columns;
}

function isSharp({ layers }: States): boolean {
  return layers.every(({ largest }) => 2 * largest.spread <= SHARP * largest.size);
}

/** In pairs of doubles; null where weights or inputs are no doubles, or values are beyond them. */
function byPairs(
  chain: Chain<Rational>,
  inputs: readonly (readonly Rational[])[],
  keeps: boolean,
): readonly (States | null)[] {
  const rows = doubles([chain.C, ...chain.layers.flatMap(({ A, B }) => [...A, ...B])]);
  const driving = doubles(inputs.map((input) => input.map((x, t) => [t, x] as const)));
  if (!rows || !driving) return inputs.map(() => null);
  const C = sparseRows([rows.shift()!]);
  const layers = chain.layers.map(({ A }) => ({
    A: sparseRows(rows.splice(0, A.length)),
    B: sparseRows(rows.splice(0, A.length)),
  }));
  const sequences = driving.map((entries) => Float64Array.from(entries, ([, x]) => x));
  return follow({ layers, C }, sequences, keeps).map(
    (found) => found && { layers: found.layers, output: endsOf(found.output) },
  );
}

function endsOf({ high, low, radius }: Pairs): Ends[] {
  return Array.from(high, (value, t) => {
    const [middle, reach] = [fromFloat(value).add(fromFloat(low[t])), fromFloat(radius[t])];
    return { lo: middle.sub(reach), hi: middle.add(reach) };
  });
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
  const found = layers.map(({ A: { length } }) => {
    const [centre, spread, sizes] = [0, 1, 2].map(() => new Float64Array(length * input.length));
    return { centre, spread, sizes };
  });
  const now = layers.map((layer) => layer.A.map(() => A.zero));
  const C = converted(exact.C);
  const output: (Ends | null)[] = [];
  input.forEach((x, t) => {
    let below: readonly Ball[] = [A.of(x)];
    layers.forEach((layer, k) => {
      const before = now[k];
      below = now[k] = layer.A.map((row, i) => A.add(applied(row, before), applied(layer.B[i], below)));
      below.forEach((value, i) => {
        const { lo, hi } = A.outer(value);
        const [centre, at] = [lo / 2 + hi / 2, t * layer.A.length + i];
        found[k].centre[at] = centre;
        found[k].spread[at] = Math.max(subUp(hi, centre), subUp(centre, lo));
        found[k].sizes[at] = Math.max(-lo, hi);
      });
    });
    const read = applied(C, below);
    const [lower, upper] = [A.lower(read), A.upper(read)];
    output.push(lower && upper ? onGrid(lower, upper) : null);
  });
  const largestOf = (entries: Float64Array) => entries.reduce((most, entry) => Math.max(most, entry), 0);
  return {
    layers: found.map((layer) => ({
      ...layer,
      largest: { size: largestOf(layer.sizes), spread: largestOf(layer.spread) },
    })),
    output: output.every((ends) => ends !== null) ? output : null,
  };
}
