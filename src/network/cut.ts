import { Network, type Node } from './network.js';
import { ShapeError } from './shape.js';

/**
 * The part of a network between tensors: it computes the nodes `to` from the nodes `from`, which become inputs of
 * their own names and shapes. A lemma about one layer is proved on such a part, for all values that enter it.
 * Throws ShapeError when an input that remains has the name of one of them: their values could not be told apart.
 */
export function between(from: readonly Node[], to: readonly Node[]): Network {
  const copies = new Map<Node, Node>(from.map((node) => [node, asInput(node)]));
  const order = new Network(to.map((node) => ({ name: node.name, node }))).nodes;
  for (const node of order) {
    if (copies.has(node)) continue;
    const inputs = node.inputs.map((arg) => copies.get(arg)!);
    copies.set(node, { ...node, inputs, batched: node.op === 'input' || inputs.some((arg) => arg.batched) });
  }
  const part = new Network(to.map((node) => ({ name: node.name, node: copies.get(node)! })));
  const names = part.inputs.map(({ attributes }) => attributes.name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw new ShapeError(twice, 'input', 'two inputs have this name');
  return part;
}

function asInput({ name, shape }: Node): Node {
  return { op: 'input', attributes: { name }, inputs: [], shape, name, batched: true };
}
