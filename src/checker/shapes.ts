import { demand } from './failure.js';
import { FUNCTIONS, type Network, type Node, sizeOf } from './network.js';

type Shape = readonly number[];

/** Demands that every node has the shape that its operation gives to its arguments. Throws Rejected. */
export function demandShapes({ nodes }: Network): void {
  for (const [k, node] of nodes.entries()) {
    const args = node.inputs.map((input) => nodes[input]);
    demandShape(node, k, args);
  }
}

/** Demands that node k has the shape that its operation gives to these arguments. Throws Rejected. */
export function demandShape(node: Node, k: number, args: readonly { readonly shape: Shape }[]): void {
  const shape = SHAPES[node.op](
    args.map((arg) => arg.shape),
    node,
  );
  const fits = shape !== null && isSame(shape, node.shape);
  demand(fits, () => `node ${k}, ${node.op}, has the shape [${shape ?? 'none'}] and not [${node.shape}]`);
}

type Inferred = (args: readonly Shape[], node: Node) => Shape | null;

const own: Inferred = (_, { shape }) => shape;
const elementwise: Inferred = ([a, b]) => broadcast(a, b);
const reduction: Inferred = ([x], { axis }) => (axis < x.length ? x.filter((_, k) => k !== axis) : null);

const unchanged: Inferred = ([x]) => x;
const alongAxis: Inferred = ([x], { axis }) => (axis < x.length ? x : null);

/** The shape of each operation's result; null where its arguments do not fit. */
const SHAPES: Readonly<Record<string, Inferred>> = {
  input: own,
  constant: own,
  add: elementwise,
  sub: elementwise,
  mul: elementwise,
  min: elementwise,
  max: elementwise,
  div: elementwise,
  ...Object.fromEntries(['relu', 'power', ...FUNCTIONS].map((op) => [op, unchanged])),
  softmax: alongAxis,
  normalise: alongAxis,
  argmax: reduction,
  reduceSum: reduction,
  reduceMax: reduction,
  reduceMin: reduction,
  reshape: ([x], { shape }) => (sizeOf(x) === sizeOf(shape) ? shape : null),
  transpose: ([x], { indices }) => {
    const isPermutation = [...indices].sort((a, b) => a - b).every((axis, k) => axis === k);
    return isPermutation && indices.length === x.length ? indices.map((axis) => x[axis]) : null;
  },
  concat: (args, { axis }) => {
    const rest = (shape: Shape) => shape.filter((_, k) => k !== axis);
    const fits = args.every((shape) => axis < shape.length && isSame(rest(shape), rest(args[0])));
    return fits
      ? args[0].with(
          axis,
          args.reduce((n, arg) => n + arg[axis], 0),
        )
      : null;
  },
  gather: ([x], { axis, indices }) => {
    const fits = axis < x.length && indices.every((index) => index < x[axis]);
    return fits ? x.with(axis, indices.length) : null;
  },
  matmul: ([a, b]) => {
    const fits = a.length > 0 && b.length > 1 && a.at(-1) === b.at(-2) && (a.length > 1 || b.length === 2);
    const leading = fits ? broadcast(a.slice(0, -2), b.slice(0, -2)) : null;
    return leading && [...leading, ...a.slice(-2, -1), b.at(-1)!];
  },
  recurrence: ([u, A, B]) => {
    const [length, width] = u;
    const m = A[0];
    return u.length === 2 && isSame(A, [m, m]) && isSame(B, [m, width]) ? [length, m] : null;
  },
};

/** Shapes align from the right, and a length of 1 stretches; null for shapes that do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const pairs = Array.from({ length: rank }, (_, k) => [a[k - rank + a.length] ?? 1, b[k - rank + b.length] ?? 1]);
  return pairs.every(([p, q]) => p === q || p === 1 || q === 1) ? pairs.map(([p, q]) => Math.max(p, q)) : null;
}

export function isSame(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}
