import { InputError } from '../errors.js';
import { type Dtype, ELEMENTS } from '../files/elements.js';
import { isOp, type Network, type Node } from '../network/network.js';
import { Rational } from '../numbers/rational.js';
import { type AttributeValues, attributesOf } from './attributes.js';
import { floats, type Initializer, integers } from './initializer.js';
import type { Message } from './schema.js';

/** Name of the free first axis of everything that depends on an input. */
export const BATCH = 'batch';

/** Before the role in the doc string of an initializer that is the diagonal of a matrix. */
export const DIAGONAL = 'diagonal ';

/** The same of one that holds the only entry of each column. */
export const COLUMNS = 'columns ';

/** Entries below which a matrix with one entry in each column is written out. */
const SMALLEST_CHOOSING = 1 << 12;

/** Collects the operators and initializers of one ONNX graph and names its tensors. */
export class GraphWriter {
  readonly operators: Message<'Operator'>[] = [];
  readonly initializers: Initializer[] = [];
  private readonly names = new Map<Node, string>();
  private readonly taken = new Set<string>();
  private readonly diagonals: ReadonlySet<Node>;
  private readonly choosing: ReadonlyMap<Node, Columns>;
  private zero: Initializer | undefined;

  /**
   * Tensors keep the names of their nodes. Names of inputs and outputs are the network's; another node of such a name
   * is renamed. Throws InputError when an input and an output that is not this input share a name.
   */
  constructor(
    network: Network,
    readonly dtype: Dtype,
  ) {
    this.diagonals = diagonalFactors(network);
    this.choosing = choosingFactors(network);
    for (const node of network.inputs) this.claim(node, node.attributes.name);
    for (const { name, node } of network.outputs) {
      if (this.names.get(node) === name) continue;
      if (this.taken.has(name)) throw sameName(name);
      if (node.name === name && !isOp(node, 'input')) this.names.set(node, name);
      this.taken.add(name);
    }
    for (const node of network.nodes) {
      if (!this.names.has(node)) this.claim(node, this.fresh(node.name || node.op));
    }
  }

  nameOf(node: Node): string {
    return this.names.get(node)!;
  }

  /** A tensor name that no other tensor has, `base` itself when it is free. */
  fresh(base: string): string {
    let name = base;
    for (let k = 2; this.taken.has(name); k++) name = `${base}.${k}`;
    this.taken.add(name);
    return name;
  }

  /** Adds an operator that computes the tensors `outputs` and returns the first of them. */
  emit(
    opType: string,
    input: string[],
    outputs: string | string[],
    values: AttributeValues = {},
    doc?: string,
  ): string {
    const output = [outputs].flat();
    const operator = { input, output, name: output[0], opType, attribute: attributesOf(values) };
    this.operators.push(doc ? { ...operator, docString: doc } : operator);
    return output[0];
  }

  /** Adds a list of integers, such as axes or a shape, and returns its name. */
  integers(base: string, values: ArrayLike<number>): string {
    const initializer = integers(this.fresh(base), [values.length], values);
    this.initializers.push(initializer);
    return initializer.name;
  }

  /** Adds a number that belongs to an operator and returns its name. */
  number(base: string, value: Rational): string {
    const initializer = floats(this.fresh(base), [], [value], this.dtype);
    this.initializers.push(initializer);
    return initializer.name;
  }

  /** Adds zeros of the shape that the integers `shape` say. */
  zeros(shape: string, name: string, doc?: string): string {
    if (!this.zero) {
      this.zero = floats(this.fresh('zero'), [], [Rational.zero], this.dtype);
      this.initializers.push(this.zero);
    }
    return this.emit('Expand', [this.zero.name, shape], name, {}, doc);
  }

  /** Whether the constant is stored by its diagonal and its products become elementwise ones. */
  isDiagonal(node: Node): boolean {
    return this.diagonals.has(node);
  }

  /** The entries of a constant whose products are written as choices of entries, times numbers; null for others. */
  columnsOf(node: Node): Columns | null {
    return this.choosing.get(node) ?? null;
  }

  valueInfo(name: string, dims: readonly number[], batched: boolean): Message<'ValueInfo'> {
    const sizes = dims.map((dimValue) => ({ dimValue }));
    const dim = batched ? [{ dimParam: BATCH }, ...sizes] : sizes;
    return { name, type: { tensorType: { elemType: ELEMENTS[this.dtype].code, shape: { dim } } } };
  }

  private claim(node: Node, name: string): void {
    this.taken.add(name);
    this.names.set(node, name);
  }
}

/**
 * Sparse constants whose entries are exactly the diagonal of a square matrix and that only ever multiply from the
 * right: x D is the product of x and the diagonal along the last axis, which costs n entries and not n^2.
 */
function diagonalFactors(network: Network): Set<Node> {
  const found = new Set<Node>(network.nodes.filter(isDiagonalMatrix));
  for (const node of otherUses(network, () => true)) found.delete(node);
  return found;
}

/** A matrix with one entry in each column: where it stands, and what it is. */
export interface Columns {
  readonly rows: Uint32Array;
  readonly entries: readonly Rational[];
}

/**
 * Sparse constants with exactly one entry in each column that only ever multiply from the right what depends on inputs: x W
 * has the entries of x that the columns choose, each times a number, and costs no more than those.
 */
function choosingFactors(network: Network): Map<Node, Columns> {
  const found = new Map<Node, Columns>();
  for (const node of network.nodes) {
    const columns = isDiagonalMatrix(node) ? null : columnsOf(node);
    if (columns) found.set(node, columns);
  }
  for (const node of otherUses(network, ({ batched }) => batched)) found.delete(node);
  return found;
}

/** Outputs, and arguments other than right factors of what is as demanded. */
function otherUses(network: Network, isDemanded: (left: Node) => boolean): Node[] {
  const others = network.nodes.flatMap(({ op, inputs }) =>
    inputs.filter((_, k) => op !== 'matmul' || k !== 1 || !isDemanded(inputs[0])),
  );
  return [...others, ...network.outputs.map(({ node }) => node)];
}

function columnsOf(node: Node): Columns | null {
  if (!isOp(node, 'constant')) return null;
  const { shape, support, data, size } = node.attributes.value;
  if (!support || shape.length !== 2 || size < SMALLEST_CHOOSING || support.length !== shape[1]) return null;
  const place = new Map(Array.from(support, (index, k) => [index % shape[1], k]));
  if (place.size < shape[1]) return null;
  const order = Array.from(support, (_, column) => place.get(column)!);
  const rows = Uint32Array.from(order, (k) => Math.floor(support[k] / shape[1]));
  return { rows, entries: order.map((k) => data[k]) };
}

function isDiagonalMatrix(node: Node): boolean {
  if (!isOp(node, 'constant')) return false;
  const { shape, support } = node.attributes.value;
  if (!support || support.length < 2 || shape.length !== 2 || shape[0] !== shape[1] || support.length !== shape[0])
    return false;
  return support.every((index, k) => index === k * (shape[0] + 1));
}

function sameName(name: string): InputError {
  return new InputError({
    found: `two inputs or outputs named '${name}'`,
    allowed: 'an ONNX file names each tensor once',
    mend: 'rename the output',
  });
}
