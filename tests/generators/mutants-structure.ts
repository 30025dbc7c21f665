import { createHash } from 'node:crypto';
import type { Certified } from './certificates.js';
import type { Mutant } from './mutants.js';

interface Node {
  op: string;
  inputs?: number[];
  shape: number[];
  axis?: number;
  perm?: number[];
  indices?: number[];
  dense?: string[];
  sparse?: [number, string][];
  name?: string;
}

interface File {
  nodes: Node[];
  outputs: { name: string; node: number }[];
}

/** Operations in whose place another of the same line can stand. */
const ALIKE = [
  ['add', 'sub', 'mul', 'min', 'max'],
  ['reduceSum', 'reduceMax', 'reduceMin'],
];

/**
 * Networks with one attribute or one edge changed, whose shapes are made to fit again where they can be: another axis,
 * permutation, list of indices or shape; arguments swapped, one in place of the other, or another node in place of an
 * argument; a node left out; a constant transposed, or changed by one unit in the last of its sixty binary places.
 */
export function* structuralMutants({ certificate, network }: Certified): Generator<Mutant> {
  const file = JSON.parse(network) as File;
  for (const [k, node] of file.nodes.entries()) {
    for (const [what, changed] of changes(node, k, file.nodes)) {
      const nodes = reshaped(file.nodes.with(k, changed));
      if (nodes) yield* mutant(`node ${k}, ${node.op}: ${what}`, certificate, { ...file, nodes }, network);
    }
  }
  for (const [o, output] of file.outputs.entries()) {
    for (const k of file.nodes.keys()) {
      if (k === output.node || !isSame(file.nodes[k].shape, file.nodes[output.node].shape)) continue;
      const outputs = file.outputs.with(o, { ...output, node: k });
      yield* mutant(`output ${output.name} at node ${k}`, certificate, { ...file, outputs }, network);
    }
  }
}

function* mutant(what: string, certificate: string, file: File, before: string): Generator<Mutant> {
  const network = JSON.stringify(file);
  if (network === before.replaceAll('\n', '')) return;
  const sha256 = createHash('sha256').update(network).digest('hex');
  const document = JSON.parse(certificate);
  const changed = { ...document, network: { ...document.network, sha256 } };
  yield { what, certificate: JSON.stringify(changed), network };
}

function* changes(node: Node, k: number, nodes: readonly Node[]): Generator<[what: string, changed: Node]> {
  const { op, inputs = [], shape, axis, perm, indices, dense, sparse } = node;
  const first = nodes[inputs[0]]?.shape ?? [];
  if (axis !== undefined) {
    for (const other of first.keys()) if (other !== axis) yield [`axis ${axis} -> ${other}`, { ...node, axis: other }];
  }
  for (let i = 0; perm && i < perm.length; i++) {
    for (let j = i + 1; j < perm.length; j++) yield [`perm ${i} with ${j}`, { ...node, perm: swapped(perm, i, j) }];
  }
  if (indices) {
    const some = [...new Set([0, 1, indices.length >> 1, indices.length - 1])].filter((i) => i < indices.length);
    for (const i of some) {
      const other = (indices[i] + 1) % first[axis ?? 0];
      yield [`index ${i} -> ${other}`, { ...node, indices: indices.with(i, other) }];
      for (const j of some) if (i < j) yield [`index ${i} with ${j}`, { ...node, indices: swapped(indices, i, j) }];
    }
    yield ['indices reversed', { ...node, indices: [...indices].reverse() }];
  }
  if (op === 'reshape') {
    yield ['shape reversed', { ...node, shape: [...shape].reverse() }];
    for (const other of [
      [1, ...shape],
      [...shape, 1],
    ])
      yield [`shape ${other}`, { ...node, shape: other }];
  }
  for (const i of inputs.keys()) {
    for (const j of inputs.keys()) {
      if (i < j) yield [`argument ${i} with ${j}`, { ...node, inputs: swapped(inputs, i, j) }];
      if (i !== j) yield [`argument ${j} for ${i}`, { ...node, inputs: inputs.with(i, inputs[j]) }];
    }
    for (let other = 0; other < k; other++) {
      const fits = other !== inputs[i] && isSame(nodes[other].shape, nodes[inputs[i]].shape);
      if (fits) yield [`argument ${i}: node ${inputs[i]} -> ${other}`, { ...node, inputs: inputs.with(i, other) }];
    }
    const same: Node = { op: 'reshape', inputs: [inputs[i]], shape };
    if (isSame(nodes[inputs[i]].shape, shape)) yield [`left out, but for argument ${i}`, same];
  }
  for (const other of ALIKE.find((line) => line.includes(op)) ?? []) {
    if (other !== op) yield [`-> ${other}`, { ...node, op: other }];
  }
  const values = dense ?? sparse?.map(([, value]) => value) ?? [];
  const put = (changed: string[]): Node => {
    if (dense) return { ...node, dense: changed };
    return { ...node, sparse: sparse!.map(([at], i): [number, string] => [at, changed[i]]) };
  };
  for (const i of new Set([0, values.length >> 1, values.length - 1])) {
    if (i < 0 || i >= values.length) continue;
    for (const unit of [1n, -1n]) yield [`entry ${i} by ${unit} unit`, put(values.with(i, nudged(values[i], unit)))];
    const j = values.findIndex((value) => value !== values[i]);
    if (j >= 0) yield [`entry ${i} with ${j}`, put(swapped(values, i, j))];
  }
  if (dense && shape.length === 2) {
    const [height, width] = shape;
    const turned = dense.map((_, at) => dense[(at % height) * width + Math.floor(at / height)]);
    yield ['transposed', { ...node, shape: [width, height], dense: turned }];
    if (height === width) yield ['rows reversed', { ...node, dense: [...dense].reverse() }];
  }
}

