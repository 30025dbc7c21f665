/**
 * A one-hidden-layer ReLU net through N given points, with weights that floats can hold.
 *
 * Choose a direction w with u_k = w.X_k pairwise distinct, and sort: u_1 < ... < u_N. Any continuous function that is
 * linear between N - 1 breakpoints, one inside each gap (u_k, u_{k+1}), has one free slope per point. We take slopes
 * of equal size and alternating sign, s_k = (-1)^k M: then line k through (u_k, y_k) and line k + 1 meet at
 *   b_k = (u_k + u_{k+1})/2 + (y_{k+1} - y_k) / (2 s_k),
 * which lies in the gap exactly when |y_{k+1} - y_k| <= M (u_{k+1} - u_k). With M the least such power of two, and
 * with dyadic data, every weight is dyadic: the interpolant through the points themselves would have slopes
 * (y_{k+1} - y_k)/(u_{k+1} - u_k), which no float format holds. The net is
 *   y(u) = y_1 + s_1 relu(u - u_1) + sum_{k=1..N-1} (s_{k+1} - s_k) relu(u - b_k),   N ReLUs,
 * with zero error on the data. The separation min (u_{k+1} - u_k) and the largest weight 2M decide which float
 * formats keep the memory.
 */
import {
  approximate,
  type Builder,
  floorLog2,
  type LabelledSequence,
  lcm,
  lehmer,
  type Node,
  Rational,
  tensor,
} from '../src/index.js';

/** Node of u = w.X, a tensor [1]. */
export const PROJECTION = 'projection';

export interface Memory {
  /** The direction w, integers. */
  readonly direction: readonly Rational[];
  /** u_k in increasing order. */
  readonly projections: readonly Rational[];
  /** The labels in the same order. */
  readonly labels: readonly Rational[];
}

/** Adds u = w.X and the net y(u) on top of `x` [channel E]; returns y [value 1]. */
export function memorizer(b: Builder, x: Node, { direction, projections, labels }: Memory): Node {
  const N = projections.length;
  const { breakpoints, slopeChanges } = zigzag(projections, labels);
  const w = b.constant(tensor([direction.length, 1], direction), 'direction', 'weight', {
    channel: direction.length,
    u: 1,
  });
  const u = b.matmul(x, w, PROJECTION);
  const fan = b.constant(
    tensor(
      [1, N],
      projections.map(() => Rational.one),
    ),
    'hidden.weight',
    'weight',
    { u: 1, unit: N },
  );
  const bias = b.constant(
    tensor(
      [N],
      breakpoints.map((knot) => knot.neg()),
    ),
    'hidden.bias',
    'weight',
    { unit: N },
  );
  const hidden = b.relu(b.affine(u, fan, bias, 'hidden.sum'), 'hidden');
  const output = b.constant(tensor([N, 1], slopeChanges), 'output.weight', 'weight', { unit: N, value: 1 });
  return b.affine(hidden, output, b.constant(tensor([1], [labels[0]]), 'output.bias', 'weight', { value: 1 }), 'label');
}

/** Parameters of the net: E for w, N + N for the hidden layer, N + 1 for the output. */
export function memorizerParameters(N: number, E: number): number {
  return 3 * N + E + 1;
}

function zigzag(u: readonly Rational[], y: readonly Rational[]): { breakpoints: Rational[]; slopeChanges: Rational[] } {
  const M = steepness(u, y);
  const half = Rational.of(1, 2);
  const breakpoints = [u[0]];
  const slopeChanges = [M];
  for (let k = 0; k + 1 < u.length; k++) {
    const slope = k % 2 === 0 ? M : M.neg();
    const middle = u[k].add(u[k + 1]).mul(half);
    breakpoints.push(middle.add(y[k + 1].sub(y[k]).div(slope).mul(half)));
    slopeChanges.push(slope.mul(Rational.of(-2)));
  }
  return { breakpoints, slopeChanges };
}

