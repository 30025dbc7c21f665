import type { RecurrenceChain, SparseRow, StateSpace } from '../network/state-space.js';
import { convolutionBounds } from '../numbers/convolution.js';
import { type SparseRows, sparseRows } from '../numbers/double-double-sums.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { type FloatFormat, isNormal } from '../numbers/format.js';
import type { Gaussian } from '../numbers/gaussian.js';
import {
  type ChainErrors,
  type DoubleLayer,
  type FormatNumbers,
  type Held,
  type LayerStates,
  localErrorsByTwo,
} from '../numbers/kernels/recurrence.js';
import type { Rational } from '../numbers/rational.js';
import { addUp, isSafeProduct, productError, SMALLEST, subUp } from '../numbers/rounding.js';
import type { Accuracy } from './accuracy.js';
import { responseSizes, type States } from './recurrence-sizes.js';
import { OverflowPossible, unitOf } from './rounded.js';
import { partialSumsOf } from './summation.js';

/**
 * How far any execution of a chain of recurrences may be from its exact output at an input of `length` steps, step by step:
 * the weights and the input are numbers of the format, the chain reads the row C of the last states.
 *
 * What the device holds is h'_k(t) = A_k h'_k(t-1) + B_k h'_(k-1)(t) + d_k(t), where d_k(t) are the roundings of two inner
 * products and a sum, bounded entry by entry as in `rounded`. The error e = h' - h obeys the same linear recurrence, driven
 * by d, so
 *   |y'(t) - y(t)| <= sum over k, i and s <= t of |g_k(t - s)_i| |d_k(s)_i|  +  the roundings of C h'_l(t),
 * where g_k(0), g_k(1), ... is the response of the output to a unit added to a state of layer k:
 *   g_l(0) = C,  g_k(r) = g_k(r-1) A_k + g_(k+1)(r) B_(k+1).
 * Intervals through the recurrence would take the moduli of A and B at every step instead; that coarser bound
 * |e_k(t)| <= |A| |e_k(t-1)| + |B| |e_(k-1)(t)| + |d_k(t)| is used for the size of the h' that are rounded, where it enters
 * with another factor u. Pairs of entries that stand for complex numbers are bounded by their moduli together, as blocks
 * [[a, -b], [b, a]] turn them: `model` is the chain in complex numbers, where it has this form.
 *
 * A product is off by u, a sum of n of them as `rounded` says, with what is known of their signs: what the device holds lies
 * within the error of the exact state. All numbers here are bounds that are not negative, in plain doubles: after n
 * operations they are multiplied by more than what these may have lost.
 *
 * Throws OverflowPossible when a value may leave the format's range.
 */
export function recurrenceRounding(
  chain: RecurrenceChain<Rational>,
  model: StateSpace | null,
  length: number,
  format: FloatFormat,
  device: Accuracy,
): (inputs: readonly (readonly Rational[])[], states: readonly States[]) => Float64Array[] {
  const lags = responseSizes(chain, length);
  const norms = normsOf(chain, model);
  const rounding = new Rounding(format, device);
  const C = weights([chain.C]);
  return (inputs, states) => {
    const held = inputs.map(asHeld);
    const layers = states.map((state) => state.layers);
    const found = localErrorsTogether(rounding, norms, held, layers) ?? localErrors(rounding, norms, held, layers);
    return found.map(({ local, held: last, largest }) => {
      rounding.checked(largest);
      const output = rounding.products(C, last, length);
      const pairs = lags.map((layer, k) => [layer, local[k]] as const);
      const errors = convolutionBounds(pairs, length).map((error, t) => addUp(error, output[t]));
      if (!errors.every(Number.isFinite)) throw new OverflowPossible(format);
      return errors;
    });
  };
}

