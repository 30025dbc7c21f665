import { InputError, quote } from '../errors.js';
import { checkSize } from '../network/limits.js';
import { isOp, type Node } from '../network/network.js';
import type { Role } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { type ExactTensor, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import { ownNames, renamedOperator } from './bodies.js';
import { FoldingBuilder } from './folding.js';
import { BATCH, COLUMNS, DIAGONAL } from './graph-writer.js';
import { exactInteger, lengthOf } from './integers.js';
import type { Message } from './schema.js';

/** A length, or the free length of the batch axis. */
export type Length = number | typeof BATCH;

/** What the numbers of a tensor are in ONNX; all of them are exact numbers here. */
export type Kind = 'float' | 'integer' | 'boolean';

/**
 * A tensor of a file as a node of the network. With `batch` the file's tensor has the batch axis in front, which the
 * node has not (a constant may have been expanded to the batch).
 */
export interface Operand {
  readonly node: Node;
  readonly batch: boolean;
  readonly kind: Kind;
}

/**
 * An integer input whose numbers choose rows of tables is read as unit vectors, token k the (k+1)-th of as many as the
 * tables have rows: choosing a row is a product with them.
 */
export interface Tokens {
  /** Of shape [..., symbols]. */
  readonly node: Node;
  readonly batch: boolean;
  readonly symbols: number;
}

/** What a tensor name of a file stands for. */
type Value =
  | ({ readonly is: 'operand' } & Operand)
  | { readonly is: 'floats'; readonly tensor: ExactTensor; readonly doc: string }
  | { readonly is: 'diagonal'; readonly matrix: Node }
  | { readonly is: 'columns'; readonly matrix: Node; readonly rows: readonly number[] }
  | { readonly is: 'zeros'; readonly shape: readonly Length[]; readonly role: Role }
  | ({ readonly is: 'tokens' } & Tokens)
  /** Integers among which the batch's length may be, or none at all. */
  | { readonly is: 'lengths'; readonly dims: readonly number[]; readonly values: readonly Length[] };

const FOUND: Readonly<Record<Value['is'], string>> = {
  operand: 'a tensor that is computed from inputs',
  floats: 'floats',
  diagonal: 'the diagonal of a matrix',
  columns: 'the entries of the columns of a matrix',
  zeros: 'zeros',
  lengths: 'integers',
  tokens: 'tokens of an input',
};

/** How the parts of a subgraph are read. */
export interface BodyReaders {
  operator(operator: Message<'Operator'>, graph: GraphReader): void;
  array(tensor: Message<'Tensor'>, graph: GraphReader): void;
}

/** Operators of subgraphs, each counted as often as it is read. */
const MOST_WRITTEN = 1 << 16;

/**
 * The tensors of a graph that is being read, by name, and the network that grows from them.
 * A batch axis stays in front, and no operator may touch it.
 */
export class GraphReader {
  readonly builder: FoldingBuilder;
  private readonly values = new Map<string, Value>();
  /** TensorProto.DataType of integers, by name. */
  readonly integerTypes = new Map<string, number>();
  private written = 0;
  private readonly tokenNumbers = new Map<Node, Operand>();

  constructor(
    readonly opset: number,
    /** Whether the file fixes the batch to one example: 1 is then the batch axis's length. */
    readonly fixesBatch: boolean,
    /** Where external data lie; null when there are none. */
    readonly directory: string | null,
    names: ReadonlySet<string>,
    private readonly readers: BodyReaders,
  ) {
    this.builder = new FoldingBuilder(names);
  }

  /**
   * Reads the operators of a subgraph, what it defines being called after `prefix`, with the named tensors for its inputs;
   * returns the names of its outputs. Tensors of the graphs around it keep their names.
   */
  body(graph: Message<'Graph'>, given: readonly string[], prefix: string): readonly string[] {
    const { input = [], output = [], initializer = [], node = [] } = graph;
    this.written += node.length + 1;
    if (this.written > MOST_WRITTEN || input.length !== given.length) {
      throw new InputError({
        found:
          input.length === given.length
            ? `more than ${MOST_WRITTEN} operators once loops are written out`
            : `a subgraph of ${quote(prefix)} that takes ${input.length} tensors and is given ${given.length}`,
        allowed: input.length === given.length ? 'fewer steps' : 'as many',
      });
    }
    const own = ownNames(graph);
    const rename = (name: string) => (own.has(name) ? `${prefix}/${name}` : name);
    input.forEach(({ name = '' }, k) => {
      this.alias(rename(name), given[k]);
    });
    for (const tensor of initializer) this.readers.array({ ...tensor, name: rename(tensor.name ?? '') }, this);
    for (const operator of node) this.readers.operator(renamedOperator(operator, rename), this);
    return output.map(({ name = '' }) => rename(name));
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Throws InputError when the name is empty or taken. */
  define(name: string, value: Value): void {
    this.checkNew(name);
    this.values.set(name, value);
  }

  /** Throws InputError when the name is empty or taken. */
  checkNew(name: string): void {
    if (name === '') throw new InputError({ found: 'a tensor without a name', allowed: 'a name' });
    if (!this.values.has(name)) return;
    throw new InputError({ found: `tensor ${quote(name)} is defined twice`, allowed: 'each name once' });
  }

  result(name: string, operand: Operand): void {
    this.define(name, { is: 'operand', ...operand });
  }

  /** Gives the value of one name a second name. */
  alias(name: string, source: string): void {
    const value = this.value(source);
    const type = this.integerTypes.get(source);
    if (type !== undefined) this.integerTypes.set(name, type);
    this.define(
      name,
      value.is === 'lengths' || value.is === 'tokens' ? value : { is: 'operand', ...this.operand(source) },
    );
  }

  /** A tensor of any kind of numbers; a constant becomes a node when it is first asked for. */
  operand(name: string): Operand {
    const value = this.value(name);
    if (value.is === 'operand') return value;
    if (value.is === 'tokens') return this.numbers(value);
    const made = this.made(name, value);
    this.values.set(name, { is: 'operand', ...made });
    return made;
  }

  /** The tokens of an input that chooses rows of tables, or null when the name is anything else. */
  tokens(name: string): Tokens | null {
    const value = this.value(name);
    return value.is === 'tokens' ? value : null;
  }

  /** Tokens as the numbers that they are in the file. */
  private numbers({ node, batch, symbols }: Tokens): Operand {
    const known = this.tokenNumbers.get(node);
    if (known) return known;
    const column = new Tensor(
      [symbols, 1],
      Array.from({ length: symbols }, (_, k) => Rational.of(k)),
    );
    const product = this.builder.node('matmul', {}, [node, this.builder.known(column, undefined, 'structure')]);
    const to = node.shape.slice(0, -1);
    const made: Operand = { node: this.builder.node('reshape', { to }, [product]), batch, kind: 'integer' };
    this.tokenNumbers.set(node, made);
    return made;
  }

  private made(name: string, value: Exclude<Value, { is: 'operand' | 'tokens' }>): Operand {
    if (value.is === 'floats') {
      const { tensor, doc } = value;
      const node = doc ? this.builder.constant(tensor, name, roleOf(doc)) : this.builder.known(tensor, name);
      return { node, batch: false, kind: 'float' };
    }
    if (value.is === 'zeros') {
      const [first, ...rest] = value.shape;
      const batch = first === BATCH;
      const shape = batch ? rest : value.shape;
      if (!shape.includes(BATCH)) {
        const zeros = new Tensor(shape as number[], [], new Uint32Array(0));
        return { node: this.builder.constant(zeros, name, value.role), batch, kind: 'float' };
      }
    }
    throw wrongKind(name, FOUND[value.is], 'a tensor of floats');
  }

  /** A tensor of floats. */
  floats(name: string): Operand {
    const operand = this.operand(name);
    if (operand.kind === 'float') return operand;
    throw wrongKind(name, operand.kind === 'integer' ? 'integers' : 'truth values', 'a tensor of floats');
  }

  /** A constant that is known exactly. Throws InputError when it depends on an input or is irrational. */
  constant(name: string): { readonly value: ExactTensor; readonly kind: Kind } {
    const { node, kind, batch } = this.operand(name);
    if (!isOp(node, 'constant') || batch) throw wrongKind(name, 'a tensor that is computed from inputs', 'a constant');
    return { value: node.attributes.value, kind };
  }

  /** The matrix whose diagonal is stored under this name, or null when the name is anything else. */
  diagonal(name: string): Node | null {
    const value = this.value(name);
    if (value.is === 'diagonal') return value.matrix;
    if (value.is !== 'floats' || !value.doc.startsWith(DIAGONAL) || value.tensor.shape.length !== 1) return null;
    const [order] = value.tensor.shape;
    checkSize(name, [order, order]);
    const support = Uint32Array.from({ length: order }, (_, k) => k * (order + 1));
    const matrix = new Tensor([order, order], value.tensor.data, support);
    const node = this.builder.constant(matrix, name, roleOf(value.doc));
    this.values.set(name, { is: 'diagonal', matrix: node });
    return node;
  }

  /** Whether the name is what columns of a matrix hold, one entry each. */
  holdsColumns(name: string): boolean {
    const value = this.value(name);
    return (
      value.is === 'columns' ||
      (value.is === 'floats' && value.doc.startsWith(COLUMNS) && value.tensor.shape.length === 1)
    );
  }

  /** The matrix of `height` rows whose columns hold the entries of this name in these rows; null if others were said before. */
  columns(name: string, rows: readonly number[], height: number): Node | null {
    const value = this.value(name);
    if (value.is === 'columns') {
      const isSame = sizes(value.matrix.shape)[0] === height && value.rows.every((row, k) => row === rows[k]);
      return isSame && rows.length === value.rows.length ? value.matrix : null;
    }
    if (value.is !== 'floats' || value.tensor.size !== rows.length) return null;
    const width = rows.length;
    checkSize(name, [height, width]);
    const order = rows.map((_, column) => column).sort((a, b) => rows[a] - rows[b] || a - b);
    const support = Uint32Array.from(order, (column) => rows[column] * width + column);
    const entries = value.tensor.dense(Rational.zero);
    const matrix = new Tensor(
      [height, width],
      order.map((column) => entries[column]),
      support,
    );
    const node = this.builder.constant(matrix, name, roleOf(value.doc));
    this.values.set(name, { is: 'columns', matrix: node, rows });
    return node;
  }

  /** The shape of a tensor of zeros, or null when the name is anything else. */
  zeros(name: string): readonly Length[] | null {
    const value = this.value(name);
    return value.is === 'zeros' ? value.shape : null;
  }

  /** Whether the name is the single number 0, which zeros of any shape are made from. */
  scalarZero(name: string): boolean {
    const value = this.value(name);
    const tensor =
      value.is === 'floats'
        ? value.tensor
        : value.is === 'operand' && value.kind === 'float' && isOp(value.node, 'constant')
          ? value.node.attributes.value
          : null;
    return tensor !== null && tensor.shape.length === 0 && tensor.at(0, Rational.zero).isZero();
  }

  /** Constant integers with their dims, or null when the name is anything else; the batch's length may be among them. */
  lengths(name: string): { readonly dims: readonly number[]; readonly values: readonly Length[] } | null {
    const value = this.value(name);
    if (value.is === 'lengths') return value;
    if (value.is !== 'operand' || value.kind !== 'integer' || !isOp(value.node, 'constant')) return null;
    const { shape } = value.node.attributes.value;
    const entries = value.node.attributes.value.dense(Rational.zero);
    return { dims: shape, values: entries.map(({ num }) => lengthOf(num, name)) };
  }

  /** The integers of a name, 'computed' where they depend on inputs; null when the name is anything else or not defined. */
  integersOf(name: string): readonly Rational[] | 'computed' | null {
    const value = this.values.get(name);
    if (value?.is === 'lengths') return value.values.filter((length) => length !== BATCH).map(exactInteger);
    if (value?.is !== 'operand' || value.kind !== 'integer') return null;
    return isOp(value.node, 'constant') ? value.node.attributes.value.data : 'computed';
  }

  isLengths(name: string): boolean {
    return this.value(name).is === 'lengths';
  }

  /** Defines constant integers. */
  integers(name: string, dims: readonly number[], values: readonly Length[]): void {
    if (values.length === 0 || values.includes(BATCH)) {
      this.define(name, { is: 'lengths', dims, values });
      return;
    }
    const entries = (values as number[]).map(exactInteger);
    const node = this.builder.known(new Tensor(dims, entries), undefined, 'structure');
    this.result(name, { node, batch: false, kind: 'integer' });
  }

  /** A vector of constant integers, among which the batch's length may be. */
  shape(name: string): readonly Length[] {
    const found = this.lengths(name);
    if (found?.dims.length !== 1) throw wrongKind(name, this.found(name), 'a vector of constant integers');
    return found.values;
  }

  /** A vector of known integers. */
  vector(name: string): readonly number[] {
    const values = this.shape(name);
    if (values.includes(BATCH)) throw wrongKind(name, 'the length of the batch', 'a vector of constant integers');
    return values as number[];
  }

  private found(name: string): string {
    const value = this.value(name);
    if (value.is !== 'operand' || !isOp(value.node, 'constant')) return FOUND[value.is];
    return `${value.kind === 'float' ? 'floats' : 'integers'} of shape [${sizes(value.node.shape).join(', ')}]`;
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

export function wrongKind(name: string, found: string, allowed: string): InputError {
  return new InputError({ found: `tensor ${quote(name)} is used as ${allowed} but holds ${found}`, allowed });
}
