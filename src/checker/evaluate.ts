import type { Atoms } from './atoms.js';
import { borrow, hold, release, spend } from './budget.js';
import { demand, Unfinished } from './failure.js';
import { add, combine, constantForm, difference, type Form, isZero, scale, sizeOfForm, ZERO } from './forms.js';
import { Fraction } from './fraction.js';
import { type Network, type Node, sizeOf } from './network.js';
import { broadcast, demandShape, isSame } from './shapes.js';

/** Forms by flat index in row-major order; what is not there is zero. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly entries: ReadonlyMap<number, Form>;
}

/** The entries of a node that is being evaluated; what they take is counted as they come. */
class Entries extends Map<number, Form> {
  bytes = 0;

  put(at: number, form: Form): void {
    if (isZero(form)) return;
    spend(10);
    const bytes = ENTRY + sizeOfForm(form);
    hold(bytes);
    this.bytes += bytes;
    this.set(at, form);
  }
}

/** The entries of a node whose shape is known to follow from its arguments. */
type Kernel = (atoms: Atoms, args: readonly Tensor[], node: Node) => ReadonlyMap<number, Form>;

/**
 * The entries of the `wanted` nodes as affine forms over symbols: the exact function that the network computes.
 * `given` holds the values of nodes that are not to be looked behind; it must cover the inputs that matter.
 */
export function evaluate(
  network: Network,
  atoms: Atoms,
  given: ReadonlyMap<number, Tensor>,
  wanted: readonly number[],
): Tensor[] {
  const needed = new Set<number>();
  const stack = [...wanted];
  for (let k = stack.pop(); k !== undefined; k = stack.pop()) {
    if (needed.has(k)) continue;
    needed.add(k);
    if (!given.has(k)) for (const input of network.nodes[k].inputs) stack.push(input);
  }
  const values = new Map<number, Tensor>();
  const held = new Map<number, number>();
  for (const k of [...needed].sort((a, b) => a - b)) {
    const node = network.nodes[k];
    spend(150 + 20 * node.inputs.length);
    const args = given.has(k) ? [] : node.inputs.map((input) => values.get(input)!);
    const { shape } = node;
    if (!given.has(k)) demandShape(node, k, args);
    const value = given.get(k) ?? { shape, entries: kernelOf(node, k)(atoms, args, node) };
    demand(isSame(value.shape, shape), () => `node ${k} is given with the shape [${value.shape}]`);
    held.set(k, keep(value, node));
    values.set(k, value);
  }
  for (const [k, bytes] of held) if (!wanted.includes(k)) release(bytes);
  return wanted.map((k) => values.get(k)!);
}

/** Bytes of an entry of a tensor, without its form. */
const ENTRY = 60;
/** Operations whose results are entries of their arguments, in other places. */
const MOVES: ReadonlySet<string> = new Set(['input', 'reshape', 'transpose', 'concat', 'gather']);

/** What a node's value takes while the nodes after it are evaluated. */
function keep({ entries }: Tensor, { op }: Node): number {
  if (entries instanceof Entries && !MOVES.has(op)) return entries.bytes;
  const bytes = ENTRY * entries.size;
  spend(4 * entries.size);
  hold(bytes);
  return bytes;
}

/** The entry at a flat index. */
export function entry(tensor: Tensor, index: number): Form {
  return tensor.entries.get(index) ?? ZERO;
}

/** All entries in order. */
export function dense(tensor: Tensor): Form[] {
  spend(8 * sizeOf(tensor.shape));
  borrow(8 * sizeOf(tensor.shape));
  return Array.from({ length: sizeOf(tensor.shape) }, (_, k) => entry(tensor, k));
}

function kernelOf(node: Node, k: number): Kernel {
  const kernel = KERNELS[node.op];
  demand(node.op !== 'input', `node ${k}, "input", has no value`);
  if (!kernel) throw new Unfinished(`node ${k}, ${node.op}, has no value that the checker knows`);
  return kernel;
}

const elementwise =
  (operation: (atoms: Atoms, a: Form, b: Form) => Form): Kernel =>
  (atoms, [a, b], { shape }) => {
    const [left, right] = [stretch(a, shape), stretch(b, shape)];
    const entries = new Entries();
    for (const k of left.keys()) entries.put(k, operation(atoms, left.get(k)!, right.get(k) ?? ZERO));
    for (const k of right.keys()) if (!left.has(k)) entries.put(k, operation(atoms, ZERO, right.get(k)!));
    return entries;
  };

const reduction =
  (reduce: (atoms: Atoms, line: readonly Form[]) => Form): Kernel =>
  (atoms, [x], { axis }) => {
    const entries = new Entries();
    lines(x, axis).forEach((line, k) => {
      const terms = line.map((at) => entry(x, at));
      entries.put(k, reduce(atoms, terms));
    });
    return entries;
  };

/** A function of single entries, those that are zero included. */
function everywhere(change: (atoms: Atoms, form: Form) => Form): Kernel {
  return (atoms, [x]) => {
    const entries = new Entries();
    for (const [k, form] of dense(x).entries()) entries.put(k, change(atoms, form));
    return entries;
  };
}

