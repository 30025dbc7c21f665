import { InputError } from '../errors.js';
import { type ComputedOp, KERNELS } from '../evaluate/kernels.js';
import { Builder } from '../network/builder.js';
import type { Node } from '../network/network.js';
import { INFER, type Operations, type Role } from '../network/operations.js';
import { type Shape, ShapeError, sizes } from '../network/shape.js';
import { sizeOf, type Tensor } from '../network/tensor.js';
import { rationalOf, type Scalar } from './scalar.js';
import { scalars } from './scalars.js';
import { type Constant, constantOf, shapeOf, type TensorValue } from './value.js';

/** Most steps of arithmetic with single numbers; an entry of a tensor counts as several, since it is kept. */
const MOST_STEPS = 2 ** 24;
/** Operations of a network: each becomes a node that proofs and onnxruntime go through. */
const MOST_OPERATIONS = 2048;
/** Of an exact object, which is evaluated once. */
const MOST_OF_OBJECT = 2 ** 15;
const STEPS_OF_ENTRY = 4;

/**
 * Builds the network of a theorem file. Operations on constants alone are carried out exactly; the others become nodes.
 * A node is called after its tensor, `h`, or where a tensor takes several, `h.1`, `h.2`, and the last of them `h`.
 */
export class Graph {
  private readonly builder = new Builder();
  private readonly constants = new Map<Tensor<Scalar>, Node>();
  private readonly names = new Map<Tensor<Scalar>, string>();
  private readonly structures = new Set<Tensor<Scalar>>();
  private tensor = '';
  private count = 0;
  private steps = 0;
  private operations = 0;

  /** The seed is that of an instance, which numbers are drawn from. */
  constructor(readonly seed = 1) {}

  /** Runs `make` for the tensor of that name and calls what it makes by it. */
  named(name: string, make: () => TensorValue): TensorValue {
    this.tensor = name;
    this.count = 0;
    const made = make();
    if (made.kind === 'constant') {
      this.label(made.tensor, name);
      return made;
    }
    const { node } = made;
    if (!node.name.startsWith(`${name}.`)) return made;
    const attributes = node.op === 'gather' ? { ...node.attributes, name } : node.attributes;
    return { kind: 'computed', node: { ...node, attributes, name } };
  }

  input(name: string, lengths: readonly number[]): TensorValue {
    this.charge(STEPS_OF_ENTRY * sizeOf(lengths));
    return { kind: 'computed', node: this.builder.node('input', { name }, [], name, anonymous(lengths)) };
  }

  /** A constant as a node, so that what is made of it are operations of the network and not their results alone. */
  kept(value: TensorValue): TensorValue {
    return value.kind === 'constant' ? { kind: 'computed', node: this.node(value) } : value;
  }

  /** One operation of the network; shapes broadcast as in numpy. Throws InputError with both shapes when they do not fit. */
  operate<K extends ComputedOp>(op: K, attributes: Operations[K], args: readonly TensorValue[]): TensorValue {
    const fixed = args.filter((arg) => arg.kind === 'constant');
    if (fixed.length === args.length) return this.compute(op, attributes, fixed);
    const rank = Math.max(...args.map((arg) => shapeOf(arg).length));
    const lifts = op === 'matmul' ? args.every((arg) => shapeOf(arg).length >= 2) : BROADCASTING.includes(op);
    const nodes = args.map((arg) => this.node(lifts ? this.lifted(arg, rank) : arg));
    return this.made(op, attributes, nodes);
  }

  /** The tensor holds places and not weights: it counts as no parameter of the network. */
  structure(value: Constant): Constant {
    this.structures.add(value.tensor);
    return value;
  }

  /** An operation that networks may not have, by its name. Throws InputError then. */
  elementwise(name: string, args: readonly TensorValue[]): TensorValue {
    if (name in INFER) return this.operate(name as 'relu', {}, args);
    const found = `${name} of a tensor that depends on the input, which networks do not have`;
    throw new InputError({ found, allowed: 'arithmetic, relu, softmax, min, max, sum, mean, abs and rearrangements' });
  }

