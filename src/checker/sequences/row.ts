import { spend } from '../budget.js';
import { FUNCTIONS, type Network, type Node, sizeOf } from '../network.js';

/** A network with one node to look at, and where another one of the original stands in it. */
export interface Part {
  readonly network: Network;
  readonly output: number;
  readonly input: number;
}

/**
 * The part of a network that computes `count` entries of a node from entry `from` on, all that lie below the same first indices:
 * what other rows alone need is left out.
 */
export function rowPart(network: Network, input: number, output: number, from: number, count: number): Part {
  // One pass at least, which brings rows that the network chooses itself to where they are made.
  let part: Part = new Slicer(network).part({ network, output, input });
  for (const [axis, size] of network.nodes[output].shape.entries()) {
    const stride = sizeOf(network.nodes[output].shape.slice(axis + 1));
    if (stride < count) break;
    if (size > 1) part = new Slicer(part.network).part(part, axis, Math.floor(from / stride) % size);
  }
  return part;
}

const PAIRS: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div', 'min', 'max']);
const SINGLE: ReadonlySet<string> = new Set(['relu', 'power', ...FUNCTIONS]);
const LINES: ReadonlySet<string> = new Set(['softmax', 'normalise']);
const REDUCTIONS: ReadonlySet<string> = new Set(['reduceSum', 'reduceMax', 'reduceMin']);

/** Rebuilds the nodes that are asked for, whole or one slice of an axis, which keeps the axis with the length 1. */
class Slicer {
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly network: Network) {}

  part({ output, input }: Part, axis?: number, at = 0): Part {
    const sliced = axis === undefined ? this.whole(output) : this.slice(output, axis, at);
    const whole = this.whole(input);
    return { network: { ...this.network, nodes: this.nodes, outputs: new Map() }, output: sliced, input: whole };
  }

  private whole(k: number): number {
    const node = this.network.nodes[k];
    const { op, inputs, axis, indices } = node;
    if (op === 'gather' && indices.length === 1) return this.slice(inputs[0], axis, indices[0]);
    return this.made(`${k}`, () => ({ ...node, inputs: inputs.map((input) => this.whole(input)) }));
  }

  private slice(k: number, axis: number, at: number): number {
    return this.made(`${k} ${axis} ${at}`, () => {
      const node = this.network.nodes[k];
      const inputs = this.inputsOf(node, axis, at);
      if (inputs) return { ...node, inputs, shape: node.shape.with(axis, 1) };
      return { ...node, op: 'gather', inputs: [this.whole(k)], axis, indices: [at], shape: node.shape.with(axis, 1) };
    });
  }

  /** The arguments of which the same operation makes the slice; null where there are none such. */
  private inputsOf(node: Node, axis: number, at: number): number[] | null {
    const { op, inputs } = node;
    const all = (along: number): number[] => inputs.map((input) => this.slice(input, along, at));
    if (PAIRS.has(op)) return inputs.map((input) => this.aligned(input, node, axis, at));
    if (SINGLE.has(op)) return all(axis);
    if (LINES.has(op) || op === 'concat') return node.axis === axis ? null : all(axis);
    if (REDUCTIONS.has(op)) return all(axis < node.axis ? axis : axis + 1);
    if (op === 'transpose') return all(node.indices[axis]);
    if (op === 'gather' && node.axis !== axis) return all(axis);
    if (op === 'reshape') {
      const from = this.sameAxis(this.network.nodes[inputs[0]].shape, node.shape, axis);
      return from === null ? null : all(from);
    }
    return op === 'matmul' ? this.factors(node, axis, at) : null;
  }

  /** The slice of an argument that is stretched to the shape of the result, where it has that axis. */
  private aligned(input: number, { shape }: Node, axis: number, at: number): number {
    const own = this.network.nodes[input].shape;
    const along = axis - (shape.length - own.length);
    return along >= 0 && own[along] === shape[axis] ? this.slice(input, along, at) : this.whole(input);
  }

  /** An axis of one shape that entries pass along as along an axis of another, with as many before it. */
  private sameAxis(from: readonly number[], to: readonly number[], axis: number): number | null {
    const before = sizeOf(to.slice(0, axis));
    const found = from.findIndex((size, k) => size === to[axis] && sizeOf(from.slice(0, k)) === before);
    return found < 0 ? null : found;
  }

  private factors(node: Node, axis: number, at: number): number[] | null {
    const [a, b] = node.inputs;
    const rank = node.shape.length;
    const [left, right] = [a, b].map((input) => this.network.nodes[input].shape.length);
    if (left < 2 || right < 2) return null;
    if (axis === rank - 1) return [this.whole(a), this.slice(b, right - 1, at)];
    if (axis === rank - 2) return [this.slice(a, left - 2, at), this.whole(b)];
    return [this.aligned(a, node, axis, at), this.aligned(b, node, axis, at)];
  }

  private made(key: string, make: () => Node): number {
    let found = this.known.get(key);
    if (found === undefined) {
      spend(200);
      found = this.nodes.push(make()) - 1;
      this.known.set(key, found);
    }
    return found;
  }
}