/** The least power of two M with |y_{k+1} - y_k| <= M (u_{k+1} - u_k) for all k. */
function steepness(u: readonly Rational[], y: readonly Rational[]): Rational {
  let steepest = Rational.zero;
  for (let k = 0; k + 1 < u.length; k++)
    steepest = steepest.max(
      y[k + 1]
        .sub(y[k])
        .abs()
        .div(u[k + 1].sub(u[k])),
    );
  if (steepest.isZero()) return Rational.one;
  const power = Rational.pow2(floorLog2(steepest.num, steepest.den));
  return power.lt(steepest) ? power.add(power) : power;
}

const TRIES = 16;
const LARGEST_ENTRY = 2 ** 20;

/**
 * A direction with small integer entries on which the sequences project to distinct numbers, found by a fixed search:
 * entries up to 1, 2, 4, ..., sixteen pseudo-random directions each; of the first size that works the direction with
 * the largest separation relative to its range. Should none work, powers of a number larger than any difference do.
 */
export function separatingDirection(sequences: readonly LabelledSequence[]): Rational[] {
  const scale = sequences.reduce(
    (q, { values }) => values.reduce((p, { den }) => (p % den === 0n ? p : lcm(p, den)), q),
    1n,
  );
  const integers = sequences.map(({ values }) => values.map(({ num, den }) => num * (scale / den)));
  const largest = integers.reduce(
    (most, values) => values.reduce((m, value) => (value > m ? value : -value > m ? -value : m), most),
    0n,
  );
  const floats = integers.map((values) => Float64Array.from(values, Number));
  const E = integers[0].length;
  const random = lehmer(0);
  for (let size = 1; size <= LARGEST_ENTRY; size *= 2) {
    const candidates = Array.from({ length: TRIES }, () =>
      integers[0].map(() => Math.floor(random() * (2 * size + 1)) - size),
    );
    // Then no projection exceeds 2^52, nor does a difference of two exceed 2^53: sums of doubles are exact.
    const areSmall = largest * BigInt(E * size) <= 1n << 52n;
    const scores = candidates.map((direction) =>
      areSmall ? separationOfFloats(floats, direction) : relativeSeparation(integers, direction.map(BigInt)),
    );
    const best = scores.reduce((top, score, k) => (score > scores[top] ? k : top), 0);
    if (scores[best] > 0) return candidates[best].map((entry) => Rational.of(entry));
  }
  return integers[0].map((_, k) => Rational.of((2n * largest + 1n) ** BigInt(k)));
}

/** The same as `relativeSeparation`, of numbers that doubles hold. */
function separationOfFloats(rows: readonly Float64Array[], direction: readonly number[]): number {
  const seen = new Set<number>();
  for (const row of rows) {
    let u = 0;
    for (let k = 0; k < row.length; k++) u += row[k] * direction[k];
    if (seen.size === seen.add(u).size) return 0;
  }
  if (rows.length === 1) return 1;
  const projections = Float64Array.from(seen).sort();
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < projections.length; k++) smallest = Math.min(smallest, projections[k] - projections[k - 1]);
  return smallest / (projections[projections.length - 1] - projections[0]);
}

/** Smallest gap over range of the projections, as far as doubles tell; 0 exactly when two coincide. */
function relativeSeparation(integers: readonly (readonly bigint[])[], direction: readonly bigint[]): number {
  const projections = integers.map((values) => values.reduce((u, value, k) => u + value * direction[k], 0n));
  projections.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (projections.length === 1) return 1;
  let smallest: bigint | null = null;
  for (let k = 1; k < projections.length; k++) {
    const gap = projections[k] - projections[k - 1];
    if (smallest === null || gap < smallest) smallest = gap;
  }
  if (smallest === 0n) return 0;
  const ratio = Rational.of(smallest!, projections[projections.length - 1] - projections[0]);
  return Math.max(approximate(ratio), Number.MIN_VALUE);
}