function asHeld(input: readonly Rational[]): Held {
  const ends = input.map(R.of);
  return {
    centre: Float64Array.from(ends, ({ lo }) => lo),
    reach: Float64Array.from(ends, ({ lo, hi }) => subUp(hi, lo)),
    sizes: Float64Array.from(input, sizeOf),
  };
}

const R = doubleIntervals;

const sizeOf = (entry: Rational): number => R.outer(R.abs(R.of(entry))).hi;

/** Rows by the sizes of their entries, with their signs. */
function weights(rows: readonly SparseRow<Rational>[]): SparseRows {
  return sparseRows(rows.map((row) => row.map(([j, entry]) => [j, entry.sign() * sizeOf(entry)] as const)));
}

/** A bound of what a number that is not negative is, from its value after `operations` roundings to nearest. */
function raised(value: number, operations: number): number {
  return value * (1 + (operations + 2) * 2 ** -52) + operations * SMALLEST;
}

/**
 * At least a + b for numbers that are not negative, which it is where one is 0. Two roundings lose less than 2^-52 of a sum; sums
 * that underflow are exact.
 */
function plus(a: number, b: number): number {
  return a === 0 ? b : b === 0 ? a : (a + b) * (1 + 2 ** -51);
}

/** sum |w_j| v_j over a row, rounded up, where the vector begins at `first`. */
function weighed(
  { starts, columns, weights: entries }: SparseRows,
  i: number,
  sizes: Float64Array,
  first: number,
): number {
  let [sum, isZero] = [0, true];
  for (let k = starts[i]; k < starts[i + 1]; k++) {
    const size = sizes[first + columns[k]];
    if (size === 0) continue;
    sum += Math.abs(entries[k]) * size;
    isZero = false;
  }
  return isZero ? 0 : raised(sum, 2 * (starts[i + 1] - starts[i]));
}

/** The matrices of a chain, and norms of their blocks that act on groups of one or two entries. */
interface Norms {
  readonly group: 1 | 2;
  readonly layers: readonly LayerNorms[];
}

interface LayerNorms extends DoubleLayer {
  readonly turning: SparseRows;
  readonly mixing: SparseRows;
}

function normsOf(chain: RecurrenceChain<Rational>, model: StateSpace | null): Norms {
  const layers = chain.layers.map(({ A, B }) => ({ A: weights(A), B: weights(B) }));
  if (model?.layers[0].poles.length !== chain.layers[0].A.length / 2)
    return { group: 1, layers: layers.map(({ A, B }) => ({ A, B, turning: A, mixing: B })) };
  const modulus = ({ re, im }: Gaussian): number => R.sqrt(R.add(R.sqr(R.of(re)), R.sqr(R.of(im)))).hi;
  return {
    group: 2,
    layers: model.layers.map(({ poles, B }, k) => ({
      ...layers[k],
      turning: sparseRows(poles.map((pole, i) => [[i, modulus(pole)] as const])),
      mixing: sparseRows(B.map((row) => row.map(([j, entry]) => [j, modulus(entry)] as const))),
    })),
  };
}

/** By the kernel, for rows that it knows. */
function localErrorsTogether(
  rounding: Rounding,
  { group, layers }: Norms,
  inputs: readonly Held[],
  states: readonly (readonly LayerStates[])[],
): readonly ChainErrors[] | null {
  const isShort = ({ starts }: SparseRows) => starts.every((start, i) => i === 0 || start - starts[i - 1] <= 2);
  const isKnown = group === 1 && layers.every(({ A, B }) => isShort(A) && isShort(B));
  const format = isKnown ? rounding.numbers() : null;
  return format && localErrorsByTwo(layers, inputs, states, format);
}

