import { Network, type Node } from './network.js';
import type { Dim, Shape } from './shape.js';

/**
 * A layer that treats all tokens alike, as the function of one token: when every operation from `from` to `to` acts on
 * each slice of the first axis by itself and with the same weights, the network [1, ...] -> [1, ...] that does to one
 * slice what the layer does to each. A sentence that says which node is not of that kind, otherwise.
 *
 * An operation is token-wise when it is elementwise with other token-wise arguments or with constants that do not
 * extend over the first axis, a product with a constant matrix from the right, a reduction, softmax,
 * concatenation or choice of slices along another axis, or a reshape that leaves the first axis alone. By induction the
 * slice t of every tensor on the way is then the same function of slice t of `from`.
 */
export function tokenWise(from: Node, to: Node): Network | string {
  if (from.shape.length === 0) return `'${from.name}' has no axis of tokens`;
  const slices = new Map<Node, Node>([[from, asInput(from)]]);
  for (const node of new Network([{ name: to.name, node: to }]).nodes) {
    if (!node.inputs.some((arg) => slices.has(arg))) continue;
    const problem = sliceProblem(node, slices);
    if (problem) return `'${node.name}': ${problem}`;
    slices.set(node, sliceOf(node, slices));
  }
  const result = slices.get(to);
  return result ? new Network([{ name: to.name, node: result }]) : `'${to.name}' does not depend on '${from.name}'`;
}

/** Nodes that are token-wise in one tensor and in constants with a row for each token, and their slices. */
export interface Stretch {
  readonly from: Node;
  readonly beside: readonly Node[];
  readonly slices: ReadonlyMap<Node, Node>;
}

/** The parts of a network that treat all of at least so many tokens alike, none of which could be longer, in order. */
export function tokenWiseStretches(network: Network, fewest: number): Stretch[] {
  const stretches = new Map<Node, Map<Node, Node>>();
  const origins = new Map<Node, Node>();
  for (const node of network.nodes) {
    const [from, ...others] = new Set(node.inputs.flatMap((arg) => origins.get(arg) ?? []));
    if (from && others.length === 0) {
      const known = stretches.get(from) ?? new Map([[from, asInput(from)]]);
      const rows = new Map([...known, ...rowsBeside(node, from)]);
      if (sliceProblem(node, rows) === null) {
        stretches.set(from, rows.set(node, sliceOf(node, rows)));
        origins.set(node, from);
        continue;
      }
    }
    if (node.batched && node.shape.length > 1 && node.shape[0].size >= fewest) origins.set(node, node);
  }
  return [...stretches].map(([from, all]) => stretch(from, all));
}

/**
 * All that a network computes from the rows of a tensor: what does the same to every row, and shares over all rows (a
 * softmax along the first axis), whose slices stand for the share of one row. Sums over all rows are none of it. A
 * sentence that says which node is of another kind, otherwise.
 */
export function rowsOf(network: Network, from: Node): Stretch | string {
  const all = new Map<Node, Node>([[from, asInput(from)]]);
  for (const node of network.nodes) {
    if (node === from || !node.inputs.some((arg) => all.has(arg)) || isOverRows(node, 'reduceSum')) continue;
    for (const [arg, row] of rowsBeside(node, from)) all.set(arg, row);
    const problem = isOverRows(node, 'softmax') ? null : sliceProblem(node, all);
    if (problem) return `'${node.name}': ${problem}`;
    all.set(node, sliceOf(node, all));
  }
  return stretch(from, all);
}

/** Whether a node is this operation along the first axis. */
export function isOverRows({ op, attributes }: Node, name: 'softmax' | 'reduceSum'): boolean {
  return op === name && (attributes as { readonly axis: number }).axis === 0;
}

function stretch(from: Node, all: ReadonlyMap<Node, Node>): Stretch {
  const beside = [...all.keys()].filter(({ op }) => op === 'constant');
  return { from, beside, slices: new Map([...all].filter(([node]) => node !== from && node.op !== 'constant')) };
}

/** Constants of an elementwise operation that have a row for each token, as inputs. */
function rowsBeside({ op, inputs, shape }: Node, { shape: [tokens] }: Node): [Node, Node][] {
  if (CHECKS[op] !== elementwise) return [];
  const rows = inputs.filter((arg) => {
    return arg.op === 'constant' && arg.shape.length === shape.length && arg.shape[0].size === tokens.size;
  });
  return rows.map((arg) => [arg, asInput(arg)]);
}

function sliceProblem(node: Node, slices: ReadonlyMap<Node, Node>): string | null {
  const check = CHECKS[node.op];
  return check ? check(node, slices) : `the operation ${node.op} is not token-wise`;
}

/** The factor on the right of a product is whole, also where its rows stand beside the tokens elsewhere. */
function sliceOf(node: Node, slices: ReadonlyMap<Node, Node>): Node {
  const inputs = node.inputs.map((arg, k) => (node.op === 'matmul' && k > 0 ? arg : (slices.get(arg) ?? arg)));
  return { ...node, inputs, shape: oneToken(node.shape), attributes: sliced(node) };
}

type Check = (node: Node, slices: ReadonlyMap<Node, Node>) => string | null;

const elementwise: Check = (node, slices) => {
  const tokens = node.shape[0].size;
  for (const arg of node.inputs) {
    const aligned = arg.shape.length === node.shape.length;
    if (
      slices.has(arg) ? !(aligned && arg.shape[0].size === tokens) : arg.batched || (aligned && arg.shape[0].size !== 1)
    ) {
      return `'${arg.name}' differs between tokens`;
    }
  }
  return null;
};

const otherAxis: Check = (node) =>
  (node.attributes as { axis: number }).axis === 0 ? 'it runs over the tokens' : null;

const CHECKS: Partial<Record<Node['op'], Check>> = {
  add: elementwise,
  sub: elementwise,
  mul: elementwise,
  min: elementwise,
  max: elementwise,
  relu: elementwise,
  div: elementwise,
  exp: elementwise,
  log: elementwise,
  sqrt: elementwise,
  tanh: elementwise,
  sigmoid: elementwise,
  erf: elementwise,
  sin: elementwise,
  cos: elementwise,
  power: elementwise,
  normalise: otherAxis,
  softmax: otherAxis,
  reduceSum: otherAxis,
  reduceMax: otherAxis,
  reduceMin: otherAxis,
  gather: otherAxis,
  matmul: ({ inputs: [left, right] }, slices) =>
    slices.has(left) && left.shape.length === 2 && right.op === 'constant' && right.shape.length === 2
      ? null
      : 'it is no product with a constant matrix from the right',
  concat: (node, slices) =>
    (node.attributes as { axis: number }).axis !== 0 && node.inputs.every((arg) => slices.has(arg))
      ? null
      : 'it joins tokens, or something that is not token-wise',
  reshape: ({ inputs: [x], shape }) => (x.shape[0].size === shape[0]?.size ? null : 'it mixes the tokens'),
};

function asInput({ name, shape }: Node): Node {
  return { op: 'input', attributes: { name }, inputs: [], shape: oneToken(shape), name, batched: true };
}

function oneToken(shape: Shape): Shape {
  return shape.map((dim, axis): Dim => (axis === 0 ? { name: dim.name, size: 1 } : dim));
}

function sliced(node: Node): Node['attributes'] {
  return node.op === 'reshape' ? { to: oneToken(node.shape) } : node.attributes;
}
