import { fromFloat, toFloat } from '../numbers/convert.js';
import type { FloatFormat } from '../numbers/format.js';
import type { Rational } from '../numbers/rational.js';
import { remembering } from '../remembering.js';
import { isOp, Network, type Node } from './network.js';
import type { ExactTensor } from './tensor.js';

/**
 * The exact network whose weights are those of the given one rounded to nearest in a format; the network itself where
 * the format holds them all, null where one is beyond the format.
 */
export function quantisedNetwork(network: Network, format: FloatFormat): Network | null {
  const copies = new Map<Node, Node>();
  for (const node of network.nodes) {
    const copy = isOp(node, 'constant') ? quantisedConstant(node, format) : withInputs(node, copies);
    if (!copy) return null;
    copies.set(node, copy);
  }
  const isSame = network.nodes.every((node) => copies.get(node) === node);
  return isSame ? network : new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

/** Exact entries rounded to a format: the same tensor where the format holds them all, null where one is beyond it. */
export function quantisedTensor(exact: ExactTensor, format: FloatFormat): ExactTensor | null {
  let [isSame, isHeld] = [true, true];
  const all = 1n << BigInt(format.precision);
  const rounded = exact.map(
    remembering((entry: Rational) => {
      // Every format holds the integers of as many bits as it has.
      if (entry.den === 1n && entry.num < all && entry.num > -all) return entry;
      const float = toFloat(entry, format, 'nearest');
      isHeld &&= Number.isFinite(float);
      const held = isHeld ? fromFloat(float) : entry;
      if (held.equals(entry)) return entry;
      isSame = false;
      return held;
    }),
  );
  if (!isHeld) return null;
  return isSame ? exact : rounded;
}

function quantisedConstant(node: Node<'constant'>, format: FloatFormat): Node | null {
  const value = quantisedTensor(node.attributes.value, format);
  if (!value || value === node.attributes.value) return value && node;
  return { ...node, attributes: { ...node.attributes, value } };
}

function withInputs(node: Node, copies: ReadonlyMap<Node, Node>): Node {
  const inputs = node.inputs.map((arg) => copies.get(arg)!);
  return inputs.every((arg, k) => arg === node.inputs[k]) ? node : { ...node, inputs };
}
