import { hold, spend } from './budget.js';
import { brief, demand } from './failure.js';
import { bitsOf, costOfProduct, Fraction } from './fraction.js';
import type { Network, Node } from './network.js';

/** The entries of a row that are not zero, with about the bits of the longest. */
export interface IntegerRow {
  readonly entries: readonly (readonly [column: number, entry: bigint])[];
  readonly bits: number;
}

/**
 * h_k(b) = A_k h_k(b-1) + B_k h_(k-1)(b) from the state 0, with h_0(b) the inputs from time bK to (b+1)K - 1, and outputs
 * at these times; by rows in integers: A_k times `step`, and the states of block b times step^b and a number of their own, which
 * all of a layer share where there is one layer or A_k mixes them. So the outputs of block b come out times scale step^b.
 */
export interface Chain {
  readonly block: number;
  readonly layers: readonly { readonly A: readonly IntegerRow[]; readonly B: readonly IntegerRow[] }[];
  readonly outputs: ReadonlyMap<string, readonly IntegerRow[]>;
  readonly step: bigint;
  readonly scale: bigint;
  /** The recurrences' matrices, and the columns of the outputs. */
  readonly matrices: readonly (readonly [A: Node, B: Node])[];
  readonly columns: ReadonlyMap<string, Node>;
}

/** The recurrences of a network with one input and outputs named y and possibly y_imag. Throws Rejected for another one. */
export function readChain({ nodes, outputs }: Network): Chain {
  const behind = (k: number): Node => (nodes[k].op === 'reshape' ? behind(nodes[k].inputs[0]) : nodes[k]);
  const columns = new Map<string, Node>();
  let state: number | undefined;
  for (const [name, node] of outputs) {
    const { op, inputs, shape } = behind(node);
    demand(name === 'y' || name === 'y_imag', `the network has an output ${brief(name)}`);
    demand(op === 'matmul' && (state === undefined || state === inputs[0]), `${name} is not the states times a column`);
    demand(`${nodes[node].shape}` === `${shape[0] * shape[1]}` && shape.length === 2, `${name} is no sequence`);
    columns.set(name, nodes[inputs[1]]);
    state = inputs[0];
  }
  demand(columns.has('y'), 'there is no output y');
  const matrices: (readonly [A: Node, B: Node])[] = [];
  const length = nodes[state!].shape[0];
  let node = nodes[state!];
  for (; node.op === 'recurrence'; node = nodes[node.inputs[0]]) {
    matrices.unshift([nodes[node.inputs[1]], nodes[node.inputs[2]]]);
    demand(
      `${node.shape}` === `${length},${matrices[0][0].shape[0]}`,
      'a recurrence has another shape than its states',
    );
  }
  const source = node.op === 'reshape' ? nodes[node.inputs[0]] : node;
  const block = node.shape[1];
  demand(
    source.op === 'input' && `${source.shape}` === `${length * block}` && `${node.shape}` === `${length},${block}`,
    'the recurrences do not start from one input',
  );
  let width = block;
  for (const [A, B] of matrices) {
    const m = A.shape[0];
    demand([A, B].every(({ op }) => op === 'constant') && `${A.shape}` === `${m},${m}`, 'a matrix is no constant');
    demand(`${B.shape}` === `${m},${width}`, 'the matrices of the recurrences do not fit');
    width = m;
  }
  const fits = [...columns.values()].every(({ op, shape }) => op === 'constant' && `${shape}` === `${width},${block}`);
  demand(fits && matrices.length > 0, 'the outputs are not the states times constant columns');
  const step = matrices.reduce((d, [A]) => rows(A, [], true, d).scales.reduce(lcm, d), 1n);
  let scales = new Array<bigint>(block).fill(1n);
  const layers = matrices.map(([A, B]) => {
    const driven = rows(B, scales, matrices.length === 1 || mixes(A));
    scales = driven.scales;
    return { A: rows(A, [], true, step).rows, B: driven.rows };
  });
  const readouts = [...columns].map(([name, column]) => [name, transposed(column)] as const);
  const scale = readouts.reduce((least, [, column]) => rows(column, scales, true, least).scales.reduce(lcm, 1n), 1n);
  const read = new Map(readouts.map(([name, column]) => [name, rows(column, scales, true, scale).rows]));
  return { block, layers, outputs: read, step, scale, matrices, columns };
}

/** The states after one more block. */
function advance({ layers }: Chain, states: readonly Integers[], input: readonly bigint[]): Integers[] {
  let below = integers(input);
  return layers.map(({ A, B }, k) => (below = integers(A.map((row, i) => dot(row, states[k]) + dot(B[i], below)))));
}

