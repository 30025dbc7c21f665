import { InputError, quote } from '../errors.js';
import { Builder } from '../network/builder.js';
import { checkSize } from '../network/limits.js';
import type { Node } from '../network/network.js';
import type { Operations, OpName, Role } from '../network/operations.js';
import { type Shape, ShapeError, showShape } from '../network/shape.js';
import { type ExactTensor, Tensor } from '../network/tensor.js';
import type { AttributeReader } from './attributes.js';
import type { Dtype } from './elements.js';
import { BATCH, DIAGONAL } from './graph-writer.js';

/** An operator of a file with as many inputs and outputs as its kind has. */
export interface Operator {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: AttributeReader;
  readonly doc: string;
}

/** A length, or the free length of the batch axis. */
export type Length = number | typeof BATCH;

/** What a tensor name of a file stands for. */
type Value =
  | { readonly kind: 'tensor'; readonly node: Node }
  | { readonly kind: 'floats'; readonly tensor: ExactTensor; readonly doc: string }
  | { readonly kind: 'diagonal'; readonly matrix: Node }
  | { readonly kind: 'zeros'; readonly shape: readonly Length[]; readonly role: Role }
  | { readonly kind: 'integers'; readonly dims: readonly number[]; readonly values: readonly Length[] };

/** The tensors of a graph that is being read, by name, and the network that grows from them. */
export class GraphReader {
  private readonly builder = new Builder();
  private readonly values = new Map<string, Value>();

  constructor(readonly dtype: Dtype) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Throws InputError when the name is empty or taken. */
  define(name: string, value: Value): void {
    this.checkName(name);
    this.values.set(name, value);
  }

  /** Gives the value of one name a second name. */
  alias(name: string, source: string): void {
    this.define(name, { kind: 'tensor', node: this.tensor(source) });
  }

  /** Adds a node and calls its tensor `name`. Throws InputError when the shapes do not fit. */
  node<K extends OpName>(name: string, op: K, attributes: Operations[K], inputs: readonly Node[], shape?: Shape): void {
    this.checkName(name);
    this.values.set(name, { kind: 'tensor', node: this.build(name, op, attributes, inputs, shape) });
  }

  /** The node of a tensor of floats; a constant becomes a node when it is first asked for. */
  tensor(name: string): Node {
    const value = this.value(name);
    if (value.kind === 'tensor') return value.node;
    if (value.kind === 'floats') return this.constant(name, value.tensor, roleOf(value.doc));
    if (value.kind === 'zeros' && !value.shape.includes(BATCH)) {
      return this.constant(name, new Tensor(value.shape as number[], [], new Uint32Array(0)), value.role);
    }
    throw wrongKind(name, value.kind, 'a tensor of floats');
  }

  /** The entries of a float initializer. */
  floats(name: string): ExactTensor {
    const value = this.value(name);
    if (value.kind !== 'floats') throw wrongKind(name, value.kind, 'an initializer of floats');
    return value.tensor;
  }

  /** The matrix whose diagonal is stored under this name, or null when the name is anything else. */
  diagonal(name: string): Node | null {
    const value = this.value(name);
    if (value.kind === 'diagonal') return value.matrix;
    if (value.kind !== 'floats' || !value.doc.startsWith(DIAGONAL) || value.tensor.shape.length !== 1) return null;
    const [order] = value.tensor.shape;
    checkSize(name, [order, order]);
    const support = Uint32Array.from({ length: order }, (_, k) => k * (order + 1));
    const matrix = new Tensor([order, order], value.tensor.data, support);
    const node = this.build(name, 'constant', { value: matrix, role: roleOf(value.doc) }, []);
    this.values.set(name, { kind: 'diagonal', matrix: node });
    return node;
  }

  /** The shape of a tensor of zeros, or null when the name is anything else. */
  zeros(name: string): readonly Length[] | null {
    const value = this.value(name);
    return value.kind === 'zeros' ? value.shape : null;
  }

  /** A list of integers with its dims; a length of the batch axis may be among them. */
  lengths(name: string): { readonly dims: readonly number[]; readonly values: readonly Length[] } {
    const value = this.value(name);
    if (value.kind !== 'integers') throw wrongKind(name, value.kind, 'constant integers');
    return value;
  }

  /** A vector of known integers. */
  vector(name: string): readonly number[] {
    const { dims, values } = this.lengths(name);
    if (dims.length !== 1 || values.includes(BATCH)) throw wrongKind(name, 'integers', 'a vector of constant integers');
    return values as number[];
  }

  isIntegers(name: string): boolean {
    return this.value(name).kind === 'integers';
  }

  /** The axis of `node` that an ONNX axis means: counted without the batch axis, which no operator may touch. */
  axis(onnxAxis: number, node: Node, { opType, outputs }: Operator): number {
    const rank = node.shape.length;
    const axis = onnxAxis < 0 ? rank + onnxAxis : onnxAxis - (node.batched ? 1 : 0);
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw new InputError({
      found: `operator ${quote(opType)} of tensor ${quote(outputs[0])}: axis ${onnxAxis} of ${showShape(node.shape)}`,
      allowed: 'an axis of the tensor other than the batch axis',
    });
  }

  private constant(name: string, value: ExactTensor, role: Role): Node {
    const node = this.build(name, 'constant', { value, role }, []);
    this.values.set(name, { kind: 'tensor', node });
    return node;
  }

  private build<K extends OpName>(
    name: string,
    op: K,
    attributes: Operations[K],
    inputs: readonly Node[],
    shape?: Shape,
  ): Node<K> {
    try {
      const node = this.builder.node(op, attributes, inputs, name, shape);
      checkSize(
        name,
        node.shape.map(({ size }) => size),
      );
      return node;
    } catch (error) {
      if (error instanceof ShapeError) throw new InputError({ found: error.message });
      throw error;
    }
  }

  private checkName(name: string): void {
    if (name === '') throw new InputError({ found: 'a tensor without a name', allowed: 'a name' });
    if (this.values.has(name)) {
      throw new InputError({ found: `tensor ${quote(name)} is defined twice`, allowed: 'each name once' });
    }
  }

  private value(name: string): Value {
    const value = this.values.get(name);
    if (value) return value;
    throw new InputError({
      found: `tensor ${quote(name)} is used but nothing before defines it`,
      allowed: 'inputs, initializers, and outputs of earlier operators',
    });
  }
}

/** What the doc string of a constant says about it; constants of other authors are weights. */
export function roleOf(doc: string): Role {
  return doc.endsWith('structure') ? 'structure' : 'weight';
}

function wrongKind(name: string, found: string, allowed: string): InputError {
  const what = found === 'diagonal' ? 'the diagonal of a matrix' : found;
  return new InputError({ found: `tensor ${quote(name)} is used as ${allowed} but holds ${what}`, allowed });
}