  /** Counts steps of work, so that no theorem file takes more than bounded time and memory. */
  charge(steps: number): void {
    this.steps += Math.max(1, steps);
    if (this.steps <= MOST_STEPS) return;
    const allowed = `${MOST_STEPS / STEPS_OF_ENTRY} entries of all tensors together`;
    throw new InputError({ found: 'a network too large for a theorem file', allowed });
  }

  /** The tensor goes by this name where it becomes a weight. */
  label(tensor: Tensor<Scalar>, name: string): void {
    this.names.set(tensor, name);
  }

  /** The node of a value; a constant becomes a weight unless it is structure. */
  private node(value: TensorValue): Node {
    if (value.kind === 'computed') return value.node;
    const { tensor } = value;
    const known = this.constants.get(tensor);
    if (known) return known;
    if (tensor.size === 0) throw new InputError({ found: 'an empty tensor', allowed: 'at least one entry' });
    const name = this.names.get(tensor) ?? this.fresh();
    const role: Role = this.structures.has(tensor) ? 'structure' : 'weight';
    const node = this.builder.constant(tensor.map(rationalOf), name, role);
    this.constants.set(tensor, node);
    return node;
  }

  private made<K extends ComputedOp>(op: K, attributes: Operations[K], args: readonly Node[]): TensorValue {
    const name = this.fresh();
    const given = op === 'gather' ? { ...attributes, name } : attributes;
    try {
      const node = this.builder.node(op, given, args, name);
      this.operations += 1;
      const most = node.batched ? MOST_OPERATIONS : MOST_OF_OBJECT;
      if (this.operations > most) {
        const mend = 'write a comprehension over entries as one product or sum of tensors';
        throw new InputError({ found: `more than ${most} operations`, mend });
      }
      this.charge(sizeOf(sizes(node.shape)));
      return { kind: 'computed', node };
    } catch (error) {
      throw error instanceof ShapeError ? new InputError({ found: error.problem }) : error;
    }
  }

  /** A tensor that depends on an input gets axes of length 1 in front, so that the batch axis meets no other. */
  private lifted(value: TensorValue, rank: number): TensorValue {
    const shape = shapeOf(value);
    if (value.kind === 'constant' || shape.length === rank) return value;
    return this.made('reshape', { to: anonymous([...new Array(rank - shape.length).fill(1), ...shape]) }, [value.node]);
  }

  private compute<K extends ComputedOp>(op: K, attributes: Operations[K], args: readonly Constant[]): Constant {
    const infer = INFER[op] as (attributes: Operations[K], shapes: readonly Shape[]) => Shape | string;
    const inferred = infer(
      attributes,
      args.map(({ tensor }) => anonymous(tensor.shape)),
    );
    if (typeof inferred === 'string') throw new InputError({ found: inferred });
    const shape = sizes(inferred);
    const inner = op === 'matmul' ? args[0].tensor.shape.at(-1)! : STEPS_OF_ENTRY;
    this.charge(sizeOf(shape) * inner);
    const tensors = args.map(({ tensor }) => tensor);
    const kernel = KERNELS[op] as unknown as Kernel;
    return constantOf(shape, kernel(scalars, tensors, attributes, shape).data);
  }

  private fresh(): string {
    this.count += 1;
    return `${this.tensor}.${this.count}`;
  }
}

type Kernel = (
  algebra: typeof scalars,
  args: readonly Tensor<Scalar>[],
  attributes: unknown,
  shape: readonly number[],
) => Tensor<Scalar>;

/** Operations on entries whose arguments broadcast. */
const BROADCASTING: readonly string[] = ['add', 'sub', 'mul', 'div', 'min', 'max'];

/** Axes without names, which fit any other. */
export function anonymous(lengths: readonly number[]): Shape {
  return lengths.map((size) => ({ name: '', size }));
}
