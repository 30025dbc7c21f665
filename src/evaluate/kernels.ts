import type { Node } from '../network/network.js';
import type { FunctionName, Operations, OpName } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { sizeOf, sparse, Tensor } from '../network/tensor.js';
import type { Algebra } from './algebra.js';
import {
  broadcast,
  broadcastIndex,
  broadcastSupport,
  eachRow,
  fromPairs,
  rearranged,
  row,
  sparseTranspose,
  stridesOf,
  transposed,
} from './indexing.js';
import { matmul, rowTimes, sparseRows } from './matmul.js';
import { memoised } from './memoised.js';

type Kernel<Attributes> = <S>(
  algebra: Algebra<S>,
  args: readonly Tensor<S>[],
  attributes: Attributes,
  shape: readonly number[],
) => Tensor<S>;

/** Operations that compute; inputs and constants are values before any kernel runs. */
export type ComputedOp = Exclude<OpName, 'input' | 'constant'>;

const elementwise =
  (pick: <S>(algebra: Algebra<S>) => (a: S, b: S) => S): Kernel<object> =>
  (algebra, [a, b], _, shape) => {
    const [left, right] = [a, b].map((x) => broadcast(x.dense(algebra.zero), x.shape, shape));
    const operation = memoised(algebra, pick(algebra));
    return new Tensor(
      shape,
      left.map((entry, k) => operation(entry, right[k])),
    );
  };

/** A sum of two sparse tensors of one shape is sparse. */
const sparseWhereBoth =
  (pick: <S>(algebra: Algebra<S>) => (a: S, b: S) => S): Kernel<object> =>
  (algebra, [a, b], attributes, shape) => {
    const isSame = a.shape.length === b.shape.length && a.size === b.size && a.size === sizeOf(shape);
    if (!(a.support && b.support && isSame)) return elementwise(pick)(algebra, [a, b], attributes, shape);
    const operation = memoised(algebra, pick(algebra));
    const pairs: (readonly [number, typeof algebra.zero])[] = [];
    for (let i = 0, j = 0; i < a.support.length || j < b.support.length; ) {
      const [p, q] = [a.support[i] ?? Number.POSITIVE_INFINITY, b.support[j] ?? Number.POSITIVE_INFINITY];
      pairs.push([Math.min(p, q), operation(p <= q ? a.data[i] : algebra.zero, q <= p ? b.data[j] : algebra.zero)]);
      if (p <= q) i++;
      if (q <= p) j++;
    }
    return sparse(shape, pairs);
  };

const reduction =
  (pick: <S>(algebra: Algebra<S>) => (terms: readonly S[]) => S): Kernel<{ axis: number }> =>
  (algebra, [x], { axis }, shape) => {
    const reduce = pick(algebra);
    const entries = x.dense(algebra.zero);
    const rows: unknown[] = [];
    eachRow(x.shape, axis, (start, stride, length) => rows.push(reduce(row(entries, start, stride, length))));
    return new Tensor(shape, rows as never[]);
  };

/** Zeros that are not stored have values too. */
const pointwise =
  (fn: FunctionName): Kernel<object> =>
  (algebra, [x], _, shape) =>
    new Tensor(
      shape,
      x.dense(algebra.zero).map((entry) => algebra.apply(fn, entry)),
    );

/** A function of the entries along an axis that gives as many. */
const alongRows =
  <Attributes extends { readonly axis: number }>(
    map: <S>(algebra: Algebra<S>, x: readonly S[], attributes: Attributes) => readonly S[],
  ): Kernel<Attributes> =>
  (algebra, [x], attributes, shape) => {
    const entries = x.dense(algebra.zero);
    const result = entries.slice();
    eachRow(x.shape, attributes.axis, (start, stride, length) => {
      const values = map(algebra, row(entries, start, stride, length), attributes);
      for (let k = 0; k < length; k++) result[start + k * stride] = values[k];
    });
    return new Tensor(shape, result);
  };

const fold =
  <S>(operation: (a: S, b: S) => S) =>
  (terms: readonly S[]): S =>
    terms.reduce((a, b) => operation(a, b));

const elementwiseMul = elementwise((algebra) => (a, b) => algebra.mul(a, b));

/** A product with a sparse tensor is sparse. */
function sparseMul<S>(algebra: Algebra<S>, a: Tensor<S>, b: Tensor<S>, shape: readonly number[]): Tensor<S> {
  const index = broadcastIndex(b.shape, shape);
  return fromPairs(
    shape,
    broadcastSupport(a, shape).map(
      ([flat, k]) => [flat, algebra.mul(a.data[k], b.at(index(flat), algebra.zero))] as const,
    ),
  );
}

