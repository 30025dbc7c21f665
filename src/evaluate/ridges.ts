import { isOp, type Network, type Node } from '../network/network.js';
import type { ExactTensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';

/** The units that see one entry of a row: x -> sum_k readout_k relu(fan_k x + bias_k) for each column of the readout. */
export interface RidgePart {
  readonly entry: number;
  readonly fan: readonly Rational[];
  readonly bias: readonly Rational[];
  readonly columns: readonly (readonly Rational[])[];
}

/** A layer of ReLUs that see one entry each of a row of `input`, and its readout, by the node that holds the result. */
export interface Ridge {
  readonly input: Node;
  readonly parts: readonly RidgePart[];
  /** One number for each column. */
  readonly offset: readonly Rational[];
}

/** Fewer units of one entry are summed as quickly as their knots are sorted. */
const FEWEST_UNITS = 12;

/**
 * Hidden layers of many ReLUs that see one number each, with the linear map that alone reads them: whatever the weights,
 * each is a sum of piecewise linear functions of single entries. `between` holds the nodes that need no value.
 */
export function ridges(
  network: Network,
  fewest = FEWEST_UNITS,
): {
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
      const plain = layers.get(product)!;
      layers.set(
        node,
        onceFor(node, () => ({ ...plain, offset: vector.dense(Rational.zero) })),
      );
      layers.delete(product);
      between.add(product);
      continue;
    }
    const readout = node.op === 'matmul' && node.inputs[0].op === 'relu' ? matrixOf(node) : null;
    if (!readout || readout.support || readout.shape[0] < fewest) continue;
    const [hidden] = node.inputs;
    const [sum] = hidden.inputs;
    const layer = affineIn(sum);
    if (!layer || readout.shape[0] < fewest * layer.fan.shape[0]) continue;
    const inner = layer.product === sum ? [hidden, sum] : [hidden, sum, layer.product];
    readers ??= countReaders(network);
    if (inner.some((each) => readers!.get(each) !== 1)) continue;
    layers.set(
      node,
      onceFor(node, () => ridgeOf(layer, readout)),
    );
    for (const each of inner) between.add(each);
  }
  return { layers, between };
}

/** A layer is read off its nodes once, however many networks hold it: what is prepared for it is kept. */
const found = new WeakMap<Node, Ridge>();

function onceFor(node: Node, make: () => Ridge): Ridge {
  const ridge = found.get(node) ?? make();
  found.set(node, ridge);
  return ridge;
}

function ridgeOf({ product, fan, bias }: Layer, readout: ExactTensor): Ridge {
  const [length, units] = fan.shape;
  const weights = fan.dense(Rational.zero);
  const shifts = bias?.dense(Rational.zero) ?? new Array<Rational>(units).fill(Rational.zero);
  const columns = columnsOf(readout);
  const seen: number[][] = Array.from({ length }, () => []);
  for (let k = 0; k < units; k++) {
    let entry = 0;
    for (let i = 1; i < length; i++) if (!weights[i * units + k].isZero()) entry = i;
    seen[entry].push(k);
  }
  const parts = seen.flatMap((own, entry): RidgePart[] => {
    const of = (list: readonly Rational[]) => own.map((k) => list[k]);
    const row = weights.slice(entry * units, (entry + 1) * units);
    return own.length === 0 ? [] : [{ entry, fan: of(row), bias: of(shifts), columns: columns.map(of) }];
  });
  return { input: product.inputs[0], parts, offset: columns.map(() => Rational.zero) };
}

interface Layer {
  readonly product: Node;
  readonly fan: ExactTensor;
  readonly bias: ExactTensor | null;
}

/** A product with weights of which each column has at most one that is not 0, and the vector added to it. */
function affineIn(node: Node): Layer | null {
  const plain = matrixOf(node);
  const isFan = (matrix: ExactTensor | null) => matrix !== null && hasSingleEntries(matrix);
  if (plain) return isFan(plain) ? { product: node, fan: plain, bias: null } : null;
  const found = sumOf(node, (product) => isFan(matrixOf(product)));
  return found && { product: found.product, fan: matrixOf(found.product)!, bias: found.vector };
}

/** Whether no column holds two numbers other than 0. */
function hasSingleEntries(matrix: ExactTensor): boolean {
  const [rows, columns] = matrix.shape;
  if (rows === 1) return true;
  const isTaken = new Uint8Array(columns);
  let isSingle = true;
  matrix.forEach((entry, index) => {
    if (entry.isZero()) return;
    isSingle &&= isTaken[index % columns] === 0;
    isTaken[index % columns] = 1;
  });
  return isSingle;
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