const HALF = Fraction.of(1, 2n);
const MINUS = Fraction.of(-1);

const KERNELS: Readonly<Record<string, Kernel>> = {
  constant: (_, __, node) => constantOf(node),
  add: elementwise((_, a, b) => (b === ZERO ? a : a === ZERO ? b : add(a, b))),
  sub: elementwise((_, a, b) => (b === ZERO ? a : difference(a, b))),
  mul: elementwise((atoms, a, b) => (a === ZERO || b === ZERO ? ZERO : atoms.product(a, b))),
  min: elementwise((atoms, a, b) => atoms.min(a, b)),
  max: elementwise((atoms, a, b) => atoms.max(a, b)),
  relu: (atoms, [x]) => mapped(x, (form) => atoms.relu(form)),
  softmax: (atoms, [x], { axis }) => {
    const entries = new Entries();
    for (const line of lines(x, axis)) {
      const shares = atoms.softmax(line.map((at) => entry(x, at)));
      for (const [k, at] of line.entries()) entries.put(at, shares[k]);
    }
    return entries;
  },
  reduceSum: reduction((atoms, line) => atoms.sum(line)),
  reduceMax: reduction((atoms, line) => line.reduce((a, b) => atoms.max(a, b))),
  reduceMin: reduction((atoms, line) => line.reduce((a, b) => atoms.min(a, b))),
  div: (atoms, [a, b], { shape }) => {
    const [left, right] = [stretch(a, shape), stretch(b, shape)];
    const entries = new Entries();
    for (let k = 0; k < sizeOf(shape); k++) {
      entries.put(k, atoms.product(left.get(k) ?? ZERO, atoms.apply('power', right.get(k) ?? ZERO, MINUS)));
    }
    return entries;
  },
  ...Object.fromEntries(
    ['exp', 'log', 'tanh', 'erf', 'sin', 'cos'].map((fn) => [fn, everywhere((atoms, form) => atoms.apply(fn, form))]),
  ),
  sqrt: everywhere((atoms, form) => atoms.apply('power', form, HALF)),
  /** 1/(1 + exp(-x)) = (1 + tanh(x/2))/2. */
  sigmoid: everywhere((atoms, form) =>
    scale(add(constantForm(Fraction.one), atoms.apply('tanh', scale(form, HALF))), HALF),
  ),
  power: (atoms, [x], { exponent }) => {
    demand(exponent >= 1, 'an exponent is 0');
    return mapped(x, (form) => atoms.power(form, exponent));
  },
  normalise: (atoms, [x], { axis, epsilon }) => {
    const entries = new Entries();
    for (const line of lines(x, axis)) {
      const squares = line.map((at) => atoms.power(entry(x, at), 2));
      const mean = combine([
        [constantForm(epsilon), Fraction.one],
        ...squares.map((square) => [square, Fraction.of(1, BigInt(line.length))] as const),
      ]);
      const inverse = atoms.apply('power', mean, HALF.neg());
      for (const at of line) entries.put(at, atoms.product(entry(x, at), inverse));
    }
    return entries;
  },
  /** h_t = A h_(t-1) + B u_t from h_(-1) = 0. */
  recurrence: (atoms, [u, A, B], { shape: [length, m] }) => {
    const row = (tensor: Tensor, i: number, width: number) =>
      Array.from({ length: width }, (_, j) => entry(tensor, i * width + j));
    const entries = new Entries();
    let state: readonly Form[] = row({ shape: [], entries: new Map() }, 0, m);
    for (let t = 0; t < length; t++) {
      const given = row(u, t, u.shape[1]);
      state = state.map((_, i) => {
        const pairs = [
          ...row(A, i, m).map((a, k) => [a, state[k]] as const),
          ...row(B, i, given.length).map((b, k) => [b, given[k]] as const),
        ];
        return atoms.dot(pairs);
      });
      for (const [i, form] of state.entries()) entries.put(t * m + i, form);
    }
    return entries;
  },
  reshape: (_, [x]) => x.entries,
  transpose: (_, [x], { indices, shape }) => {
    const [from, to] = [strides(x.shape), strides(shape)];
    spend(40 * x.entries.size);
    const place = (at: number) =>
      indices.reduce((flat, axis, k) => flat + (Math.floor(at / from[axis]) % x.shape[axis]) * to[k], 0);
    return new Map([...x.entries].map(([at, form]) => [place(at), form]));
  },
  concat: (_, args, { axis, shape }) => {
    const inner = sizeOf(shape.slice(axis + 1));
    const entries = new Entries();
    let offset = 0;
    for (const arg of args) {
      const block = arg.shape[axis] * inner;
      spend(20 * arg.entries.size);
      for (const [at, form] of arg.entries) {
        entries.set(Math.floor(at / block) * shape[axis] * inner + offset + (at % block), form);
      }
      offset += block;
    }
    return entries;
  },
  gather: (_, [x], { axis, indices, shape }) => {
    const inner = sizeOf(x.shape.slice(axis + 1));
    spend(20 * sizeOf(shape));
    const entries = new Entries();
    for (let block = 0; block < sizeOf(shape.slice(0, axis)); block++) {
      indices.forEach((index, k) => {
        for (let j = 0; j < inner; j++) {
          const form = x.entries.get((block * x.shape[axis] + index) * inner + j);
          if (form) entries.set((block * indices.length + k) * inner + j, form);
        }
      });
    }
    return entries;
  },
  matmul: (atoms, [a, b]) => {
    const [rows, inner, columns] = [a.shape.length === 1 ? 1 : a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
    const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))!;
    const left = stretch({ ...a, shape: [...a.shape.slice(0, -2), rows, inner] }, [...leading, rows, inner]);
    const right = stretch(b, [...leading, inner, columns]);
    return product(atoms, left, right, { rows, inner, columns });
  },
};