/** How each operation is computed in any algebra. */
export const KERNELS: { readonly [K in ComputedOp]: Kernel<Operations[K]> } = {
  add: sparseWhereBoth((algebra) => (a, b) => algebra.add(a, b)),
  sub: sparseWhereBoth((algebra) => (a, b) => algebra.sub(a, b)),
  mul: (algebra, args, attributes, shape) => {
    const [a, b] = args;
    if (a.support) return sparseMul(algebra, a, b, shape);
    if (b.support) return sparseMul(algebra, b, a, shape);
    return elementwiseMul(algebra, args, attributes, shape);
  },
  min: elementwise((algebra) => (a, b) => algebra.min(a, b)),
  max: elementwise((algebra) => (a, b) => algebra.max(a, b)),
  relu: (algebra, [x]) => {
    const relu = memoised(algebra, (entry: typeof algebra.zero) => algebra.relu(entry));
    return x.map((entry) => relu(entry, entry));
  },
  matmul,
  div: elementwise((algebra) => (a, b) => algebra.div(a, b)),
  exp: pointwise('exp'),
  log: pointwise('log'),
  sqrt: pointwise('sqrt'),
  tanh: pointwise('tanh'),
  sigmoid: pointwise('sigmoid'),
  erf: pointwise('erf'),
  sin: pointwise('sin'),
  cos: pointwise('cos'),
  power: (algebra, [x], { exponent }) => x.map((entry) => algebra.power(entry, exponent)),
  normalise: alongRows((algebra, x, { epsilon }) => algebra.normalise(x, epsilon)),
  argmax: reduction((algebra) => (terms) => algebra.argmax(terms)),
  softmax: alongRows((algebra, z) => algebra.softmax(z)),
  reduceSum: reduction((algebra) => (terms) => algebra.sum(terms)),
  reduceMax: reduction((algebra) => fold((a, b) => algebra.max(a, b))),
  reduceMin: reduction((algebra) => fold((a, b) => algebra.min(a, b))),
  transpose: (algebra, [x], { perm }, shape) => {
    if (x.support) return sparseTranspose(x, shape, perm);
    const strides = stridesOf(x.shape);
    return rearranged(
      x.dense(algebra.zero),
      shape,
      perm.map((axis) => strides[axis]),
    );
  },
  reshape: (_, [x], __, shape) => new Tensor(shape, x.data, x.support),
  concat: (algebra, args, { axis }, shape) => {
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    const parts = args.map((arg) => ({ entries: arg.dense(algebra.zero), block: arg.shape[axis] * inner }));
    const result: unknown[] = [];
    for (let k = 0; k < outer; k++) {
      for (const { entries, block } of parts) {
        for (let j = k * block; j < (k + 1) * block; j++) result.push(entries[j]);
      }
    }
    return new Tensor(shape, result as never[]);
  },
  gather: (algebra, [x], { axis, indices }, shape) => {
    const entries = x.dense(algebra.zero);
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    const result: unknown[] = [];
    for (let k = 0; k < outer; k++) {
      for (const index of indices) {
        const start = (k * x.shape[axis] + index) * inner;
        for (let j = 0; j < inner; j++) result.push(entries[start + j]);
      }
    }
    return new Tensor(shape, result as never[]);
  },
  recurrence: (algebra, [u, a, b], _, shape) => {
    const [length, width] = shape;
    if (algebra.recurrence) {
      const [A, B] = [a, b].map(sparseRows);
      return new Tensor(shape, algebra.recurrence(A, B, u.dense(algebra.zero), length));
    }
    const drive = matmul(algebra, [u, transposed(algebra.zero, b)], {}, [length, width]).dense(algebra.zero);
    const step = rowTimes(algebra, transposed(algebra.zero, a));
    const states: unknown[] = [];
    let state: readonly unknown[] = new Array(width).fill(algebra.zero);
    for (let t = 0; t < length; t++) {
      const moved = t === 0 ? state : step(state as never[]);
      state = moved.map((h, k) => algebra.add(h as never, drive[t * width + k]));
      for (const h of state) states.push(h);
    }
    return new Tensor(shape, states as never[]);
  },
};

/** Runs the kernel of one node on the values of its arguments. */
export function compute<S>(algebra: Algebra<S>, node: Node, args: readonly Tensor<S>[]): Tensor<S> {
  const kernel = KERNELS[node.op as ComputedOp] as Kernel<never>;
  return kernel(algebra, args, node.attributes as never, sizes(node.shape));
}
