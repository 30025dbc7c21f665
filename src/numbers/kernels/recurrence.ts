import { type Pairs, pairs, recurrenceInPairs, type SparseRows, sparseRows } from '../double-double-sums.js';
import { addUp } from '../rounding.js';
import { kernelFrom } from './instance.js';
import assembled from './recurrence.wat';

/** A chain of recurrences in doubles, h_1(t) = A_1 h_1(t-1) + B_1 x(t), h_k(t) = A_k h_k(t-1) + B_k h_(k-1)(t), y(t) = C h_l(t). */
export interface DoubleChain {
  readonly layers: readonly DoubleLayer[];
  readonly C: SparseRows;
}

export interface DoubleLayer {
  readonly A: SparseRows;
  readonly B: SparseRows;
}

/** What is known of the states of a layer at one input: entry i of n at time t stands at n t + i. */
export interface LayerStates {
  /** h lies within `spread` of `centre`, and |h| is at most `sizes`; empty where they are not kept. */
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  readonly sizes: Float64Array;
  readonly largest: { readonly size: number; readonly spread: number };
}

export interface ChainStates {
  readonly layers: readonly LayerStates[];
  readonly output: Pairs;
}

/** The states at each input and whether to keep them; null where a number is beyond all doubles. */
export type Follow = (
  chain: DoubleChain,
  inputs: readonly Float64Array[],
  keeps: boolean,
) => readonly (ChainStates | null)[];

/** In JavaScript, by `recurrenceInPairs`. */
export const followPlainly: Follow = (chain, inputs, keeps) => inputs.map((input) => followOne(chain, input, keeps));

function followOne({ layers, C }: DoubleChain, input: Float64Array, keeps: boolean): ChainStates | null {
  const found: LayerStates[] = [];
  let below = pairs(input);
  for (const { A, B } of layers) {
    below = recurrenceInPairs(A, B, below, input.length);
    const { high, low, radius } = below;
    const spread = low.map((rest, i) => addUp(Math.abs(rest), radius[i]));
    const sizes = high.map((value, i) => addUp(Math.abs(value), spread[i]));
    const largest = { size: largestOf(sizes), spread: largestOf(spread) };
    if (!(largest.size < Number.POSITIVE_INFINITY)) return null;
    found.push({ ...(keeps ? { centre: high, spread, sizes } : NONE), largest });
  }
  const output = recurrenceInPairs(NO_ROWS, C, below, input.length);
  return isFinitePairs(output) ? { layers: found, output } : null;
}

const NO_ROWS = sparseRows([[]]);
const NO_ENTRIES = new Float64Array(0);
const NONE = { centre: NO_ENTRIES, spread: NO_ENTRIES, sizes: NO_ENTRIES };

/** The largest entry, or one that is NaN. */
function largestOf(entries: Float64Array): number {
  let most = 0;
  for (const entry of entries) most = Math.max(most, entry);
  return most;
}

function isFinitePairs({ high, radius }: Pairs): boolean {
  return high.every(Number.isFinite) && radius.every(Number.isFinite);
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  states: Step;
  errors: Step;
}

/** Goes through a layer from the time t to the time before `last`. */
type Step = (
  A: number,
  B: number,
  height: number,
  t: number,
  last: number,
  h0: number,
  h1: number,
  plane: number,
  x0: number,
  x1: number,
  inputPlane: number,
  inputStep: number,
) => void;

const kernel = kernelFrom<Kernel>(assembled);

/** Where the numbers of a format stand, and those of what is largest; behind them are vectors and matrices. */
const [LARGEST_SIZES, LARGEST_SPREADS, FIRST] = [80, 96, 128];
/** Entries that are worked out in one call, so that later calls run what has been optimised meanwhile. */
const CHUNK = 4096;
/** As a memory never becomes smaller, longer vectors are left to JavaScript. */
const MOST_BYTES = 2 ** 28;
const [STATE_PLANES, ERROR_PLANES] = [5, 7];

/** Vectors of `width` entries over time at two inputs, or twice at the same one. */
interface Vectors {
  readonly width: number;
  readonly at: readonly [number, number];
  /** Bytes of a plane. */
  readonly plane: number;
}

/** Room in the kernel's memory for the vectors of one layer and of what drives it, by turns, and for matrices behind them. */
class Room {
  private readonly regions: readonly number[];
  private readonly matrices: number;

  private constructor(
    readonly kernel: Kernel,
    private readonly steps: number,
    private readonly planes: number,
    regionSize: number,
  ) {
    this.regions = [FIRST, FIRST + regionSize];
    this.matrices = FIRST + 2 * regionSize;
  }

