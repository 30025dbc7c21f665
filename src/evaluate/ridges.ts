import { isOp, type Network, type Node } from '../network/network.js';
import type { ExactTensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';

/** u -> offset + sum_k readout_k relu(fan_k u + bias_k) for each column of the readout, by the node that holds the result. */
export interface Ridge {
  /** The node of u: its last axis has one entry. */
  readonly input: Node;
  readonly fan: readonly Rational[];
  readonly bias: readonly Rational[];
  readonly columns: readonly (readonly Rational[])[];
  /** One number for each column. */
  readonly offset: readonly Rational[];
}

/** Fewer units are summed as quickly as their knots are sorted. */
const FEWEST_UNITS = 64;

/**
 * Hidden layers of many ReLUs that see one number, with the linear map that alone reads them: whatever the weights, each
 * is a piecewise linear function of that number. `between` holds the nodes that need no value.
 */
export function ridges(network: Network): {
  readonly layers: ReadonlyMap<Node, Ridge>;
  readonly between: ReadonlySet<Node>;
} {
  const layers = new Map<Node, Ridge>();
  const between = new Set<Node>();
  let readers: ReadonlyMap<Node, number> | undefined;
  for (const node of network.nodes) {
    const shifted = readers && sumOf(node, (product) => layers.has(product) && readers!.get(product) === 1);
    if (shifted) {
      const { product, vector } = shifted;
      layers.set(node, { ...layers.get(product)!, offset: vector.dense(Rational.zero) });
      layers.delete(product);
      between.add(product);
      continue;
    }
    const readout = node.op === 'matmul' && node.inputs[0].op === 'relu' ? matrixOf(node) : null;
    if (!readout || readout.support || readout.shape[0] < FEWEST_UNITS) continue;
    const [hidden] = node.inputs;
    const [sum] = hidden.inputs;
    const layer = affineIn(sum);
    if (!layer) continue;
    const inner = layer.product === sum ? [hidden, sum] : [hidden, sum, layer.product];
    readers ??= countReaders(network);
    if (inner.some((each) => readers!.get(each) !== 1)) continue;
    layers.set(node, {
      input: layer.product.inputs[0],
      fan: layer.fan.dense(Rational.zero),
      bias: layer.bias?.dense(Rational.zero) ?? layer.fan.data.map(() => Rational.zero),
      columns: columnsOf(readout),
      offset: new Array<Rational>(readout.shape[1]).fill(Rational.zero),
    });
    for (const each of inner) between.add(each);
  }
  return { layers, between };
}

/** A product of one number with a row of weights, and the vector added to it. */
function affineIn(node: Node): { product: Node; fan: ExactTensor; bias: ExactTensor | null } | null {
  const plain = matrixOf(node);
  const isFan = (matrix: ExactTensor | null) => matrix?.shape[0] === 1 && !matrix.support;
  if (plain) return isFan(plain) ? { product: node, fan: plain, bias: null } : null;
  const found = sumOf(node, (product) => isFan(matrixOf(product)));
  return found && { product: found.product, fan: matrixOf(found.product)!, bias: found.vector };
}

/** A wanted node plus a constant vector along its last axis. */
function sumOf(node: Node, wanted: (product: Node) => boolean): { product: Node; vector: ExactTensor } | null {
  if (node.op !== 'add') return null;
  for (const [product, vector] of [node.inputs, [...node.inputs].reverse()]) {
    if (!wanted(product) || !isOp(vector, 'constant') || vector.shape.length !== 1) continue;
    if (vector.shape[0].size === product.shape.at(-1)!.size) return { product, vector: vector.attributes.value };
  }
  return null;
}

/** The weights of a product with a constant matrix from the right. */
function matrixOf(node: Node): ExactTensor | null {
  if (!isOp(node, 'matmul') || !node.inputs[0].batched) return null;
  const [, right] = node.inputs;
  return isOp(right, 'constant') && right.shape.length === 2 ? right.attributes.value : null;
}

export function columnsOf(matrix: ExactTensor): Rational[][] {
  const [rows, columns] = matrix.shape;
  const entries = matrix.dense(Rational.zero);
  return Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (_, i) => entries[i * columns + j]));
}

/** How many nodes and outputs read each node. */
export function countReaders(network: Network): ReadonlyMap<Node, number> {
  const readers = new Map<Node, number>();
  const count = (node: Node) => readers.set(node, (readers.get(node) ?? 0) + 1);
  for (const node of network.nodes) node.inputs.forEach(count);
  for (const { node } of network.outputs) count(node);
  return readers;
}
