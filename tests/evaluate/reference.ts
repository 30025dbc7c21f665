import type { Network, Node } from '../../src/network/network.js';
import type { Tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';

/**
 * A slow interpreter that shares nothing with src/evaluate: every entry of a result is computed from its multi-index
 * by the definition of the operation. Shapes are derived here too.
 */
export interface Table {
  readonly shape: readonly number[];
  readonly entry: (index: readonly number[]) => Rational;
}

/** All multi-indices of a shape in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, length) => prefixes.flatMap((prefix) => Array.from({ length }, (_, i) => [...prefix, i])),
    [[]],
  );
}

/** Computes every entry once. */
function tabulate(shape: readonly number[], entry: (index: readonly number[]) => Rational): Table {
  const table = new Map(indices(shape).map((index) => [index.join(), entry(index)]));
  return { shape, entry: (index) => table.get(index.join())! };
}

export function fromEntries(shape: readonly number[], entries: readonly Rational[]): Table {
  const table = new Map(indices(shape).map((index, k) => [index.join(), entries[k]]));
  return { shape, entry: (index) => table.get(index.join())! };
}

export function entriesOf({ shape, entry }: Table): Rational[] {
  return indices(shape).map(entry);
}

const plus = (terms: readonly Rational[]) => terms.reduce((a, b) => a.add(b), Rational.zero);
const counts = (n: number) => Array.from({ length: n }, (_, k) => k);

function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return counts(rank).map((k) => Math.max(a[k - rank + a.length] ?? 1, b[k - rank + b.length] ?? 1));
}

/** The entry that broadcasting reads at an index of the result. */
function read({ shape, entry }: Table, index: readonly number[]): Rational {
  return entry(index.slice(index.length - shape.length).map((i, k) => (shape[k] === 1 ? 0 : i)));
}

function binary(a: Table, b: Table, f: (x: Rational, y: Rational) => Rational): Table {
  return tabulate(broadcastShapes(a.shape, b.shape), (index) => f(read(a, index), read(b, index)));
}

function matmul(a: Table, b: Table): Table {
  if (a.shape.length === 1) {
    const row = matmul({ shape: [1, ...a.shape], entry: ([_, k]) => a.entry([k]) }, b);
    return { shape: row.shape.slice(1), entry: (index) => row.entry([0, ...index]) };
  }
  const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...leading, a.shape.at(-2)!, b.shape.at(-1)!];
  const lead = (index: readonly number[], factor: Table) => {
    const own = factor.shape.slice(0, -2);
    return index.slice(leading.length - own.length, leading.length).map((i, k) => (own[k] === 1 ? 0 : i));
  };
  return tabulate(shape, (index) => {
    const [i, j] = index.slice(-2);
    return plus(
      counts(a.shape.at(-1)!).map((k) => a.entry([...lead(index, a), i, k]).mul(b.entry([...lead(index, b), k, j]))),
    );
  });
}

function reduce({ shape, entry }: Table, axis: number, f: (terms: readonly Rational[]) => Rational): Table {
  return tabulate(shape.toSpliced(axis, 1), (index) =>
    f(counts(shape[axis]).map((i) => entry(index.toSpliced(axis, 0, i)))),
  );
}

const larger = (x: Rational, y: Rational) => (x.sub(y).sign() > 0 ? x : y);
const smaller = (x: Rational, y: Rational) => (x.sub(y).sign() < 0 ? x : y);

function recurrence(u: Table, A: Table, B: Table): Table {
  const [length, p] = u.shape;
  const m = A.shape[0];
  const states: Rational[][] = [counts(m).map(() => Rational.zero)];
  for (const t of counts(length)) {
    const previous = states[t];
    states.push(
      counts(m).map((i) =>
        plus([
          ...counts(m).map((j) => A.entry([i, j]).mul(previous[j])),
          ...counts(p).map((j) => B.entry([i, j]).mul(u.entry([t, j]))),
        ]),
      ),
    );
  }
  return { shape: [length, m], entry: ([t, i]) => states[t + 1][i] };
}

function apply(node: Node, args: readonly Table[]): Table {
  const [x, y] = args;
  const { axis, perm, indices: chosen } = node.attributes as { axis: number; perm: number[]; indices: number[] };
  switch (node.op) {
    case 'add':
      return binary(x, y, (a, b) => a.add(b));
    case 'sub':
      return binary(x, y, (a, b) => a.sub(b));
    case 'mul':
      return binary(x, y, (a, b) => a.mul(b));
    case 'min':
      return binary(x, y, smaller);
    case 'max':
      return binary(x, y, larger);
    case 'relu':
      return tabulate(x.shape, (index) => larger(x.entry(index), Rational.zero));
    case 'matmul':
      return matmul(x, y);
    case 'reduceSum':
      return reduce(x, axis, plus);
    case 'reduceMax':
      return reduce(x, axis, (terms) => terms.reduce(larger));
    case 'reduceMin':
      return reduce(x, axis, (terms) => terms.reduce(smaller));
    case 'transpose':
      return tabulate(
        perm.map((from) => x.shape[from]),
        (index) => x.entry(counts(perm.length).map((from) => index[perm.indexOf(from)])),
      );
    case 'reshape':
      return fromEntries(
        node.shape.map(({ size }) => size),
        entriesOf(x),
      );
    case 'concat': {
      const total = args.reduce((length, part) => length + part.shape[axis], 0);
      return tabulate(x.shape.with(axis, total), (index) => {
        let position = index[axis];
        const part = args.find(({ shape }) => {
          if (position < shape[axis]) return true;
          position -= shape[axis];
          return false;
        })!;
        return part.entry(index.with(axis, position));
      });
    }
    case 'gather':
      return tabulate(x.shape.with(axis, chosen.length), (index) => x.entry(index.with(axis, chosen[index[axis]])));
    case 'recurrence':
      return recurrence(x, y, args[2]);
    default:
      throw new Error(`no definition of ${node.op}`);
  }
}

/** The values of all nodes at the given inputs. */
export function referenceValues(
  network: Network,
  inputs: Readonly<Record<string, Tensor<Rational>>>,
): Map<Node, Table> {
  const values = new Map<Node, Table>();
  for (const node of network.nodes) {
    if (node.op === 'input' || node.op === 'constant') {
      const { name, value } = node.attributes as { name: string; value: Tensor<Rational> };
      const tensor = node.op === 'input' ? inputs[name] : value;
      values.set(node, fromEntries(tensor.shape, tensor.dense(Rational.zero)));
    } else {
      values.set(
        node,
        apply(
          node,
          node.inputs.map((input) => values.get(input)!),
        ),
      );
    }
  }
  return values;
}
