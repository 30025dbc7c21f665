import { InputError } from '../errors.js';
import { UnsupportedOperation } from '../evaluate/algebra.js';
import { exact } from '../evaluate/exact.js';
import { compute } from '../evaluate/kernels.js';
import { Builder } from '../network/builder.js';
import { checkSize } from '../network/limits.js';
import { isOp, type Node } from '../network/network.js';
import type { Operations, OpName } from '../network/operations.js';
import { type Shape, ShapeError, sizes } from '../network/shape.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import { broadcast, holdsMask, isMasked, MASKED } from './masks.js';

/** Most entries that reading one file may make beyond those that it stores: indices, and constants that are computed. */
const MOST_MADE = 2 ** 24;
/** Constants with longer numerators or denominators stay as the operations that make them. */
const LONGEST = 1n << 2048n;

/**
 * Builds the network of a file that is read. Operations on constants of other authors are carried out, exactly, as far
 * as they are rational: exporters leave transposed weights, reciprocals and whole masks to be computed.
 *
 * Throws InputError when shapes do not fit, and for a file that asks for more than a bounded amount of work.
 */
export class FoldingBuilder extends Builder {
  private readonly foldable = new Set<Node>();
  private left = MOST_MADE;

  /** Accounts for `count` numbers that the file does not store. */
  charge(count: number): void {
    this.left -= count;
    if (this.left >= 0) return;
    throw new InputError({
      found: 'operators that make more numbers than a network of this size needs',
      allowed: `at most ${MOST_MADE} in one file`,
    });
  }

  /** A constant that operations may be carried out on. */
  known(value: ExactTensor, name?: string, role: Operations['constant']['role'] = 'weight'): Node<'constant'> {
    const node = this.constant(value, name, role) as Node<'constant'>;
    this.foldable.add(node);
    return node;
  }

  isKnown(node: Node): node is Node<'constant'> {
    return this.foldable.has(node);
  }

  override node<K extends OpName>(
    op: K,
    attributes: Operations[K],
    inputs: readonly Node[],
    name?: string,
    shape?: Shape,
  ): Node<K> {
    try {
      const node = super.node(op, attributes, inputs, name, shape);
      checkSize(node.name, sizes(node.shape));
      return (this.folded(node) as Node<K> | null) ?? node;
    } catch (error) {
      if (error instanceof ShapeError) throw new InputError({ found: error.message });
      throw error;
    }
  }

  private folded(node: Node): Node | null {
    if (node.inputs.length === 0 || !node.inputs.every((arg) => this.foldable.has(arg))) return null;
    // -Infinity is moved about, and what is computed with it is -Infinity or not known.
    const isMask = node.inputs.some(holdsMask);
    if (isMask && !MOVING.has(node.op) && !keepsMask(node)) return null;
    const args = node.inputs.map((arg) => (arg as Node<'constant'>).attributes.value);
    const work = workOf(node, args);
    if (work > this.left) return null;
    this.charge(work);
    try {
      const result = compute(exact, node, args);
      const value = isMask && !MOVING.has(node.op) ? remasked(node, result) : result;
      if (!value.data.every((entry) => isShort(entry) || isMasked(entry))) return null;
      const role = node.inputs.some((arg) => isOp(arg, 'constant') && arg.attributes.role === 'weight');
      const constant: Node<'constant'> = {
        op: 'constant',
        attributes: { value, role: role ? 'weight' : 'structure' },
        inputs: [],
        shape: node.shape,
        name: node.name,
        batched: false,
      };
      this.foldable.add(constant);
      return constant;
    } catch (error) {
      if (error instanceof UnsupportedOperation) return null;
      throw error;
    }
  }
}

/** Operations that put entries elsewhere. */
const MOVING: ReadonlySet<OpName> = new Set(['reshape', 'transpose', 'gather', 'concat']);

/** Sums with finite numbers and products with positive ones, such as the factor 1 that exporters leave. */
function keepsMask({ op, inputs, shape }: Node): boolean {
  if (op === 'add') return true;
  if (op !== 'mul') return false;
  const [a, b] = inputs.map((arg) => broadcast(arg as Node<'constant'>, sizes(shape)));
  return (
    a.every((entry, k) => !isMasked(entry) || b[k].sign() > 0) &&
    b.every((entry, k) => !isMasked(entry) || a[k].sign() > 0)
  );
}

/** -Infinity where an operand is -Infinity. */
function remasked({ inputs, shape }: Node, result: ExactTensor): ExactTensor {
  const operands = inputs.map((arg) => broadcast(arg as Node<'constant'>, sizes(shape)));
  const entries = result.dense(Rational.zero);
  return new Tensor(
    result.shape,
    entries.map((entry, k) => (operands.some((operand) => isMasked(operand[k])) ? MASKED : entry)),
  );
}

/** Entries made times terms of each; sums of numbers with different denominators grow with every term. */
function workOf(node: Node, args: readonly ExactTensor[]): number {
  const terms = isOp(node, 'matmul') ? args[1].shape.at(-2)! : isOp(node, 'power') ? node.attributes.exponent ** 2 : 1;
  const isDyadic = args.every(({ data }) => data.every(({ den }) => (den & (den - 1n)) === 0n));
  const read = args.reduce((total, { shape }) => total + sizeOf(shape), 0);
  return read + sizeOf(sizes(node.shape)) * terms * (isDyadic ? 1 : terms);
}

function isShort({ num, den }: Rational): boolean {
  return num < LONGEST && num > -LONGEST && den < LONGEST;
}
