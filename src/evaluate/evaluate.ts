import { demandTime } from '../deadline.js';
import { InputError } from '../errors.js';
import { isOp, type Network, type Node } from '../network/network.js';
import { showShape, sizes } from '../network/shape.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import type { Rational } from '../numbers/rational.js';
import { remembering } from '../remembering.js';
import { affineLayers, alongRows } from './affine-layers.js';
import type { Algebra, Values } from './algebra.js';
import { type HeadNodes, headByRows, headsOf } from './attention-rows.js';
import { shortcuts } from './equal-tokens.js';
import { compute } from './kernels.js';
import { ridges } from './ridges.js';

export type { Values } from './algebra.js';

/**
 * A network ready to be evaluated in one algebra: weights are converted once, when they are first read. The returned function maps the inputs
 * (every one of them, in the shapes of the network, without a batch axis) to the outputs.
 *
 * Throws UnsupportedOperation when the algebra lacks an operation that the network uses, InputError when an input is
 * missing or has another shape, Unfinished when the time of the work around is over.
 */
export function compile<S>(network: Network, algebra: Algebra<S>): (inputs: Values<S>) => Values<S> {
  const constants = new Map<Node, Tensor<S>>();
  // Converted when they are first read: whole layers and what is the same for every token often leave them unread.
  const constantAt = (node: Node): Tensor<S> => {
    let value = constants.get(node);
    if (!value) constants.set(node, (value = convert((node as Node<'constant'>).attributes.value, algebra)));
    return value;
  };
  const steps = plan(network, algebra);
  const short = new Map(shortcuts(network, algebra, constantAt, compile).map((one) => [one.from, one]));
  const uses = new Map<Node, number>();
  const count = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const { inputs } of steps) inputs.forEach(count);
  for (const { node } of network.outputs) count(node);
  return (given) => {
    const values = new Map<Node, Tensor<S>>();
    const valueAt = (node: Node) => values.get(node) ?? constantAt(node);
    const left = new Map(uses);
    const skipped = new Set<Node>();
    for (const { node, inputs, run } of steps) {
      if (!skipped.has(node)) {
        demandTime('the evaluation of the network');
        const value = isOp(node, 'input') ? inputValue(node, given) : run(inputs.map(valueAt));
        values.set(node, value);
        const known = short.get(node)?.run(value);
        for (const [result, found] of known?.values ?? []) values.set(result, found);
        for (const result of known?.done ?? []) skipped.add(result);
      }
      for (const arg of inputs) {
        const remaining = left.get(arg)! - 1;
        left.set(arg, remaining);
        if (remaining === 0) values.delete(arg);
      }
    }
    return Object.fromEntries(network.outputs.map(({ name, node }) => [name, valueAt(node)]));
  };
}

interface Step<S> {
  readonly node: Node;
  readonly inputs: readonly Node[];
  run(args: readonly Tensor<S>[]): Tensor<S>;
}

/** What is computed in which order: all nodes but constants, and layers in one step where the algebra has them. */
function plan<S>(network: Network, algebra: Algebra<S>): Step<S>[] {
  const ridge = algebra.ridge && ridges(network, algebra.fewestUnits);
  const taken = new Set(ridge ? [...ridge.layers.keys(), ...ridge.between] : []);
  const found = algebra.affine && affineLayers<S>(network, algebra.affine, taken);
  const isInLayer = (one: Node) => [found, ridge].some((all) => all?.between.has(one) || all?.layers.has(one));
  // Logits with constant keys are taken by rows, for equal tokens once, and nobody then asks for the queries; rows of weights
  // with constant values are a layer, which asks for the weights.
  const isWhole = ({ node, logits, inputs }: HeadNodes) =>
    ![node, logits].some(isInLayer) &&
    inputs[1].op !== 'constant' &&
    !inputs.some((one) => found?.between.has(one) || ridge?.between.has(one));
  const heads = new Map(
    algebra.sharesResults
      ? headsOf(network)
          .filter(isWhole)
          .map((head) => [head.node, head])
      : [],
  );
  const within = new Set([...heads.values()].flatMap(({ logits, weights }) => [logits, weights]));
  return network.nodes.flatMap((node): Step<S>[] => {
    if (isOp(node, 'constant') || found?.between.has(node) || ridge?.between.has(node) || within.has(node)) return [];
    const head = heads.get(node);
    if (head) return [{ node, inputs: head.inputs, run: (args) => headOf(algebra, head, args) }];
    const known = ridge?.layers.get(node);
    if (known) {
      const at = algebra.ridge!(known);
      const run = ([x]: readonly Tensor<S>[]) => alongRows(x, at, algebra, sizes(node.shape));
      return [{ node, inputs: [known.input], run }];
    }
    const layer = found?.layers.get(node);
    return layer
      ? [{ node, inputs: [layer.input], run: ([x]) => alongRows(x, layer.map, algebra, sizes(node.shape)) }]
      : [{ node, inputs: node.inputs, run: (args) => compute(algebra, node, args) }];
  });
}

/** A head by the kinds of its rows, or by its definition. */
function headOf<S>(algebra: Algebra<S>, { node, logits, weights }: HeadNodes, args: readonly Tensor<S>[]): Tensor<S> {
  const known = headByRows(algebra, args, sizes(node.shape));
  if (known) return known;
  const [query, key, value] = args;
  return compute(algebra, node, [compute(algebra, weights, [compute(algebra, logits, [query, key])]), value]);
}

/** Exact entries in an algebra; of few different ones, and of equal ones beside each other, one object each is made. */
export function convert<S>(exact: ExactTensor, algebra: Pick<Algebra<S>, 'of'>): Tensor<S> {
  let latest: { readonly entry: Rational; readonly converted: S } | undefined;
  const of = remembering((entry: Rational) => {
    if (!latest?.entry.equals(entry)) latest = { entry, converted: algebra.of(entry) };
    return latest.converted;
  });
  return exact.map(of);
}

/** The value given for an input of the network. Throws InputError when there is none, or of another shape. */
export function inputValue<S>(node: Node<'input'>, inputs: Values<S>): Tensor<S> {
  const { name } = node.attributes;
  const value = inputs[name];
  if (!value)
    throw new InputError({ found: `no value for the network's input '${name}'`, allowed: showShape(node.shape) });
  const expected = sizes(node.shape);
  if (value.shape.length !== expected.length || value.shape.some((size, k) => size !== expected[k])) {
    throw new InputError({
      found: `input '${name}' of shape [${value.shape.join(', ')}]`,
      allowed: showShape(node.shape),
    });
  }
  return sizeOf(expected) === value.data.length ? value : new Tensor(expected, value.data, value.support);
}
