import { Rational } from '../numbers/rational.js';
import { isOp, Network, type Node } from './network.js';
import type { Operations } from './operations.js';
import { type ExactTensor, sparse, Tensor } from './tensor.js';

/**
 * A network that was read from a file without names, with the names and roles of `model` where both graphs have the
 * same operations, arguments and shapes in the canonical order. Names let proofs find tensors; they prove nothing: each
 * premise is checked on the weights. When the graphs differ, the network with every constant a weight: what a file says
 * of itself must not lower its counts.
 *
 * A constant of the structure stays one only with the values it has in `model`: any other is a weight.
 *
 * Constants also take over which of their zeros are stored: those are parameters that happen to vanish, the others are
 * no parameters, and a canonical form does not tell them apart.
 */
export function adoptNames(network: Network, model: Network): Network {
  const [ours, theirs] = [indexOf(network), indexOf(model)];
  const alike =
    network.nodes.length === model.nodes.length &&
    network.nodes.every((node, k) => describe(node, ours) === describe(model.nodes[k], theirs));
  if (!alike) return withoutStructure(network);
  const copies = new Map<Node, Node>();
  network.nodes.forEach((node, k) => {
    const twin = model.nodes[k];
    const inputs = node.inputs.map((arg) => copies.get(arg)!);
    const attributes =
      isOp(node, 'constant') && isOp(twin, 'constant')
        ? adoptedConstant(node.attributes.value, twin.attributes)
        : node.attributes;
    copies.set(node, { ...node, inputs, attributes, name: twin.name, shape: twin.shape });
  });
  return new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

function adoptedConstant(value: ExactTensor, { role, value: known }: Operations['constant']): Operations['constant'] {
  const [own, theirs] = [value, known].map((tensor) => tensor.dense(Rational.zero));
  const isSame = own.every((entry, k) => entry.equals(theirs[k]));
  return { role: isSame ? role : 'weight', value: storedAs(known, value) };
}

function withoutStructure(network: Network): Network {
  if (!network.nodes.some(isStructure)) return network;
  const copies = new Map<Node, Node>();
  for (const node of network.nodes) {
    const inputs = node.inputs.map((arg) => copies.get(arg)!);
    const attributes = isStructure(node) ? { ...node.attributes, role: 'weight' } : node.attributes;
    copies.set(node, { ...node, inputs, attributes });
  }
  return new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

function isStructure(node: Node): boolean {
  return isOp(node, 'constant') && node.attributes.role === 'structure';
}

/** `value` with its own nonzero entries and the entries that `model` stores. */
function storedAs({ support }: ExactTensor, value: ExactTensor): ExactTensor {
  if (!support) return new Tensor(value.shape, value.dense(Rational.zero));
  const stored = new Map([...support].map((index) => [index, Rational.zero]));
  value.forEach((entry, index) => {
    if (!entry.isZero()) stored.set(index, entry);
  });
  return sparse(
    value.shape,
    [...stored].sort(([i], [j]) => i - j),
  );
}

function indexOf({ nodes }: Network): ReadonlyMap<Node, number> {
  return new Map(nodes.map((node, k) => [node, k]));
}

function describe(node: Node, index: ReadonlyMap<Node, number>): string {
  const name = isOp(node, 'input') ? node.attributes.name : '';
  return [node.op, name, ...node.inputs.map((arg) => index.get(arg)), ...node.shape.map((dim) => `x${dim.size}`)].join(
    ' ',
  );
}