const constants = new WeakMap<Node, ReadonlyMap<number, Form>>();

/** A constant's entries as forms, made once however often a network is evaluated. */
function constantOf(node: Node): ReadonlyMap<number, Form> {
  let entries = constants.get(node);
  if (!entries) {
    entries = new Map([...node.entries].map(([k, value]) => [k, constantForm(value)] as const));
    constants.set(node, entries);
  }
  return entries;
}

/** Bytes of two factors that are to be multiplied. */
const PAIR = 60;

/** Stored entries of the left factor meet those of the right one in the same row. */
function product(
  atoms: Atoms,
  left: ReadonlyMap<number, Form>,
  right: ReadonlyMap<number, Form>,
  { rows, inner, columns }: { rows: number; inner: number; columns: number },
): Entries {
  const byRow = rowsOf(right, columns);
  const pairs = new Map<number, (readonly [Form, Form])[]>();
  let count = 0;
  for (const [at, form] of left) {
    const [row, k] = [Math.floor(at / inner), at % inner];
    const partners = byRow.get(Math.floor(row / rows) * inner + k) ?? [];
    spend(10 + 20 * partners.length);
    count += partners.length;
    borrow(PAIR * count);
    for (const [column, partner] of partners) {
      const terms = pairs.get(row * columns + column);
      if (terms) terms.push([form, partner]);
      else pairs.set(row * columns + column, [[form, partner]]);
    }
  }
  const entries = new Entries();
  for (const [at, terms] of pairs) entries.put(at, atoms.dot(terms));
  return entries;
}

type Rows = ReadonlyMap<number, readonly (readonly [column: number, entry: Form])[]>;

const known = new WeakMap<ReadonlyMap<number, Form>, { readonly columns: number; readonly rows: Rows }>();

/** The stored entries of a matrix row by row, made once; reshaping keeps the entries and changes the columns. */
function rowsOf(entries: ReadonlyMap<number, Form>, columns: number): Rows {
  const found = known.get(entries);
  if (found?.columns === columns) return found.rows;
  const result = new Map<number, (readonly [number, Form])[]>();
  for (const [at, form] of entries) {
    const row = Math.floor(at / columns);
    const line = result.get(row);
    if (line) line.push([at % columns, form]);
    else result.set(row, [[at % columns, form]]);
  }
  known.set(entries, { columns, rows: result });
  return result;
}

function mapped(x: Tensor, change: (form: Form) => Form): Entries {
  const entries = new Entries();
  for (const [at, form] of x.entries) entries.put(at, change(form));
  return entries;
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, k) => sizeOf(shape.slice(k + 1)));
}

/** The flat indices of every line along an axis. */
function lines({ shape }: Tensor, axis: number): number[][] {
  spend(8 * sizeOf(shape));
  borrow(16 * sizeOf(shape));
  const stride = sizeOf(shape.slice(axis + 1));
  return Array.from({ length: sizeOf(shape) / shape[axis] }, (_, k) => {
    const start = Math.floor(k / stride) * stride * shape[axis] + (k % stride);
    return Array.from({ length: shape[axis] }, (_, j) => start + j * stride);
  });
}

/** The entries of a tensor broadcast to `shape`. */
function stretch(x: Tensor, shape: readonly number[]): ReadonlyMap<number, Form> {
  if (sizeOf(x.shape) === sizeOf(shape)) return x.entries;
  const [from, to] = [strides(x.shape), strides(shape)];
  const offset = shape.length - x.shape.length;
  let shifts = [0];
  shape.forEach((length, axis) => {
    if ((x.shape[axis - offset] ?? 1) === length) return;
    spend(4 * shifts.length * length);
    borrow(8 * shifts.length * length);
    shifts = shifts.flatMap((shift) => Array.from({ length }, (_, k) => shift + k * to[axis]));
  });
  spend(20 * shifts.length * x.entries.size);
  borrow(ENTRY * shifts.length * x.entries.size);
  const entries = new Entries();
  for (const [at, form] of x.entries) {
    const base = x.shape.reduce((flat, size, k) => flat + (Math.floor(at / from[k]) % size) * to[k + offset], 0);
    for (const shift of shifts) entries.set(base + shift, form);
  }
  return entries;
}