/** In JavaScript. */
function localErrors(
  rounding: Rounding,
  { group, layers }: Norms,
  inputs: readonly Held[],
  states: readonly (readonly LayerStates[])[],
): readonly ChainErrors[] {
  return inputs.map((input, sample) => {
    const { length } = input.centre;
    let driving = input;
    let below = new Float64Array(length);
    const local = layers.map((layer, k) => {
      const { sizes, spread, centre } = states[sample][k];
      const own = new Float64Array(sizes.length);
      const error = new Float64Array(sizes.length / group);
      const held = { centre, reach: new Float64Array(sizes.length), sizes: new Float64Array(sizes.length) };
      const vectors = { own, error, held, below, driving, spread, sizes };
      // A function of its own, as loops within loops are compiled again and again while they run for the first time.
      for (let t = 0; t < length; t++) advance(rounding, layer, group, vectors, length, t);
      [below, driving] = [error, held];
      return own;
    });
    return { local, held: driving, largest: 0 };
  });
}

interface LayerVectors {
  /** |d(t)_i|. */
  readonly own: Float64Array;
  /** How far the groups of states may be off. */
  readonly error: Float64Array;
  readonly held: Held;
  /** The error of what drives the layer, and what is held of that. */
  readonly below: Float64Array;
  readonly driving: Held;
  readonly spread: Float64Array;
  readonly sizes: Float64Array;
}

/** What a layer is at time t, from what it was before and what drives it. */
function advance(
  rounding: Rounding,
  { A, B, turning, mixing }: LayerNorms,
  group: 1 | 2,
  { own, error, held, below, driving, spread, sizes }: LayerVectors,
  length: number,
  t: number,
): void {
  const { found } = rounding;
  const width = own.length / length;
  const groups = error.length / length;
  const source = (t * driving.centre.length) / length;
  const sourceError = (t * below.length) / length;
  for (let g = 0; g < groups; g++) {
    const moving = t === 0 ? 0 : weighed(turning, g, error, (t - 1) * groups);
    const inherited = plus(moving, weighed(mixing, g, below, sourceError));
    let total = inherited;
    const first = t * width + g * group;
    for (let at = first; at < first + group; at++) {
      const i = at - t * width;
      let moved = 0;
      let movedError = 0;
      if (t > 0) {
        rounding.product(A, i, held, (t - 1) * width);
        moved = found[SIZE];
        movedError = found[ERROR];
      }
      rounding.product(B, i, driving, source);
      const driven = found[SIZE];
      const inner = plus(movedError, found[ERROR]);
      const most = Math.min(plus(moved, driven), plus(sizes[at], plus(inherited, inner)));
      const d = plus(inner, moved > 0 && driven > 0 ? rounding.sum(most) : 0);
      own[at] = d;
      total = plus(total, d);
    }
    error[t * groups + g] = total;
    for (let at = first; at < first + group; at++) {
      held.reach[at] = plus(spread[at], total);
      held.sizes[at] = rounding.checked(plus(sizes[at], total));
    }
  }
}

const [ERROR, SIZE] = [0, 1];

/** The model of `rounded`: an inner product of a row with numbers that are held, and the sum of two. */
class Rounding {
  /** What `product` found last, in typed numbers, as other objects get a new number at each change. */
  readonly found = new Float64Array(2);
  private readonly u: number;
  private readonly eta: number;
  private readonly largest: number;
  private readonly gammas: number[] = [];
  private readonly scratch: (readonly [Float64Array, Float64Array])[] = [];

  constructor(
    private readonly format: FloatFormat,
    private readonly device: Accuracy,
  ) {
    this.u = unitOf(format, device);
    const smallest = 2 ** format.minExponent;
    this.eta = device.flushes ? smallest : smallest * 2 ** (1 - format.precision);
    this.largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  }

  /** The numbers of the format as the kernel wants them; null where subnormal numbers may be taken for 0. */
  numbers(): FormatNumbers | null {
    const { u, eta, format } = this;
    return this.device.flushes ? null : { u, eta, gamma: this.gamma(2), ...format };
  }

  checked(bound: number): number {
    if (!(bound <= this.largest)) throw new OverflowPossible(this.format);
    return bound;
  }