/** For blocks b < count, after an impulse at one time of the first: the states of the last layer, and what outputs come times. */
export function* impulse(chain: Chain, count: number, at = 0) {
  const input = Array.from({ length: chain.block }, (_, j) => (j === at ? 1n : 0n));
  let states: Integers[] = chain.layers.map(({ A }) => integers(A.map(() => 0n)));
  for (let [b, own] = [0, chain.scale]; b < count; b++, own *= chain.step) {
    states = advance(chain, states, input);
    input.fill(0n);
    yield { b, state: states[states.length - 1], own };
  }
}

/** Numbers with about the bits of the longest of them. */
export interface Integers {
  readonly values: readonly bigint[];
  readonly bits: number;
}

export function integers(values: readonly bigint[]): Integers {
  const bits = values.reduce((most, value) => Math.max(most, bitsOf(value)), 0);
  spend(values.length * (10 + bits / 400));
  return { values, bits };
}

export function dot({ entries, bits }: IntegerRow, vector: Integers): bigint {
  spend(4 + entries.length * (4 + costOfProduct(bits, vector.bits)));
  return entries.reduce((total, [column, entry]) => total + entry * vector.values[column], 0n);
}

/** value * scale, an integer. */
export function integer({ n, d }: Fraction, scale: bigint): bigint {
  return n * (scale / d);
}

export function lcm(a: bigint, b: bigint): bigint {
  return a % b === 0n ? a : Fraction.of(a * Fraction.of(b, a).n).n;
}

function transposed({ shape: [m, n], entries, ...column }: Node): Node {
  const moved = [...entries].map(([at, entry]) => [(at % n) * m + Math.floor(at / n), entry] as const);
  return { ...column, shape: [n, m], entries: new Map(moved) };
}

/** Rows in integers, for numbers that come times `below`: each times a multiple of `least`, or all times one if they share it. */
function rows({ shape: [height, width], entries }: Node, below: readonly bigint[], isShared: boolean, least = 1n) {
  hold(ROW * height);
  const scales = new Array<bigint>(height).fill(least);
  const result = Array.from({ length: height }, (): [number, bigint][] => []);
  const asked = [...entries].map(
    ([at, { n, d }]) => [Math.floor(at / width), at % width, n, d * (below[at % width] ?? 1n)] as const,
  );
  for (const [i, , , d] of asked) scales[i] = lcm(scales[i], d);
  if (isShared) scales.fill(scales.reduce(lcm, least));
  for (const [i, j, n, d] of asked) {
    const [bits, own] = [bitsOf(scales[i]), bitsOf(n) + bitsOf(d)];
    spend(20 + 4 * costOfProduct(bits, own));
    hold(ROW + (bits + own) / 8);
    result[i].push([j, n * (scales[i] / d)]);
  }
  return { scales, rows: result.map((row) => ({ entries: row, bits: integers(row.map(([, entry]) => entry)).bits })) };
}

/** Bytes of a row, and of one entry. */
const ROW = 100;

/** Whether a square matrix is not diagonal. */
function mixes({ shape: [m], entries }: Node): boolean {
  return [...entries.keys()].some((at) => at % (m + 1) !== 0);
}

/** 1 where all matrices A_k are diagonal, for one output; 2 where they are to consist of blocks [[a, -b], [b, a]]. */
export function blockSize({ matrices, columns }: Chain): 1 | 2 {
  return matrices.some(([A]) => mixes(A)) || columns.size > 1 ? 2 : 1;
}

/** Demands that the matrix of a layer is diagonal in blocks of a size, with moduli below 1. */
export function demandStable(A: Node, size: 1 | 2, layer: number): void {
  const poles = squares(A, size, size);
  demand(
    [...poles.keys()].every(([i, j]) => i === j),
    `the matrix of layer ${layer} is not diagonal`,
  );
  demand(
    [...poles.values()].every((squared) => squared.lt(Fraction.one)),
    `layer ${layer} is not stable`,
  );
}

/** The squared moduli of a matrix's entries in blocks of so many rows and columns, by block row and column. */
export function squares(
  { shape, entries }: Node,
  rows: number,
  columns: number,
): Map<readonly [number, number], Fraction> {
  const [height, width] = shape;
  demand(height % rows === 0 && width % columns === 0, 'a matrix does not consist of blocks');
  const blocks = new Set<number>();
  const found = new Map<readonly [number, number], Fraction>();
  for (const at of entries.keys()) {
    const [i, j] = [Math.floor(Math.floor(at / width) / rows), Math.floor((at % width) / columns)];
    const key = i * width + j;
    if (blocks.has(key)) continue;
    blocks.add(key);
    const part = (p: number, q: number) => entries.get((i * rows + p) * width + j * columns + q) ?? Fraction.zero;
    if (columns === 2) {
      const fits = part(0, 0).equals(part(1, 1)) && part(0, 1).equals(part(1, 0).neg());
      demand(fits, 'a block is not of the form [[a, -b], [b, a]]');
    }
    const [re, im] = [part(0, 0), rows === 2 ? part(1, 0) : Fraction.zero];
    found.set([i, j], re.mul(re).add(im.mul(im)));
  }
  return found;
}
