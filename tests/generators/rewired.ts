import fc from 'fast-check';
import { Network, type Node } from '../../src/network/network.js';
import { INFER } from '../../src/network/operations.js';
import { showShape, sizes } from '../../src/network/shape.js';

type Random = fc.GeneratorValue;
/** The node changed, `before` being the nodes that it may read; null where this change does not fit it. */
type Change = (node: Node, before: readonly Node[], random: Random) => Node | null;

const among = <T>(random: Random, items: readonly T[]): T =>
  items[random(fc.integer, { min: 0, max: items.length - 1 })];
const alike = (a: Node, b: Node) => showSizes(a) === showSizes(b) && a.batched === b.batched;
const showSizes = ({ shape }: Node) => sizes(shape).join();

const BINARY = ['add', 'sub', 'mul', 'min', 'max'] as const;
const REDUCTIONS = ['reduceSum', 'reduceMax', 'reduceMin'] as const;

function otherOperation(operations: readonly Node['op'][]): Change {
  return (node, _, random) =>
    operations.includes(node.op)
      ? {
          ...node,
          op: among(
            random,
            operations.filter((op) => op !== node.op),
          ),
        }
      : null;
}

/** The node's value under another name, and the node as something computed from it and another tensor. */
function over(node: Node, op: Node['op'], others: readonly Node[]): Node {
  return { ...node, op, attributes: {}, inputs: [{ ...node, name: `${node.name}.inner` }, ...others] };
}

const CHANGES: readonly Change[] = [
  otherOperation(BINARY),
  otherOperation(REDUCTIONS),
  (node) => (node.inputs.length === 2 && node.op !== 'matmul' ? { ...node, inputs: [...node.inputs].reverse() } : null),
  (node) => (node.op === 'relu' ? { ...node, op: 'mul', inputs: [node.inputs[0], node.inputs[0]] } : null),
  (node) => (node.batched && node.op !== 'input' ? over(node, 'relu', []) : null),
  (node, before, random) => {
    const others = before.filter((other) => alike(other, node));
    return node.batched && node.op !== 'input' && others.length > 0
      ? over(node, among(random, BINARY), [among(random, others)])
      : null;
  },
  (node, before, random) => {
    if (node.inputs.length === 0) return null;
    const place = random(fc.integer, { min: 0, max: node.inputs.length - 1 });
    const others = before.filter((other) => other !== node.inputs[place] && alike(other, node.inputs[place]));
    return others.length === 0 ? null : { ...node, inputs: node.inputs.with(place, among(random, others)) };
  },
  (node, _, random) => {
    if (!('axis' in node.attributes)) return null;
    const axis = random(fc.integer, { min: 0, max: node.inputs[0].shape.length - 1 });
    return { ...node, attributes: { ...node.attributes, axis } };
  },
  (node, _, random) => {
    if (node.op !== 'gather') return null;
    const { axis, indices } = (node as Node<'gather'>).attributes;
    const max = node.inputs[0].shape[axis].size - 1;
    return {
      ...node,
      attributes: { ...node.attributes, indices: indices.map(() => random(fc.integer, { min: 0, max })) },
    };
  },
];

/** The network with one node changed in its operation, its arguments or attributes; null where shapes do not fit. */
export function rewired(network: Network, random: Random): Network | null {
  const target = among(random, network.nodes);
  const change = among(random, CHANGES);
  const copies = new Map<Node, Node>();
  for (const node of network.nodes) {
    const copy = { ...node, inputs: node.inputs.map((arg) => copies.get(arg)!) };
    const next = node === target ? change(copy, [...copies.values()], random) : copy;
    if (!next || !keepsShape(next, node)) return null;
    copies.set(node, next);
  }
  return new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

function keepsShape(next: Node, node: Node): boolean {
  if (next.op === 'input' || next.op === 'constant' || next.op === 'reshape') return true;
  const shape = INFER[next.op](
    next.attributes as never,
    next.inputs.map((arg) => arg.shape),
  );
  const isBatched = next.inputs.some((arg) => arg.batched);
  return (
    typeof shape !== 'string' &&
    isBatched === node.batched &&
    showShape(shape.map(({ size }) => ({ name: '', size }))) ===
      showShape(node.shape.map(({ size }) => ({ name: '', size })))
  );
}
