import type { Node } from '../network/network.js';
import type { Operations, OpName } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import type { Algebra } from './algebra.js';
import { matmul } from './matmul.js';

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
    const [left, right] = [a.dense(algebra.zero), b.dense(algebra.zero)];
    const operation = pick(algebra);
    const [i, j] = [broadcastIndex(a.shape, shape), broadcastIndex(b.shape, shape)];
    return new Tensor(
      shape,
      Array.from({ length: sizeOf(shape) }, (_, k) => operation(left[i(k)], right[j(k)])),
    );
  };

const reduction =
  (pick: <S>(algebra: Algebra<S>) => (terms: readonly S[]) => S): Kernel<{ axis: number }> =>
  (algebra, [x], { axis }, shape) => {
    const reduce = pick(algebra);
    const rows: unknown[] = [];
    eachRow(x.shape, axis, (start, stride, length) =>
      rows.push(reduce(row(x.dense(algebra.zero), start, stride, length))),
    );
    return new Tensor(shape, rows as never[]);
  };

const fold =
  <S>(operation: (a: S, b: S) => S) =>
  (terms: readonly S[]): S =>
    terms.reduce((a, b) => operation(a, b));

/** How each operation is computed in any algebra. */
export const KERNELS: { readonly [K in ComputedOp]: Kernel<Operations[K]> } = {
  add: elementwise((algebra) => (a, b) => algebra.add(a, b)),
  sub: elementwise((algebra) => (a, b) => algebra.sub(a, b)),
  mul: elementwise((algebra) => (a, b) => algebra.mul(a, b)),
  min: elementwise((algebra) => (a, b) => algebra.min(a, b)),
  max: elementwise((algebra) => (a, b) => algebra.max(a, b)),
  relu: (algebra, [x]) => x.map((entry) => algebra.relu(entry)),
  matmul,
  softmax: (algebra, [x], { axis }, shape) => {
    const entries = x.dense(algebra.zero);
    const result = entries.slice();
    eachRow(x.shape, axis, (start, stride, length) => {
      algebra.softmax(row(entries, start, stride, length)).forEach((p, k) => {
        result[start + k * stride] = p;
      });
    });
    return new Tensor(shape, result);
  },
  reduceSum: reduction((algebra) => (terms) => algebra.sum(terms)),
  reduceMax: reduction((algebra) => fold((a, b) => algebra.max(a, b))),
  reduceMin: reduction((algebra) => fold((a, b) => algebra.min(a, b))),
  transpose: (algebra, [x], { perm }, shape) => {
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
    const blocks = Array.from({ length: outer }, (_, k) =>
      parts.map(({ entries, block }) => entries.slice(k * block, (k + 1) * block)),
    );
    return new Tensor(shape, blocks.flat(2) as never[]);
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
    const drive = matmul(algebra, [u, transposed(algebra.zero, b)], {}, [length, width]).data;
    const step = transposed(algebra.zero, a);
    const states: unknown[] = [];
    let state = new Tensor([width], new Array(width).fill(algebra.zero) as never[]);
    for (let t = 0; t < length; t++) {
      const moved = t === 0 ? state : matmul(algebra, [state, step], {}, [width]);
      state = new Tensor([width], moved.data.map((h, k) => algebra.add(h, drive[t * width + k])) as never[]);
      states.push(...state.data);
    }
    return new Tensor(shape, states as never[]);
  },
};

/** Runs the kernel of one node on the values of its arguments. */
export function compute<S>(algebra: Algebra<S>, node: Node, args: readonly Tensor<S>[]): Tensor<S> {
  const kernel = KERNELS[node.op as ComputedOp] as Kernel<never>;
  return kernel(algebra, args, node.attributes as never, sizes(node.shape));
}

/** Flat index in a tensor of `shape` that broadcasting reads for flat index k of the result. */
function broadcastIndex(shape: readonly number[], result: readonly number[]): (k: number) => number {
  const size = sizeOf(shape);
  if (size === sizeOf(result)) return (k) => k;
  if (size === 1) return () => 0;
  if (shape.every((length, axis) => length === result.at(axis - shape.length))) return (k) => k % size;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  const padded = [...new Array<number>(result.length - shape.length).fill(0), ...strides];
  return (k) => {
    let rest = k;
    let index = 0;
    for (let axis = result.length - 1; axis >= 0; axis--) {
      index += (rest % result[axis]) * padded[axis];
      rest = Math.floor(rest / result[axis]);
    }
    return index;
  };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

function rearranged<S>(entries: readonly S[], shape: readonly number[], strides: readonly number[]): Tensor<S> {
  const index = new Array<number>(shape.length).fill(0);
  let flat = 0;
  const result = Array.from({ length: sizeOf(shape) }, () => {
    const entry = entries[flat];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      flat += strides[axis];
      if (++index[axis] < shape[axis]) break;
      flat -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    return entry;
  });
  return new Tensor(shape, result);
}

function transposed<S>(zero: S, matrix: Tensor<S>): Tensor<S> {
  const [rows, columns] = matrix.shape;
  return rearranged(matrix.dense(zero), [columns, rows], [1, columns]);
}

function eachRow(
  shape: readonly number[],
  axis: number,
  visit: (start: number, stride: number, length: number) => void,
): void {
  const stride = sizeOf(shape.slice(axis + 1));
  const length = shape[axis];
  const outer = sizeOf(shape.slice(0, axis));
  for (let k = 0; k < outer; k++) {
    for (let j = 0; j < stride; j++) visit(k * length * stride + j, stride, length);
  }
}

function row<S>(entries: readonly S[], start: number, stride: number, length: number): S[] {
  return Array.from({ length }, (_, k) => entries[start + k * stride]);
}
