import { Tensor } from '../../src/network/tensor.js';

interface FileNode {
  readonly op: string;
  readonly inputs?: readonly number[];
  readonly shape: readonly number[];
  readonly name: string;
  readonly axis: number;
  readonly perm: readonly number[];
  readonly indices: readonly number[];
  readonly dense?: readonly string[];
  readonly sparse?: readonly (readonly [number, string])[];
}

type Values = Readonly<Record<string, Tensor<number>>>;

/**
 * A network file run in doubles by the definitions of the operations, index by index: for networks that the rules of
 * execution in batches refuse, and as an implementation that shares nothing with any other.
 */
export class PlainNetwork {
  readonly inputs: readonly {
    readonly attributes: { readonly name: string };
    readonly shape: readonly { readonly name: string; readonly size: number }[];
  }[];
  private readonly file: {
    readonly nodes: readonly FileNode[];
    readonly outputs: readonly { readonly name: string; readonly node: number }[];
  };

  constructor(text: string) {
    this.file = JSON.parse(text);
    this.inputs = this.file.nodes
      .filter(({ op }) => op === 'input')
      .map(({ name, shape }) => ({ attributes: { name }, shape: shape.map((size) => ({ name: '', size })) }));
  }

  run(inputs: Values): Values {
    const values: number[][] = [];
    for (const node of this.file.nodes) {
      const args = (node.inputs ?? []).map((k) => (at: readonly number[]) => {
        const { shape } = this.file.nodes[k];
        // Shapes align from the right, and a length of 1 stretches.
        const own = at.slice(at.length - shape.length).map((i, axis) => (shape[axis] === 1 ? 0 : i));
        return values[k][flat(own, shape)];
      });
      const shapes = (node.inputs ?? []).map((k) => this.file.nodes[k].shape);
      const given = (k: number) => values[node.inputs![k]];
      values.push(
        node.op === 'input'
          ? [...inputs[node.name].dense(0)]
          : node.op === 'constant'
            ? entriesOf(node)
            : node.op === 'reshape'
              ? given(0)
              : node.op === 'recurrence'
                ? recurrence(given(0), given(1), given(2), shapes)
                : places(node.shape).map((at) => RULES[node.op](at, args, shapes, node)),
      );
    }
    return Object.fromEntries(
      this.file.outputs.map(({ name, node }) => [name, new Tensor([...this.file.nodes[node].shape], values[node])]),
    );
  }
}

type Entry = (at: readonly number[]) => number;
type Rule = (
  at: readonly number[],
  args: readonly Entry[],
  shapes: readonly (readonly number[])[],
  node: FileNode,
) => number;

const along: (combine: (line: number[]) => number) => Rule =
  (combine) =>
  (at, [x], [shape], { axis }) =>
    combine(Array.from({ length: shape[axis] }, (_, i) => x([...at.slice(0, axis), i, ...at.slice(axis)])));

const RULES: Readonly<Record<string, Rule>> = {
  add: (at, [a, b]) => a(at) + b(at),
  sub: (at, [a, b]) => a(at) - b(at),
  mul: (at, [a, b]) => a(at) * b(at),
  div: (at, [a, b]) => a(at) / b(at),
  exp: (at, [x]) => Math.exp(x(at)),
  sqrt: (at, [x]) => Math.sqrt(x(at)),
  min: (at, [a, b]) => Math.min(a(at), b(at)),
  max: (at, [a, b]) => Math.max(a(at), b(at)),
  relu: (at, [x]) => Math.max(x(at), 0),
  reduceSum: along((line) => line.reduce((sum, x) => sum + x, 0)),
  reduceMax: along((line) => Math.max(...line)),
  reduceMin: along((line) => Math.min(...line)),
  softmax: (at, [x], [shape], { axis }) => {
    const logits = Array.from({ length: shape[axis] }, (_, i) => x(at.with(axis, i)));
    return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - x(at)), 0);
  },
  transpose: (at, [x], _, { perm }) => x(perm.map((_, axis) => at[perm.indexOf(axis)])),
  gather: (at, [x], _, { axis, indices }) => x(at.with(axis, indices[at[axis]])),
  concat: (at, args, shapes, { axis }) => {
    let [k, i] = [0, at[axis]];
    for (; i >= shapes[k][axis]; k++) i -= shapes[k][axis];
    return args[k](at.with(axis, i));
  },
  matmul: (at, [a, b], [left]) => {
    const isVector = left.length === 1;
    const [row, column] = [isVector ? [] : at.slice(0, -1), at[at.length - 1]];
    const leading = isVector ? [] : at.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < left[left.length - 1]; k++) sum += a([...row, k]) * b([...leading, k, column]);
    return sum;
  },
};

function recurrence(
  u: number[],
  A: number[],
  B: number[],
  [[length, p], [m]]: readonly (readonly number[])[],
): number[] {
  const result: number[] = [];
  for (let t = 0; t < length; t++) {
    const before = Array.from({ length: m }, (_, i) => (t === 0 ? 0 : result[(t - 1) * m + i]));
    for (let i = 0; i < m; i++) {
      let h = 0;
      for (let j = 0; j < m; j++) h += A[i * m + j] * before[j];
      for (let j = 0; j < p; j++) h += B[i * p + j] * u[t * p + j];
      result.push(h);
    }
  }
  return result;
}

function entriesOf({ shape, dense, sparse }: FileNode): number[] {
  if (dense) return dense.map(value);
  const entries = new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
  for (const [at, text] of sparse!) entries[at] = value(text);
  return entries;
}

function value(text: string): number {
  const [p, q = '1'] = text.split('/').map(BigInt).map(String);
  const digits = Math.max(p.length, q.length) - 300;
  return digits > 0 ? Number(p.slice(0, -digits)) / Number(q.slice(0, -digits)) : Number(p) / Number(q);
}

function flat(at: readonly number[], shape: readonly number[]): number {
  return at.reduce((total, i, axis) => total * shape[axis] + i, 0);
}

function places(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((at) => Array.from({ length }, (_, i) => [...at, i])),
    [[]],
  );
}
