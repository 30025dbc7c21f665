import { isOp, type Network, type Node } from '../network/network.js';
import { type ExactTensor, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import type { AffineMap, Algebra } from './algebra.js';
import { memoisedRows } from './memoised.js';
import { columnsOf, countReaders } from './ridges.js';

/** A node that takes each row of `input` through one map x -> x W + c. */
export interface AffineLayer<S> {
  readonly input: Node;
  readonly map: AffineMap<S>;
}

/**
 * Products with constant matrices, each with the constant vector that is added to it where nothing else reads the product,
 * by the node that holds the result. Nodes in between need no value; those that are `taken` are left out.
 */
export function affineLayers<S>(
  network: Network,
  affine: NonNullable<Algebra<S>['affine']>,
  taken: ReadonlySet<Node>,
): { readonly layers: ReadonlyMap<Node, AffineLayer<S>>; readonly between: ReadonlySet<Node> } {
  const layers = new Map<Node, AffineLayer<S>>();
  const between = new Set<Node>();
  const readers = countReaders(network);
  for (const node of network.nodes) {
    const sum = sumOf(node);
    const product = sum ? sum.product : node;
    const weights = weightsOf(product);
    if (!weights || taken.has(node) || taken.has(product) || (sum && readers.get(product) !== 1)) continue;
    layers.delete(product);
    layers.set(node, { input: product.inputs[0], map: affine(columnsOf(weights), sum?.offset) });
    if (sum) between.add(product);
  }
  return { layers, between };
}

/** The rows of a tensor through a map; equal ones near each other once. */
export function alongRows<S>(
  x: Tensor<S>,
  layer: AffineMap<S>,
  algebra: Algebra<S>,
  shape: readonly number[],
): Tensor<S> {
  const map = memoisedRows(algebra, layer);
  const length = x.shape.at(-1)!;
  const entries = x.dense(algebra.zero);
  const results: S[] = [];
  for (let start = 0; start < entries.length; start += length) {
    for (const entry of map(entries.slice(start, start + length))) results.push(entry);
  }
  return new Tensor(shape, results);
}

/** The weights of a product with a constant matrix from the right, unless most of them are zeros that are not stored. */
function weightsOf(node: Node): ExactTensor | null {
  if (!isOp(node, 'matmul') || !node.inputs[0].batched) return null;
  const [, right] = node.inputs;
  if (!isOp(right, 'constant') || right.shape.length !== 2) return null;
  const { value } = right.attributes;
  return value.size <= MOST_ZEROS * value.data.length ? value : null;
}

const MOST_ZEROS = 4;

/** A product plus a constant vector. */
function sumOf(node: Node): { readonly product: Node; readonly offset: readonly Rational[] } | null {
  if (node.op !== 'add') return null;
  for (const [product, vector] of [node.inputs, [...node.inputs].reverse()]) {
    if (!weightsOf(product) || !isOp(vector, 'constant') || vector.shape.length !== 1) continue;
    if (vector.shape[0].size === product.shape.at(-1)!.size)
      return { product, offset: vector.attributes.value.dense(Rational.zero) };
  }
  return null;
}