  sum(total: number): number {
    return raised(this.u * total + this.eta, 2);
  }

  /** How far the inner products of one row and vectors over time may be off. */
  products(row: SparseRows, v: Held, length: number): Float64Array {
    const width = v.centre.length / length;
    return Float64Array.from({ length }, (_, t) => {
      this.product(row, 0, v, t * width);
      return this.found[ERROR];
    });
  }

  /** Finds how far the inner product of a row and numbers that are held, from `first` on, may be off, and how large it is. */
  product(rows: SparseRows, i: number, v: Held, first: number): void {
    const { found, u, eta } = this;
    const { flushes } = this.device;
    const start = rows.starts[i];
    const n = rows.starts[i + 1] - start;
    const whole = weighed(rows, i, v.sizes, first);
    found[ERROR] = 0;
    found[SIZE] = 0;
    if (whole === 0) return;
    const at = first + rows.columns[start];
    const isUnit = n === 1 && Math.abs(rows.weights[start]) === 1;
    if (n === 1 && this.isExact(rows.weights[start], v, at)) found[SIZE] = this.checked(whole);
    else if (isUnit && !flushes) found[SIZE] = this.checked(v.sizes[at]);
    else {
      const relative = n > 1 ? this.summed(rows, i, v, first, whole) : isUnit ? 0 : raised(u * whole, 1);
      const lost = isUnit ? 0 : 2 * n * eta * (1 + (n > 1 ? this.gamma(n) : u));
      let flushed = 0;
      // What is lost where a device takes subnormal factors for 0.
      if (flushes) for (let k = 0; k < n; k++) flushed += Math.abs(rows.weights[start + k]) * eta;
      const error = raised(relative + lost + flushed, 2 * n + 6);
      found[ERROR] = error;
      found[SIZE] = this.checked(raised(whole + error, 1));
    }
  }

  private gamma(n: number): number {
    const { gammas } = this;
    if (gammas[n] !== undefined) return gammas[n];
    const nu = R.mul(R.fromDoubles(n, n), R.fromDoubles(this.u, this.u));
    const rest = R.sub(R.one, nu);
    if (!(rest.lo > 0)) throw new OverflowPossible(this.format);
    gammas[n] = R.div(nu, rest).hi;
    return gammas[n];
  }

  /** Whether the format holds the product of a weight and a number that is known. */
  private isExact(weight: number, { centre, reach }: Held, j: number): boolean {
    if (reach[j] !== 0) return false;
    const { format } = this;
    const [x, product] = [centre[j], weight * centre[j]];
    if (!isNormal(weight, format) || !isNormal(x, format) || !isNormal(product, format)) return false;
    return isSafeProduct(weight, x, product) && productError(weight, x, product) === 0;
  }

  /** The products of a row with numbers that are held, whose sizes add up to `whole`: how far their sum may be off. */
  private summed(rows: SparseRows, i: number, { centre, reach }: Held, first: number, whole: number): number {
    const start = rows.starts[i];
    const n = rows.starts[i + 1] - start;
    this.scratch[n] ??= [new Float64Array(n), new Float64Array(n)];
    const [positive, negative] = this.scratch[n];
    for (let k = 0; k < n; k++) {
      const j = first + rows.columns[start + k];
      const weight = rows.weights[start + k];
      const c = weight < 0 ? -centre[j] : centre[j];
      const r = reach[j];
      positive[k] = c + r > 0 ? raised(Math.abs(weight) * (c + r), 2) : 0;
      negative[k] = r - c > 0 ? raised(Math.abs(weight) * (r - c), 2) : 0;
    }
    const g = this.gamma(n);
    const partial =
      n === 2
        ? Math.max(plus(positive[0], positive[1]), plus(negative[0], negative[1]))
        : partialSumsOf(positive, negative);
    return Math.min(raised(this.u * (1 + g) * (whole + partial), 4), raised(g * whole, 1));
  }
}