/** The number with 2^-60 of it (of 1, for 0) added so often. */
export function nudged(text: string, units: bigint): string {
  const [p, q = '1'] = text.split('/');
  const [n, d] = [BigInt(p), BigInt(q)];
  const size = n === 0n ? d : n < 0n ? -n : n;
  return reduced((n << 60n) + units * size, d << 60n);
}

function reduced(n: bigint, d: bigint): string {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b !== 0n) [a, b] = [b, a % b];
  return d === a ? `${n / a}` : `${n / a}/${d / a}`;
}

/** The nodes with the shapes that follow from their arguments; null where these do not fit. */
function reshaped(nodes: readonly Node[]): Node[] | null {
  const result: Node[] = [];
  for (const node of nodes) {
    const shape = shapeOf(
      node,
      (node.inputs ?? []).map((input) => result[input].shape),
    );
    if (!shape || shape.some((size) => size === undefined)) return null;
    result.push({ ...node, shape });
  }
  return result;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function shapeOf({ op, shape, axis = 0, perm, indices }: Node, args: number[][]): number[] | null {
  const [a, b] = args;
  switch (op) {
    case 'input':
    case 'constant':
      return shape;
    case 'relu':
    case 'softmax':
      return a;
    case 'reshape':
      return product(a) === product(shape) ? shape : null;
    case 'reduceSum':
    case 'reduceMax':
    case 'reduceMin':
      return a.toSpliced(axis, 1);
    case 'transpose':
      return perm!.map((k) => a[k]);
    case 'gather':
      return indices!.every((k) => k < a[axis]) ? a.with(axis, indices!.length) : null;
    case 'concat': {
      const rest = (s: number[]) => s.toSpliced(axis, 1);
      if (!args.every((s) => axis < s.length && isSame(rest(s), rest(a)))) return null;
      return a.with(
        axis,
        args.reduce((sum, s) => sum + s[axis], 0),
      );
    }
    case 'matmul': {
      const fits = b.length > 1 && a.length > 0 && a.at(-1) === b.at(-2) && (a.length > 1 || b.length === 2);
      const leading = fits ? stretched(a.slice(0, -2), b.slice(0, -2)) : null;
      return leading && [...leading, ...a.slice(-2, -1), b.at(-1)!];
    }
    case 'recurrence':
      return a.length === 2 && b[0] === b[1] && args[2][0] === b[0] && args[2][1] === a[1] ? [a[0], b[0]] : null;
    default:
      return b ? stretched(a, b) : a;
  }
}

function stretched(a: number[], b: number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const at = (s: number[], k: number) => s[k - rank + s.length] ?? 1;
  const sizes = Array.from({ length: rank }, (_, k) => [at(a, k), at(b, k)]);
  return sizes.every(([p, q]) => p === q || p === 1 || q === 1) ? sizes.map(([p, q]) => Math.max(p, q)) : null;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}

function swapped<T>(items: readonly T[], i: number, j: number): T[] {
  return items.with(i, items[j]).with(j, items[i]);
}
