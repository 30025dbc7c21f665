import { InputError, quote } from '../../errors.js';
import type { Node } from '../../network/network.js';
import type { Operations, OpName } from '../../network/operations.js';
import { type Shape, showShape, sizes } from '../../network/shape.js';
import { type ExactTensor, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { AttributeReader } from '../attributes.js';
import { type GraphReader, type Kind, type Length, type Operand, wrongKind } from '../graph-reader.js';
import { BATCH } from '../graph-writer.js';

/** How an ONNX operator becomes nodes of a network. */
export interface Reader {
  /** Least and greatest number of inputs; missing optional ones have the name ''. */
  readonly inputs: readonly [number, number];
  /** Greatest number of outputs; 1 unless given. */
  readonly outputs?: number;
  read(call: Call): void;
}

/** One operator of a file that is being read: its arguments, its attributes and what it defines. */
export class Call {
  constructor(
    readonly opType: string,
    readonly inputs: readonly string[],
    readonly outputs: readonly string[],
    readonly attributes: AttributeReader,
    readonly doc: string,
    readonly graph: GraphReader,
  ) {}

  get opset(): number {
    return this.graph.opset;
  }

  has(k: number): boolean {
    return (this.inputs[k] ?? '') !== '';
  }

  /** Argument k, a tensor of floats. */
  floats(k: number): Operand {
    return this.graph.floats(this.inputs[k]);
  }

  /** Argument k, a tensor of numbers of any kind. */
  operand(k: number): Operand {
    return this.graph.operand(this.inputs[k]);
  }

  /** All arguments; they must be of one kind. */
  operands(): Operand[] {
    const all = this.inputs.map((name) => this.graph.operand(name));
    const other = all.findIndex(({ kind }) => kind !== all[0].kind);
    if (other >= 0) throw wrongKind(this.inputs[other], `a tensor of type ${all[other].kind}`, `a ${all[0].kind}`);
    return all;
  }

  /** Argument k, a number known exactly; undefined when it is left out. */
  number(k: number): Rational | undefined {
    if (!this.has(k)) return undefined;
    const { value } = this.graph.constant(this.inputs[k]);
    if (value.size !== 1) throw this.unsupported(`argument ${k + 1} of ${value.size} entries`, 'one number');
    return value.at(0, Rational.zero);
  }

  /** Argument k, known integers; undefined when it is left out. */
  integers(k: number): readonly number[] | undefined {
    return this.has(k) ? this.graph.vector(this.inputs[k]) : undefined;
  }

  /** Known integers from the attribute `name` or, from `opset` on, from argument k. */
  integersSince(opset: number, k: number, name: string): readonly number[] | undefined {
    return this.opset >= opset ? this.integers(k) : this.attributes.optional(name, 'ints');
  }

  /** A node beside the result. */
  node<K extends OpName>(op: K, attributes: Operations[K], ...inputs: Node[]): Node {
    return this.graph.builder.node(op, attributes, inputs);
  }

  /** The node of the result, which is called after the first output. */
  last<K extends OpName>(op: K, attributes: Operations[K], ...inputs: Node[]): Node {
    return this.graph.builder.node(op, attributes, inputs, this.outputs[0]);
  }

  /** A number that belongs to the operator, and to the structure of the network. */
  scalar(value: Rational): Node {
    return this.known(new Tensor([], [value]));
  }

  known(value: ExactTensor): Node {
    return this.graph.builder.known(value, undefined, 'structure');
  }

  reshape(x: Node, lengths: readonly number[]): Node {
    return sameLengths(sizes(x.shape), lengths) ? x : this.node('reshape', { to: unnamed(lengths) }, x);
  }

  gather(x: Node, axis: number, indices: readonly number[]): Node {
    this.graph.builder.charge(indices.length);
    if (indices.length === x.shape[axis].size && indices.every((index, k) => index === k)) return x;
    return this.graph.builder.gather(x, axis, indices);
  }

  /** Defines output k, the first unless given. */
  define(node: Node, like: { readonly batch: boolean; readonly kind?: Kind }, k = 0): void {
    this.graph.result(this.outputs[k], { node, batch: like.batch, kind: like.kind ?? 'float' });
  }

  /** The axis of the node that an ONNX axis means: counted without the batch axis, which no operator may touch. */
  axis(onnxAxis: number, { node, batch }: Operand): number {
    const rank = node.shape.length;
    const axis = onnxAxis < 0 ? rank + onnxAxis : onnxAxis - (batch ? 1 : 0);
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw this.unsupported(
      `axis ${onnxAxis} of ${showShape(node.shape)}`,
      batch ? 'an axis of the tensor other than the batch axis' : 'an axis of the tensor',
    );
  }

  /** The lengths in the file, the batch axis included. */
  lengthsOf({ node, batch }: Operand): Length[] {
    return batch ? [BATCH, ...sizes(node.shape)] : sizes(node.shape);
  }

  rankOf({ node, batch }: Operand): number {
    return node.shape.length + (batch ? 1 : 0);
  }

  unsupported(found: string, allowed: string, mend?: string): InputError {
    return new InputError({
      found: `operator ${quote(this.opType)} of tensor ${quote(this.outputs[0] ?? '')}: ${found}`,
      allowed,
      mend,
    });
  }
}

/** Files do not name axes. */
export function unnamed(shape: readonly number[]): Shape {
  return shape.map((size) => ({ name: '', size }));
}

function sameLengths(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, k) => length === b[k]);
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}