  /** Null where there is no kernel, or not so much memory. */
  static for(layers: readonly DoubleLayer[], steps: number, planes: number): Room | null {
    const widest = layers.reduce((most, { B }) => Math.max(most, B.starts.length - 1), 1);
    const regionSize = 2 * planes * 8 * steps * widest;
    const room = layers.reduce((most, { A, B }) => Math.max(most, bytesOf(A) + bytesOf(B)), 0);
    const bytes = FIRST + 2 * regionSize + room;
    const own = bytes <= MOST_BYTES ? kernel(bytes) : null;
    return own && new Room(own, steps, planes, regionSize);
  }

  /** Layer k = 0, 1, ..., or -1 for the input. */
  vectors(k: number, width: number, isTwice: boolean): Vectors {
    const plane = 8 * width * this.steps;
    const first = this.regions[(k + 2) % 2];
    return { width, plane, at: [first, isTwice ? first : first + this.planes * plane] };
  }

  /** One plane of a vector at one input, as long as the memory stays as large as it is. */
  plane({ at, plane }: Vectors, lane: number, n: number): Float64Array {
    return new Float64Array(this.kernel.memory.buffer, at[lane] + n * plane, plane / 8);
  }

  /** What was largest at the two inputs since it was asked last. */
  largest(at: number): number[] {
    const peaks = new Float64Array(this.kernel.memory.buffer, at, 2);
    const found = [...peaks];
    peaks.fill(0);
    return found;
  }

  run(step: Step, { A, B }: DoubleLayer, own: Vectors, below: Vectors): void {
    const { buffer } = this.kernel.memory;
    const other = place(buffer, this.matrices, A);
    place(buffer, other, B);
    const times = Math.max(1, Math.floor(CHUNK / own.width));
    for (let t = 0; t < this.steps; t += times) {
      const last = Math.min(t + times, this.steps);
      const [h0, h1] = own.at;
      const [x0, x1] = below.at;
      step(this.matrices, other, own.width, t, last, h0, h1, own.plane, x0, x1, below.plane, 8 * below.width);
    }
  }
}

/** The table of a matrix and its entries, each on a multiple of 8 bytes. */
function bytesOf({ starts, columns }: SparseRows): number {
  return 8 * Math.ceil(starts.length / 2) + 16 * columns.length;
}

/** Puts a matrix down from an address on; the first address behind it. */
function place(buffer: ArrayBuffer, at: number, matrix: SparseRows): number {
  const { starts, columns, weights } = matrix;
  const end = at + bytesOf(matrix);
  const first = end - 16 * columns.length;
  const table = new Int32Array(buffer, at, starts.length);
  starts.forEach((start, i) => {
    table[i] = first + 16 * start;
  });
  const [entries, places] = [new Float64Array(buffer, first), new Int32Array(buffer, first)];
  for (let k = 0; k < columns.length; k++) {
    entries[2 * k] = weights[k];
    places[4 * k + 2] = 8 * columns[k];
  }
  return end;
}

/** The inputs two by two. */
function byTwo<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.flatMap((_, k) => (k % 2 === 0 ? [all.slice(k, k + 2)] : []));
}

/** The same by `recurrence.wat`, two inputs at a time: the same numbers. Where there is no SIMD, in JavaScript. */
export const follow: Follow = (chain, inputs, keeps) => {
  const room = Room.for(chain.layers, inputs[0]?.length ?? 0, STATE_PLANES);
  if (!room) return followPlainly(chain, inputs, keeps);
  return byTwo(inputs).flatMap((both) => followTwo(room, chain, both, keeps));
};

