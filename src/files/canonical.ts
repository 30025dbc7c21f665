import { InputError, placed, quote } from '../errors.js';
import { Builder } from '../network/builder.js';
import { NETWORK_FORMAT } from '../network/canonical.js';
import { checkSize } from '../network/limits.js';
import { Network, type Node } from '../network/network.js';
import type { Operations, OpName } from '../network/operations.js';
import { type Shape, ShapeError, sizes } from '../network/shape.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import { parseJson } from './json.js';
import { readText } from './read.js';

const LARGEST_FILE = 2 ** 28;
/** Most digits of a numerator or denominator: lowest terms are checked by a gcd, whose cost grows with their square. */
const MOST_DIGITS = 10_000;

/** Reads a network's .json file. Throws InputError, with the file's name, as `readCanonical` does. */
export function readNetworkFile(path: string): Network {
  return placed({ file: path }, () => readCanonical(readText(path, LARGEST_FILE)));
}

/**
 * The network of a canonical form (`canonicalForm`), white space aside. Nodes are called after their operations; names
 * of inner nodes and of axes are not part of the form.
 *
 * Throws InputError, with the number of the node, for anything that `canonicalForm` does not write.
 */
export function readCanonical(text: string): Network {
  const { format, nodes, outputs } = fieldsOf(parseJson(text), 'the file', ['format', 'nodes', 'outputs']);
  if (format !== NETWORK_FORMAT) throw refused(`format ${show(format)}`, `'${NETWORK_FORMAT}'`);
  const described = listOf(nodes, 'nodes').map((node) => node as Fields);
  const builder = new Builder();
  const taken = new Set(described.map((node) => node?.op === 'input' && node.name));
  const built: Node[] = [];
  described.forEach((node, k) => {
    placed({ field: `nodes[${k}]` }, () => built.push(readNode(node, built, builder, freeName(k, taken))));
  });
  const results = listOf(outputs, 'outputs').map((output, k) =>
    placed({ field: `outputs[${k}]` }, () => {
      const { name, node } = fieldsOf(output, 'an output', ['name', 'node']);
      return { name: stringOf(name, 'name'), node: nodeAt(node, built) };
    }),
  );
  if (results.length === 0 || new Set(results.map(({ name }) => name)).size !== results.length) {
    throw refused(`${results.length} outputs`, 'one output or more, each name once');
  }
  return new Network(results);
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of each operation beside op, inputs and shape, and the attributes that they make. */
const ATTRIBUTES: { readonly [K in OpName]: Attributes<Operations[K]> } = {
  input: { fields: ['name'], inputs: 0, read: ({ name }) => ({ name: stringOf(name, 'name') }) },
  constant: { fields: ['dense', 'sparse'], inputs: 0, read: (fields, shape) => constantOf(fields, sizes(shape)) },
  add: plain(2),
  sub: plain(2),
  mul: plain(2),
  min: plain(2),
  max: plain(2),
  relu: plain(1),
  matmul: plain(2),
  div: plain(2),
  exp: plain(1),
  log: plain(1),
  sqrt: plain(1),
  tanh: plain(1),
  sigmoid: plain(1),
  erf: plain(1),
  sin: plain(1),
  cos: plain(1),
  power: { fields: ['exponent'], inputs: 1, read: ({ exponent }) => ({ exponent: indexOf(exponent, 'exponent') }) },
  normalise: {
    fields: ['axis', 'epsilon'],
    inputs: 1,
    read: ({ axis, epsilon }) => ({ axis: indexOf(axis, 'axis'), epsilon: rationalOf(epsilon) }),
  },
  argmax: alongAxis(1),
  softmax: alongAxis(1),
  reduceSum: alongAxis(1),
  reduceMax: alongAxis(1),
  reduceMin: alongAxis(1),
  transpose: { fields: ['perm'], inputs: 1, read: ({ perm }) => ({ perm: indicesOf(perm, 'perm') }) },
  reshape: { fields: [], inputs: 1, read: (_, shape) => ({ to: shape }) },
  concat: alongAxis(null),
  gather: {
    fields: ['axis', 'indices'],
    inputs: 1,
    read: ({ axis, indices }, _, name) => ({
      axis: indexOf(axis, 'axis'),
      indices: indicesOf(indices, 'indices'),
      name,
    }),
  },
  recurrence: plain(3),
};

interface Attributes<A> {
  readonly fields: readonly string[];
  /** null: one or more. */
  readonly inputs: number | null;
  read(fields: Fields, shape: Shape, name: string): A;
}

function plain(inputs: number): Attributes<object> {
  return { fields: [], inputs, read: () => ({}) };
}

function alongAxis(inputs: number | null): Attributes<{ axis: number }> {
  return { fields: ['axis'], inputs, read: ({ axis }) => ({ axis: indexOf(axis, 'axis') }) };
}

function readNode(node: Fields, built: readonly Node[], builder: Builder, name: string): Node {
  const op = node?.op as OpName;
  if (typeof op !== 'string' || !Object.hasOwn(ATTRIBUTES, op)) {
    throw refused(`operation ${show(op)}`, Object.keys(ATTRIBUTES).join(', '));
  }
  const kind = ATTRIBUTES[op] as Attributes<Operations[OpName]>;
  const fields = fieldsOf(node, `a node of operation '${op}'`, ['op', 'inputs', 'shape', ...kind.fields]);
  const inputs = listOf(fields.inputs ?? [], 'inputs').map((index) => nodeAt(index, built));
  if (kind.inputs === null ? inputs.length === 0 : inputs.length !== kind.inputs) {
    throw refused(`${inputs.length} inputs of '${op}'`, `${kind.inputs ?? 'one or more'}`);
  }
  const shape = indicesOf(fields.shape, 'shape').map((size) => ({ name: '', size }));
  checkSize(name, sizes(shape));
  const attributes = kind.read(fields, shape, name);
  try {
    const label = op === 'input' ? (attributes as Operations['input']).name : name;
    const result = builder.node(op, attributes, inputs, label, op === 'input' ? shape : undefined);
    if (sizes(result.shape).join() === sizes(shape).join()) return result;
    throw refused(`shape [${sizes(shape).join(', ')}]`, `[${sizes(result.shape).join(', ')}], which the inputs give`);
  } catch (error) {
    if (error instanceof ShapeError) throw new InputError({ found: error.message });
    throw error;
  }
}

function constantOf({ dense, sparse }: Fields, shape: readonly number[]): Operations['constant'] {
  if ((dense === undefined) === (sparse === undefined)) throw refused('a constant', "one of 'dense' and 'sparse'");
  return { value: dense === undefined ? sparseOf(sparse, shape) : denseOf(dense, shape), role: 'weight' };
}

function denseOf(list: unknown, shape: readonly number[]): ExactTensor {
  const entries = listOf(list, 'dense').map(rationalOf);
  if (entries.length !== sizeOf(shape)) throw refused(`${entries.length} entries`, `${sizeOf(shape)} for the shape`);
  return new Tensor(shape, entries);
}

function sparseOf(list: unknown, shape: readonly number[]): ExactTensor {
  const pairs = listOf(list, 'sparse').map((pair) => {
    const [index, entry, ...rest] = listOf(pair, 'an entry of sparse');
    if (rest.length > 0) throw refused('an entry of sparse', '[index, number]');
    return { index: indexOf(index, 'index'), entry: rationalOf(entry) };
  });
  const size = sizeOf(shape);
  const disorder = pairs.find(({ index }, k) => index >= size || (k > 0 && index <= pairs[k - 1].index));
  if (disorder) throw refused(`index ${disorder.index} in sparse`, `increasing indices below ${size}`);
  const support = Uint32Array.from(pairs, ({ index }) => index);
  return new Tensor(
    shape,
    pairs.map(({ entry }) => entry),
    support,
  );
}

const NUMBER = /^(-?\d+)(?:\/(\d+))?$/;

function rationalOf(value: unknown): Rational {
  const match = typeof value === 'string' && value.length <= 2 * MOST_DIGITS ? NUMBER.exec(value) : null;
  if (match && match[1].length <= MOST_DIGITS && (match[2]?.length ?? 0) <= MOST_DIGITS) {
    const den = BigInt(match[2] ?? '1');
    if (den !== 0n) {
      const exact = Rational.of(BigInt(match[1]), den);
      if (exact.toString() === value) return exact;
    }
  }
  throw refused(`number ${show(value)}`, `"p" or "p/q" in lowest terms, of at most ${MOST_DIGITS} digits each`);
}

function nodeAt(index: unknown, built: readonly Node[]): Node {
  const node = built[indexOf(index, 'node')];
  if (!node) throw refused(`node ${show(index)}`, 'the number of an earlier node');
  return node;
}

function freeName(k: number, taken: ReadonlySet<unknown>): string {
  let name = `node_${k}`;
  while (taken.has(name)) name += '_';
  return name;
}

function fieldsOf(value: unknown, what: string, allowed: readonly string[]): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const unknown = isObject ? Object.keys(value).find((key) => !allowed.includes(key)) : '';
  if (unknown === undefined) return value as Fields;
  throw refused(isObject ? `field ${quote(unknown)} of ${what}` : `${what} that is no object`, allowed.join(', '));
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(`${what} ${show(value)}`, 'a list');
}

function indicesOf(value: unknown, what: string): number[] {
  return listOf(value, what).map((index) => indexOf(index, what));
}

function indexOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw refused(`${what} ${show(value)}`, 'an integer from 0 on');
}

function stringOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw refused(`${what} ${show(value)}`, 'a string');
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return quote(String(value));
}

function refused(found: string, allowed: string): InputError {
  return new InputError({ found, allowed });
}
