import { borrow, hold, spend } from './budget.js';
import { brief, demand, demandShown } from './failure.js';
import { Fraction } from './fraction.js';
import { readJson } from './json.js';
import type { Network, Node } from './node.js';
import { OPERATIONS, sizeOf } from './shapes.js';

export type { Network, Node };
export { sizeOf };

const FORMAT = 'exhibit-network-1';
/** Words of formulas. */
const RESERVED: ReadonlySet<string> = new Set('exp log sin cos tanh abs sqrt min max pi in except'.split(' '));
const MOST_ENTRIES = 2 ** 28;
/** Bytes of a node, and of an entry of a constant. */
const NODE = 500;
const ENTRY = 150;
const MOST_AXES = 32;
const MOST_EXPONENT = 1001;

/**
 * Reads the canonical JSON of a network. Lines may break anywhere, but otherwise the text must be the one way to write
 * what was read: no field twice, no blanks. Throws Rejected.
 */
export function readNetwork(text: string, sha256: string): Network {
  const file = readJson(text, 'the network file');
  borrow(3 * text.length);
  demand(JSON.stringify(file) === text.replaceAll('\n', ''), 'the network file is not in canonical form');
  const { format, nodes, outputs } = record(file, 'the network file', ['format', 'nodes', 'outputs']);
  demand(format === FORMAT, `the network file has the format ${brief(format)}`);
  const read: Node[] = [];
  for (const [k, node] of list(nodes, 'nodes').entries()) read.push(readNode(node, k));
  const named = list(outputs, 'outputs').map((output) => {
    const { name, node } = record(output, 'an output', ['name', 'node']);
    return [string(name, 'the name of an output'), index(node, read.length, 'the node of an output')] as const;
  });
  const names = [...read.flatMap(({ op, name }) => (op === 'input' ? [name] : [])), ...named.map(([name]) => name)];
  demand(new Set(names).size === names.length, 'a name stands for two inputs or outputs');
  return { sha256, nodes: read, outputs: new Map(named) };
}

/**
 * Demands that no name of an input or output can be misread in a statement; those of networks of others may be any. Claims about
 * names in other letters, which can look alike, are left unfinished.
 */
export function demandPlain({ nodes, outputs }: Network): void {
  const inputs = nodes.flatMap(({ op, name }) => (op === 'input' ? [name] : []));
  for (const name of [...inputs, ...outputs.keys()]) {
    const isPlain = /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name);
    demand(/^\p{L}[\p{L}\p{N}_]*$/u.test(name), () => `${brief(name)} is no name of letters, digits and _`);
    demandShown(isPlain, () => `the name ${brief(name)} is not of up to 64 letters a to z, digits and _`);
    demand(
      !RESERVED.has(name),
      () => `an input or output has the name ${brief(name)}, which means something in formulas`,
    );
  }
}

function readNode(value: unknown, k: number): Node {
  const op = (value as { op?: unknown } | null)?.op;
  const place = `node ${k} of the network`;
  demand(typeof op === 'string' && Object.hasOwn(OPERATIONS, op), () => `${place} has the operation ${brief(op)}`);
  hold(NODE);
  spend(100);
  const [arity, , ...attributes] = OPERATIONS[op];
  const fields = record(value, place, ['op', 'inputs', 'shape', ...attributes]);
  const inputs = list(fields.inputs ?? [], `inputs of ${place}`).map((input) =>
    index(input, k, `an input of ${place}`),
  );
  demand(arity < 0 ? inputs.length > 0 : inputs.length === arity, `${place} has ${inputs.length} inputs`);
  const shape = list(fields.shape, `the shape of ${place}`).map((size) =>
    index(size, MOST_ENTRIES, `a length of ${place}`),
  );
  const size = sizeOf(shape);
  demand(shape.length <= MOST_AXES && size > 0 && size <= MOST_ENTRIES, `${place} has ${size} entries`);
  const indices = fields.indices ?? fields.perm ?? [];
  return {
    op,
    inputs,
    shape,
    name: op === 'input' ? string(fields.name, `the name of ${place}`) : '',
    axis: attributes.includes('axis') ? index(fields.axis, MOST_AXES, `the axis of ${place}`) : 0,
    indices: list(indices, `indices of ${place}`).map((i) => index(i, MOST_ENTRIES, `an index of ${place}`)),
    exponent: op === 'power' ? index(fields.exponent, MOST_EXPONENT, `the exponent of ${place}`) : 1,
    epsilon: op === 'normalise' ? fraction(fields.epsilon, `epsilon of ${place}`) : Fraction.zero,
    entries: op === 'constant' ? readEntries(fields, size, place) : new Map(),
  };
}

function readEntries({ dense, sparse }: Fields, size: number, place: string): Map<number, Fraction> {
  demand((dense === undefined) !== (sparse === undefined), `${place} is neither dense nor sparse`);
  const entries = new Map<number, Fraction>();
  const values = list(dense ?? sparse, `the entries of ${place}`);
  demand(dense === undefined || values.length === size, `${place} has ${values.length} entries in place of ${size}`);
  let before = -1;
  for (const [k, value] of values.entries()) {
    const [at, text] = dense === undefined ? list(value, `an entry of ${place}`) : [k, value];
    const position = index(at, size, `an index of ${place}`);
    demand(position > before, `the indices of ${place} do not increase`);
    const entry = fraction(text, `an entry of ${place}`);
    hold(ENTRY + entry.bits / 4);
    if (!entry.isZero) entries.set(position, entry);
    before = position;
  }
  return entries;
}

/** The node of the one input. Throws Rejected where there are others, or none. */
export function onlyInput({ nodes }: Network): number {
  const [input, ...others] = nodes.flatMap(({ op }, k) => (op === 'input' ? [k] : []));
  demand(input !== undefined && others.length === 0, 'the network has other inputs than one');
  return input;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object that has no others than those allowed. */
export function record(value: unknown, what: string, allowed: readonly string[]): Fields {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no object`);
  const stray = Object.keys(value).find((key) => !allowed.includes(key));
  demand(stray === undefined, `${what} has a field ${brief(stray)}`);
  return value as Fields;
}

export function list(value: unknown, what: string): readonly unknown[] {
  demand(Array.isArray(value), () => `${what}: ${brief(value)} is no list`);
  return value;
}

export function string(value: unknown, what: string): string {
  demand(typeof value === 'string', `${what} is no text`);
  return value;
}

/** An integer from 0 to `limit` - 1. */
export function index(value: unknown, limit: number, what: string): number {
  demand(
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit,
    () => `${what} is ${brief(value)}`,
  );
  return value as number;
}

const NUMBER = /^(-?\d{1,10000})(?:\/(\d{1,10000}))?$/;

/** A number as `p` or `p/q`, of at most 10,000 digits each. */
export function fraction(value: unknown, what: string): Fraction {
  const match = typeof value === 'string' && value.length <= 20_002 ? NUMBER.exec(value) : null;
  demand(match !== null, () => `${what} is ${brief(typeof value === 'string' ? value.slice(0, 100) : value)}`);
  // Digits are read in time like the square of their number.
  spend(20 + match[0].length ** 2 / 2000);
  return Fraction.of(BigInt(match[1]), BigInt(match[2] ?? '1'));
}
