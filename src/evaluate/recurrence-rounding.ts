import type { RecurrenceChain, SparseRow, StateSpace } from '../network/state-space.js';
import { convolutionBounds } from '../numbers/convolution.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { FloatFormat } from '../numbers/format.js';
import type { Gaussian } from '../numbers/gaussian.js';
import type { Rational } from '../numbers/rational.js';
import { addUp, mulUp } from '../numbers/rounding.js';
import type { Accuracy } from './accuracy.js';
import { responseSizes, type Sizes, stateSizes } from './recurrence-sizes.js';
import { OverflowPossible, unitOf } from './rounded.js';

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
 * Throws OverflowPossible when a value may leave the format's range.
 */
export function recurrenceRounding(
  chain: RecurrenceChain<Rational>,
  model: StateSpace | null,
  length: number,
  format: FloatFormat,
  device: Accuracy,
): (input: readonly Rational[]) => Float64Array {
  const lags = responseSizes(chain, length);
  const norms = normsOf(chain, model);
  return (input) => {
    const { local, output } = localErrors(chain, norms, stateSizes(chain, input), input, format, device);
    const pairs = lags.flatMap((layer, k) => layer.map((response, i) => [response, local[k][i]] as const));
    const errors = convolutionBounds(pairs).map((error, t) => addUp(error, output[t]));
    if (!errors.every(Number.isFinite)) throw new OverflowPossible(format);
    return errors;
  };
}

const R = doubleIntervals;

/** A row by the sizes of its entries. */
type Weights = SparseRow<number>;

function weights(row: SparseRow<Rational>): Weights {
  return row.map(([j, entry]) => [j, R.outer(R.abs(R.of(entry))).hi] as const);
}

/** sum |w_j| v_j, rounded up. */
function weighed(row: Weights, sizes: ArrayLike<number>): number {
  return row.reduce((sum, [j, weight]) => addUp(sum, mulUp(weight, sizes[j])), 0);
}

/** Norms of the blocks of A_k and B_k that act on groups of one or two entries. */
interface Norms {
  readonly group: 1 | 2;
  readonly layers: readonly { readonly A: readonly Weights[]; readonly B: readonly Weights[] }[];
}

function normsOf({ layers }: RecurrenceChain<Rational>, model: StateSpace | null): Norms {
  if (model?.layers[0].poles.length !== layers[0].A.length / 2)
    return { group: 1, layers: layers.map(({ A, B }) => ({ A: A.map(weights), B: B.map(weights) })) };
  const modulus = ({ re, im }: Gaussian): number => R.sqrt(R.add(R.sqr(R.of(re)), R.sqr(R.of(im)))).hi;
  return {
    group: 2,
    layers: model.layers.map(({ poles, B }) => ({
      A: poles.map((pole, i) => [[i, modulus(pole)] as const]),
      B: B.map((row) => row.map(([j, entry]) => [j, modulus(entry)] as const)),
    })),
  };
}

/** |d_k(t)_i|, and the roundings of the output at each time. */
function localErrors(
  exact: RecurrenceChain<Rational>,
  norms: Norms,
  states: Sizes,
  input: readonly Rational[],
  format: FloatFormat,
  device: Accuracy,
): { readonly local: Sizes; readonly output: Float64Array } {
  const { product, sum, checked } = roundings(format, device);
  const layers = exact.layers.map(({ A, B }) => ({ A: A.map(weights), B: B.map(weights) }));
  const C = weights(exact.C);
  const length = input.length;
  const local = layers.map(({ A }) => A.map(() => new Float64Array(length)));
  const output = new Float64Array(length);
  const { group } = norms;
  const errors = norms.layers.map(({ A }) => new Float64Array(A.length));
  for (let t = 0; t < length; t++) {
    let belowError = new Float64Array(1);
    let driving = Float64Array.of(R.outer(R.abs(R.of(input[t]))).hi);
    layers.forEach(({ A, B }, k) => {
      const { A: turning, B: mixing } = norms.layers[k];
      const inherited = turning.map((row, g) => addUp(weighed(row, errors[k]), weighed(mixing[g], belowError)));
      const before = A.map((_, i) => (t === 0 ? 0 : addUp(states[k][i][t - 1], errors[k][Math.floor(i / group)])));
      const error = Float64Array.from(inherited);
      A.forEach((row, i) => {
        const g = Math.floor(i / group);
        const moved = product(row, before);
        const driven = product(B[i], driving);
        const own = addUp(moved.error, driven.error);
        const total = Math.min(addUp(moved.size, driven.size), addUp(states[k][i][t], addUp(inherited[g], own)));
        local[k][i][t] = addUp(own, moved.size > 0 && driven.size > 0 ? sum(total) : 0);
        error[g] = addUp(error[g], local[k][i][t]);
      });
      errors[k] = error;
      belowError = error;
      driving = Float64Array.from(A, (_, i) => checked(addUp(states[k][i][t], error[Math.floor(i / group)])));
    });
    output[t] = product(C, driving).error;
  }
  return { local, output };
}

/** The model of `rounded`: an inner product of a row with numbers of given sizes, and the sum of two. */
function roundings(format: FloatFormat, device: Accuracy) {
  const u = unitOf(format, device);
  const smallest = 2 ** format.minExponent;
  const eta = device.flushes ? smallest : smallest * 2 ** (1 - format.precision);
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  const checked = (bound: number): number => {
    if (!(bound <= largest)) throw new OverflowPossible(format);
    return bound;
  };
  const gamma = (n: number): number => {
    const nu = R.mul(R.fromDoubles(n, n), R.fromDoubles(u, u));
    const rest = R.sub(R.one, nu);
    if (!(rest.lo > 0)) throw new OverflowPossible(format);
    return R.div(nu, rest).hi;
  };
  /** What is lost where a device takes subnormal factors for 0. */
  const flushed = (row: Weights): number =>
    device.flushes ? row.reduce((total, [, weight]) => addUp(total, mulUp(weight, eta)), 0) : 0;
  return {
    checked,
    sum: (total: number): number => addUp(mulUp(u, total), eta),
    product: (row: Weights, sizes: ArrayLike<number>): { readonly error: number; readonly size: number } => {
      const n = row.length;
      const whole = weighed(row, sizes);
      if (whole === 0) return { error: 0, size: 0 };
      const isUnit = n === 1 && row[0][1] === 1;
      const relative = isUnit ? 0 : n === 1 ? u : gamma(n);
      const lost = isUnit ? 0 : mulUp(2 * n * eta, addUp(1, relative));
      const error = addUp(addUp(mulUp(relative, whole), lost), flushed(row));
      return { error, size: checked(addUp(whole, error)) };
    },
  };
}
