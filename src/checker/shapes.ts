import { demand } from './failure.js';
import type { Network, Node } from './node.js';

type Shape = readonly number[];

/** Operations that apply one function to every entry. */
const FUNCTIONS = ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'erf', 'sin', 'cos'];

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Demands that every node has the shape that its operation gives to its arguments. Throws Rejected. */
export function demandShapes({ nodes }: Network): void {
  for (const [k, node] of nodes.entries()) {
    const args = node.inputs.map((input) => nodes[input]);
    demandShape(node, k, args);
  }
}

/** Demands that node k has the shape that its operation gives to these arguments. Throws Rejected. */
export function demandShape(node: Node, k: number, args: readonly { readonly shape: Shape }[]): void {
  const [, inferred] = OPERATIONS[node.op];
  const shape = inferred(
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

/** The number of an operation's inputs (-1: one or more), the shape of its result, and its fields beside op, inputs and shape. */
type Operation = readonly [arity: number, shape: Inferred, ...fields: string[]];

const alike = (ops: readonly string[], operation: Operation) => Object.fromEntries(ops.map((op) => [op, operation]));

/**
 * Every operation of networks; a shape is null where the arguments do not fit. Not all have values that the checker knows
 * (`evaluate.ts`): where these are needed, the check comes to no end.
 */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  input: [0, own, 'name'],
  constant: [0, own, 'dense', 'sparse'],
  ...alike(['add', 'sub', 'mul', 'min', 'max', 'div'], [2, elementwise]),
  ...alike(['relu', ...FUNCTIONS], [1, unchanged]),
  power: [1, unchanged, 'exponent'],
  softmax: [1, alongAxis, 'axis'],
  normalise: [1, alongAxis, 'axis', 'epsilon'],
  ...alike(['argmax', 'reduceSum', 'reduceMax', 'reduceMin'], [1, reduction, 'axis']),
  reshape: [1, ([x], { shape }) => (sizeOf(x) === sizeOf(shape) ? shape : null)],
  transpose: [1, transposed, 'perm'],
  concat: [-1, joined, 'axis'],
  gather: [1, gathered, 'axis', 'indices'],
  matmul: [2, product],
  recurrence: [3, states],
};

function transposed([x]: readonly Shape[], { indices }: Node): Shape | null {
  const isPermutation = [...indices].sort((a, b) => a - b).every((axis, k) => axis === k);
  return isPermutation && indices.length === x.length ? indices.map((axis) => x[axis]) : null;
}

function joined(args: readonly Shape[], { axis }: Node): Shape | null {
  const rest = (shape: Shape) => shape.filter((_, k) => k !== axis);
  const fits = args.every((shape) => axis < shape.length && isSame(rest(shape), rest(args[0])));
  const length = args.reduce((n, arg) => n + arg[axis], 0);
  return fits ? args[0].with(axis, length) : null;
}

function gathered([x]: readonly Shape[], { axis, indices }: Node): Shape | null {
  const fits = axis < x.length && indices.every((index) => index < x[axis]);
  return fits ? x.with(axis, indices.length) : null;
}

function product([a, b]: readonly Shape[]): Shape | null {
  const fits = a.length > 0 && b.length > 1 && a.at(-1) === b.at(-2) && (a.length > 1 || b.length === 2);
  const leading = fits ? broadcast(a.slice(0, -2), b.slice(0, -2)) : null;
  return leading && [...leading, ...a.slice(-2, -1), b.at(-1)!];
}

function states([u, A, B]: readonly Shape[]): Shape | null {
  const [length, width] = u;
  const m = A[0];
  return u.length === 2 && isSame(A, [m, m]) && isSame(B, [m, width]) ? [length, m] : null;
}

/** Shapes align from the right, and a length of 1 stretches; null for shapes that do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const pairs = Array.from({ length: rank }, (_, k) => [a[k - rank + a.length] ?? 1, b[k - rank + b.length] ?? 1]);
  return pairs.every(([p, q]) => p === q || p === 1 || q === 1) ? pairs.map(([p, q]) => Math.max(p, q)) : null;
}

export function isSame(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}
