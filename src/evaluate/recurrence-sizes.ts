import type { RecurrenceChain, SparseRow } from '../network/state-space.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { Rational } from '../numbers/rational.js';

type Chain<S> = RecurrenceChain<S>;
/** Upper bounds of |v_k(t)_i| as [layer k][entry i][time t]. */
export type Sizes = readonly (readonly Float64Array[])[];

/** Where poles are complex, boxes turn and grow: then more digits keep them small. */
const LADDER = [256, 1024] as const;
/** Enclosures so much narrower than the largest entry of their layer are as good as points here. */
const SHARP = 2 ** -16;

/** The states at one input: |h_k(t)_i|. */
export function stateSizes(chain: Chain<Rational>, input: readonly Rational[]): Sizes {
  return sharp((A) => states(A, chain, input));
}

/** The output's response to a unit added to a state: |g_k(r)_i| as in `recurrenceRounding`. */
export function responseSizes(chain: Chain<Rational>, length: number): Sizes {
  return sharp((A) => responses(A, chain, length));
}

function sharp(enclose: <I>(arithmetic: Arithmetic<I>) => { readonly sizes: Sizes; readonly isSharp: boolean }): Sizes {
  let found = enclose(doubleIntervals);
  for (const bits of LADDER) {
    if (found.isSharp) break;
    found = enclose(ballIntervals(bits));
  }
  return found.sizes;
}

/** Collects sizes, and whether their enclosures are narrow. */
function collector(layers: readonly { readonly A: readonly unknown[] }[], length: number) {
  const sizes = layers.map(({ A }) => A.map(() => new Float64Array(length)));
  const widest = layers.map(() => 0);
  return {
    sizes,
    put: (k: number, i: number, t: number, { lo, hi }: { readonly lo: number; readonly hi: number }) => {
      sizes[k][i][t] = Math.max(-lo, hi);
      widest[k] = Math.max(widest[k], hi - lo);
    },
    isSharp: () =>
      sizes.every((layer, k) => {
        const largest = layer.reduce((most, entries) => entries.reduce((a, b) => Math.max(a, b), most), 0);
        return widest[k] <= SHARP * largest;
      }),
  };
}

function converted<I>(A: Arithmetic<I>, { layers, C }: Chain<Rational>): Chain<I> {
  const row = (entries: SparseRow<Rational>): SparseRow<I> => entries.map(([j, entry]) => [j, A.of(entry)] as const);
  return { layers: layers.map((layer) => ({ A: layer.A.map(row), B: layer.B.map(row) })), C: row(C) };
}

function applied<I>(A: Arithmetic<I>, row: SparseRow<I>, vector: readonly I[]): I {
  if (row.length === 1) return A.mul(row[0][1], vector[row[0][0]]);
  return A.dot(
    row.map(([, weight]) => weight),
    row.map(([j]) => vector[j]),
  );
}

function states<I>(A: Arithmetic<I>, exact: Chain<Rational>, input: readonly Rational[]) {
  const { layers } = converted(A, exact);
  const { sizes, put, isSharp } = collector(layers, input.length);
  const now = layers.map((layer) => layer.A.map(() => A.zero));
  input.forEach((x, t) => {
    let below: readonly I[] = [A.of(x)];
    layers.forEach((layer, k) => {
      const before = now[k];
      below = now[k] = layer.A.map((row, i) => A.add(applied(A, row, before), applied(A, layer.B[i], below)));
      below.forEach((value, i) => {
        put(k, i, t, A.outer(value));
      });
    });
  });
  return { sizes, isSharp: isSharp() };
}

function responses<I>(A: Arithmetic<I>, exact: Chain<Rational>, length: number) {
  const { layers, C } = converted(A, exact);
  const { sizes, put, isSharp } = collector(layers, length);
  const columns = layers.map((layer) => ({ A: transposed(layer.A), B: transposed(layer.B) }));
  const now = layers.map((layer) => layer.A.map(() => A.zero));
  const last = layers.length - 1;
  for (let lag = 0; lag < length; lag++) {
    const readout = new Map(lag === 0 ? C : []);
    for (let k = last; k >= 0; k--) {
      const before = now[k];
      now[k] = before.map((_, i) => {
        const above = k === last ? (readout.get(i) ?? A.zero) : applied(A, columns[k + 1].B[i] ?? [], now[k + 1]);
        return A.add(applied(A, columns[k].A[i] ?? [], before), above);
      });
      now[k].forEach((value, i) => {
        put(k, i, lag, A.outer(value));
      });
    }
  }
  return { sizes, isSharp: isSharp() };
}

function transposed<I>(rows: readonly SparseRow<I>[]): SparseRow<I>[] {
  const columns: [number, I][][] = [];
  rows.forEach((row, i) => {
    for (const [j, entry] of row) {
      columns[j] ??= [];
      columns[j].push([i, entry]);
    }
  });
  return columns;
}
