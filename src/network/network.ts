import type { Operations, OpName } from './operations.js';
import type { Shape } from './shape.js';

/** One tensor of a network: an operation applied to earlier tensors. */
export interface Node<K extends OpName = OpName> {
  readonly op: K;
  readonly attributes: Operations[K];
  readonly inputs: readonly Node[];
  /** Without the batch axis. */
  readonly shape: Shape;
  /** Unique in its network; proofs and ONNX files refer to tensors by it. */
  readonly name: string;
  /** Whether the tensor depends on an input and so carries the batch axis when it is executed. */
  readonly batched: boolean;
}

export interface Output {
  readonly name: string;
  readonly node: Node;
}

/**
 * An exact network: a directed acyclic graph of tensor operations whose weights are rational numbers.
 *
 * `nodes` is in the canonical order: depth first from the outputs, arguments in their order, each node after its
 * arguments. It depends on the graph alone, and nodes that no output needs are not in it.
 */
export class Network {
  readonly nodes: readonly Node[];
  private readonly byName: ReadonlyMap<string, Node>;

  constructor(readonly outputs: readonly Output[]) {
    this.nodes = topological(outputs.map(({ node }) => node));
    this.byName = new Map(this.nodes.map((node) => [node.name, node]));
  }

  get inputs(): readonly Node<'input'>[] {
    return this.nodes.filter((node) => isOp(node, 'input'));
  }

  /** The node of that name, or undefined: a network that was read from a file may lack it. */
  find(name: string): Node | undefined {
    return this.byName.get(name);
  }

  /** The part of this network that computes the given nodes, as a network with those as its outputs. */
  upTo(...nodes: readonly Node[]): Network {
    return new Network(nodes.map((node) => ({ name: node.name, node })));
  }
}

export function isOp<K extends OpName>(node: Node, op: K): node is Node<K> {
  return node.op === op;
}

function topological(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack = roots.map((node) => ({ node, next: 0 })).reverse();
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.next === 0 && seen.has(frame.node)) {
      stack.pop();
      continue;
    }
    seen.add(frame.node);
    const argument = frame.node.inputs[frame.next++];
    if (argument) {
      if (!seen.has(argument)) stack.push({ node: argument, next: 0 });
    } else {
      order.push(frame.node);
      stack.pop();
    }
  }
  return order;
}