function followTwo(
  room: Room,
  { layers, C }: DoubleChain,
  inputs: readonly Float64Array[],
  keeps: boolean,
): readonly (ChainStates | null)[] {
  const isTwice = inputs.length === 1;
  const found = inputs.map((): LayerStates[] => []);
  let below = room.vectors(-1, 1, isTwice);
  inputs.forEach((input, lane) => {
    room.plane(below, lane, 0).set(input);
    for (const rest of [1, 2]) room.plane(below, lane, rest).fill(0);
  });
  const { states } = room.kernel;
  for (const at of [LARGEST_SIZES, LARGEST_SPREADS]) room.largest(at);
  layers.forEach((layer, k) => {
    const own = room.vectors(k, layer.B.starts.length - 1, isTwice);
    room.run(states, layer, own, below);
    const [sizes, spreads] = [LARGEST_SIZES, LARGEST_SPREADS].map((at) => room.largest(at));
    found.forEach((of, lane) => {
      const kept = (n: number) => room.plane(own, lane, n).slice();
      const entries = keeps ? { centre: kept(0), spread: kept(3), sizes: kept(4) } : NONE;
      of.push({ ...entries, largest: { size: sizes[lane], spread: spreads[lane] } });
    });
    below = own;
  });
  const last = room.vectors(layers.length, 1, isTwice);
  room.run(states, { A: NO_ROWS, B: C }, last, below);
  return found.map((of, lane) => {
    const [high, low, radius] = [0, 1, 2].map((n) => room.plane(last, lane, n).slice());
    const output = { high, low, radius };
    const isBounded = of.every(({ largest }) => largest.size < Number.POSITIVE_INFINITY);
    return isBounded && isFinitePairs(output) ? { layers: of, output } : null;
  });
}

/** What a device holds of numbers: within `reach` of `centre`, and at most `sizes` in modulus. Entry i of n at time t stands at n t + i. */
export interface Held {
  readonly centre: Float64Array;
  readonly reach: Float64Array;
  readonly sizes: Float64Array;
}

/** What roundings make of a chain at one input. */
export interface ChainErrors {
  /** |d_k(t)_i|, layer by layer. */
  readonly local: readonly Float64Array[];
  /** What is held of the states of the last layer. */
  readonly held: Held;
  /** The largest number that is held. */
  readonly largest: number;
}

/** The numbers of a format in which the products of two numbers, and of one, are added up. */
export interface FormatNumbers {
  readonly u: number;
  readonly eta: number;
  /** u n/(1 - u n) for two products. */
  readonly gamma: number;
  readonly precision: number;
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** At each input the local errors as `recurrenceRounding` says, for rows of at most two entries; null where there is no SIMD. */
export function localErrorsByTwo(
  layers: readonly DoubleLayer[],
  inputs: readonly Held[],
  states: readonly (readonly LayerStates[])[],
  format: FormatNumbers,
): readonly ChainErrors[] | null {
  const room = Room.for(layers, inputs[0]?.centre.length ?? 0, ERROR_PLANES);
  if (!room) return null;
  putFormat(room.kernel.memory.buffer, format);
  const cases = inputs.map((input, k) => ({ input, states: states[k] }));
  return byTwo(cases).flatMap((both) => errorsOfTwo(room, layers, both));
}

function putFormat(buffer: ArrayBuffer, format: FormatNumbers): void {
  const { u, eta, gamma, precision, minExponent, maxExponent } = format;
  const lost = [2 * eta * (1 + u), 4 * eta * (1 + gamma)];
  new Float64Array(buffer, 0, 6).set([u, ...lost, gamma, u * (1 + gamma), eta]);
  new BigUint64Array(buffer, 48, 1)[0] = (1n << BigInt(53 - precision)) - 1n;
  new Float64Array(buffer, 56, 2).set([2 ** minExponent, 2 ** (maxExponent + 1)]);
}

function errorsOfTwo(
  room: Room,
  layers: readonly DoubleLayer[],
  cases: readonly { readonly input: Held; readonly states: readonly LayerStates[] }[],
): readonly ChainErrors[] {
  const isTwice = cases.length === 1;
  const local = cases.map((): Float64Array[] => []);
  let below = room.vectors(-1, 1, isTwice);
  cases.forEach(({ input: { centre, reach, sizes } }, lane) => {
    room.plane(below, lane, 0).set(centre);
    room.plane(below, lane, 4).fill(0);
    room.plane(below, lane, 5).set(reach);
    room.plane(below, lane, 6).set(sizes);
  });
  room.largest(LARGEST_SIZES);
  layers.forEach((layer, k) => {
    const own = room.vectors(k, layer.B.starts.length - 1, isTwice);
    cases.forEach(({ states }, lane) => {
      const { centre, spread, sizes } = states[k];
      for (const [n, given] of [centre, spread, sizes].entries()) room.plane(own, lane, n).set(given);
    });
    room.run(room.kernel.errors, layer, own, below);
    for (const [lane, of] of local.entries()) of.push(room.plane(own, lane, 3).slice());
    below = own;
  });
  const largest = room.largest(LARGEST_SIZES);
  return cases.map((_, lane) => {
    const [centre, reach, sizes] = [0, 5, 6].map((n) => room.plane(below, lane, n).slice());
    return { local: local[lane], held: { centre, reach, sizes }, largest: largest[lane] };
  });
}
