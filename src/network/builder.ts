import type { Rational } from '../numbers/rational.js';
import { Network, type Node } from './network.js';
import { type FunctionName, INFER, type Operations, type OpName, type Role } from './operations.js';
import { type Shape, ShapeError, type ShapeLiteral, shapeOf, showShape } from './shape.js';
import { type ExactTensor, Tensor } from './tensor.js';

/**
 * Builds a network node by node and checks shapes as it goes: every method returns the node it made and throws
 * ShapeError, naming the node and the shapes, when the arguments do not fit.
 *
 * The last argument of each method is the node's name; without one the node is called after its operation.
 */
export class Builder {
  private readonly names = new Set<string>();
  private readonly counters = new Map<string, number>();

  /** Nodes without a name of their own avoid the names in `reserved`. */
  constructor(private readonly reserved: ReadonlySet<string> = new Set()) {}

  input(name: string, shape: ShapeLiteral): Node {
    return this.node('input', { name }, [], name, shapeOf(shape));
  }

  /** A constant of the given exact entries; `shape` names the axes of `value`. */
  constant(value: ExactTensor, name?: string, role: Role = 'weight', shape?: ShapeLiteral): Node {
    return this.node('constant', { value, role }, [], name, shape && shapeOf(shape));
  }

  /** A single number as a parameter of the network. */
  scalar(value: Rational, name?: string, role: Role = 'weight'): Node {
    return this.constant(new Tensor([], [value]), name, role);
  }

  add(a: Node, b: Node, name?: string): Node {
    return this.node('add', {}, [a, b], name);
  }

  sub(a: Node, b: Node, name?: string): Node {
    return this.node('sub', {}, [a, b], name);
  }

  mul(a: Node, b: Node, name?: string): Node {
    return this.node('mul', {}, [a, b], name);
  }

  min(a: Node, b: Node, name?: string): Node {
    return this.node('min', {}, [a, b], name);
  }

  max(a: Node, b: Node, name?: string): Node {
    return this.node('max', {}, [a, b], name);
  }

  relu(x: Node, name?: string): Node {
    return this.node('relu', {}, [x], name);
  }

  matmul(a: Node, b: Node, name?: string): Node {
    return this.node('matmul', {}, [a, b], name);
  }

  /** x W + b along the last axis: x [..., k], W [k, m], b [m]. */
  affine(x: Node, weight: Node, bias: Node | null, name?: string): Node {
    return bias
      ? this.add(this.matmul(x, weight, name && `${name}.product`), bias, name)
      : this.matmul(x, weight, name);
  }

  div(a: Node, b: Node, name?: string): Node {
    return this.node('div', {}, [a, b], name);
  }

  /** A function of every entry: `apply('tanh', x)`. */
  apply(fn: FunctionName, x: Node, name?: string): Node {
    return this.node(fn, {}, [x], name);
  }

  power(x: Node, exponent: number, name?: string): Node {
    return this.node('power', { exponent }, [x], name);
  }

  normalise(x: Node, axis: number, epsilon: Rational, name?: string): Node {
    return this.node('normalise', { axis, epsilon }, [x], name);
  }

  argmax(x: Node, axis: number, name?: string): Node {
    return this.node('argmax', { axis }, [x], name);
  }

  softmax(x: Node, axis: number, name?: string): Node {
    return this.node('softmax', { axis }, [x], name);
  }

  reduceSum(x: Node, axis: number, name?: string): Node {
    return this.node('reduceSum', { axis }, [x], name);
  }

  reduceMax(x: Node, axis: number, name?: string): Node {
    return this.node('reduceMax', { axis }, [x], name);
  }

  reduceMin(x: Node, axis: number, name?: string): Node {
    return this.node('reduceMin', { axis }, [x], name);
  }

  transpose(x: Node, perm: readonly number[], name?: string): Node {
    return this.node('transpose', { perm }, [x], name);
  }

  reshape(x: Node, to: ShapeLiteral, name?: string): Node {
    return this.node('reshape', { to: shapeOf(to) }, [x], name);
  }

  concat(parts: readonly Node[], axis: number, name?: string): Node {
    return this.node('concat', { axis }, parts, name);
  }

  gather(x: Node, axis: number, indices: readonly number[], name?: string): Node {
    const label = name ?? this.fresh('gather');
    return this.node('gather', { axis, indices, name: label }, [x], label);
  }

  recurrence(u: Node, a: Node, b: Node, name?: string): Node {
    return this.node('recurrence', {}, [u, a, b], name);
  }

  /** The finished network. Nodes that no output needs are left behind. */
  network(outputs: Readonly<Record<string, Node>>): Network {
    return new Network(Object.entries(outputs).map(([name, node]) => ({ name, node })));
  }

  /** One node of any operation; the methods above are its typed forms. */
  node<K extends OpName>(
    op: K,
    attributes: Operations[K],
    inputs: readonly Node[],
    name?: string,
    shape?: Shape,
  ): Node<K> {
    const label = this.claim(name ?? this.fresh(op));
    const inferred =
      op === 'input'
        ? shape!
        : INFER[op](
            attributes,
            inputs.map((node) => node.shape),
          );
    if (typeof inferred === 'string') throw new ShapeError(label, op, inferred);
    const batched = op === 'input' || inputs.some((node) => node.batched);
    checkBatching(label, op, inputs, inferred);
    return { op, attributes, inputs, shape: named(label, op, inferred, shape), name: label, batched };
  }

  private claim(name: string): string {
    if (this.names.has(name)) throw new ShapeError(name, 'name', 'another node has this name');
    this.names.add(name);
    return name;
  }

  private fresh(op: string): string {
    let number = this.counters.get(op) ?? 0;
    while (this.names.has(`${op}_${number}`) || this.reserved.has(`${op}_${number}`)) number += 1;
    this.counters.set(op, number + 1);
    return `${op}_${number}`;
  }
}

/**
 * The batch axis stands in front of everything that depends on an input, and must not meet another axis when shapes
 * are aligned from the right: two batched arguments need equal ranks, a constant no more axes than its partner (a
 * matrix may multiply a vector).
 */
function checkBatching(name: string, op: OpName, inputs: readonly Node[], result: Shape): void {
  const batched = inputs.filter((node) => node.batched);
  if (batched.length === 0 || op === 'recurrence') return;
  const rank = batched[0].shape.length;
  const clash = inputs.find((node) =>
    node.batched ? node.shape.length !== rank : node.shape.length > (op === 'matmul' ? Math.max(rank, 2) : rank),
  );
  if (clash) {
    const shapes = inputs.map((node) => showShape(node.shape)).join(' and ');
    throw new ShapeError(
      name,
      op,
      `${shapes} -> ${showShape(result)}: the batch axis would meet another; reshape to equal ranks`,
    );
  }
}

function named(name: string, op: OpName, inferred: Shape, given: Shape | undefined): Shape {
  if (!given) return inferred;
  const fits = given.length === inferred.length && given.every((dim, k) => dim.size === inferred[k].size);
  if (!fits)
    throw new ShapeError(name, op, `the entries have shape ${showShape(inferred)}, the axes are ${showShape(given)}`);
  return given;
}
