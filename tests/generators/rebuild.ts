import fc from 'fast-check';
import { Network, type Node } from '../../src/network/network.js';
import { type ExactTensor, sparse, Tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from './numbers.js';

/** The same network with every node passed through `change`, arguments first. */
export function rebuilt(network: Network, change: (node: Node) => Node): Network {
  const copies = new Map<Node, Node>();
  for (const node of network.nodes)
    copies.set(node, change({ ...node, inputs: node.inputs.map((input) => copies.get(input)!) }));
  return new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

/** The same network with the tensors of its constants changed, by name. */
export function withConstants(network: Network, change: (value: ExactTensor, name: string) => ExactTensor): Network {
  return rebuilt(network, (node) =>
    node.op === 'constant'
      ? {
          ...node,
          attributes: { ...node.attributes, value: change((node as Node<'constant'>).attributes.value, node.name) },
        }
      : node,
  );
}

/** The same entries stored densely, or sparsely with the zeros among them that `keep` chooses. */
export const densely = <S>(value: Tensor<S>, zero: S): Tensor<S> => new Tensor(value.shape, value.dense(zero));

export function sparsely(value: ExactTensor, keep: (index: number) => boolean = () => false): ExactTensor {
  const pairs = value.dense(Rational.zero).map((entry, index) => [index, entry] as const);
  return sparse(
    value.shape,
    pairs.filter(([index, entry]) => !entry.isZero() || keep(index)),
  );
}

/** The tensor with one entry (by flat index) replaced. */
export function withEntry(value: ExactTensor, index: number, entry: Rational): ExactTensor {
  const entries = value.dense(Rational.zero).map((old, k) => (k === index ? entry : old));
  const changed = new Tensor(value.shape, entries);
  return value.support ? sparsely(changed) : changed;
}

/** Random values for the inputs of a network, dense. */
export function inputsOf(
  network: Network,
  entries: fc.Arbitrary<Rational> = smallRational,
): fc.Arbitrary<Record<string, ExactTensor>> {
  return fc.record(
    Object.fromEntries(
      network.inputs.map((node) => {
        const shape = node.shape.map((dim) => dim.size);
        const size = shape.reduce((product, length) => product * length, 1);
        const values = fc.array(entries, { minLength: size, maxLength: size });
        return [node.attributes.name, values.map((data) => new Tensor(shape, data))];
      }),
    ),
  );
}
