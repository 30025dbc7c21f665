import { hold, spend } from './budget.js';
import { brief, demand } from './failure.js';
import { bitsOf, costOfProduct, Fraction } from './fraction.js';
import type { Network, Node } from './network.js';

/** An integer of at most so many bits. */
export interface Integer {
  readonly n: bigint;
  readonly bits: number;
}

/** The entries of a row that are not zero. */
export type IntegerRow = readonly (readonly [column: number, entry: Integer])[];

/**
 * h_k(b) = A_k h_k(b-1) + B_k h_(k-1)(b) from the state 0, with h_0(b) the inputs from time bK to (b+1)K - 1, and outputs
 * h_l(b) C at these times: pairs A_k, B_k, and columns C by the names of the outputs.
 */
export interface Recurrences {
  readonly block: number;
  readonly matrices: readonly (readonly [A: Node, B: Node])[];
  readonly columns: ReadonlyMap<string, Node>;
}

/**
 * The same by rows in integers: A_k times `step`, and the states of block b times step^b and a number of their own, which
 * all of a layer share where there is one layer or A_k mixes them. So the outputs of block b come out times scale step^b.
 */
export interface Chain extends Recurrences {
  readonly layers: readonly { readonly A: readonly IntegerRow[]; readonly B: readonly IntegerRow[] }[];
  readonly outputs: ReadonlyMap<string, readonly IntegerRow[]>;
  readonly step: bigint;
  readonly scale: bigint;
}

/** The recurrences of a network with one input and outputs named y and possibly y_imag. Throws Rejected for another one. */
export function readRecurrences({ nodes, outputs }: Network): Recurrences {
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
    demand(`${node.shape}` === `${length},${matrices[0][0].shape[0]}`, 'states have another shape than a recurrence');
  }
  const source = node.op === 'reshape' ? nodes[node.inputs[0]] : node;
  const block = node.shape[1];
  const isSource = source.op === 'input' && `${source.shape}` === `${length * block}`;
  demand(isSource && `${node.shape}` === `${length},${block}`, 'the recurrences do not start from one input');
  let width = block;
  for (const [A, B] of matrices) {
    const m = A.shape[0];
    demand([A, B].every(({ op }) => op === 'constant') && `${A.shape}` === `${m},${m}`, 'a matrix is no constant');
    demand(`${B.shape}` === `${m},${width}`, 'the matrices of the recurrences do not fit');
    width = m;
  }
  const fits = [...columns.values()].every(({ op, shape }) => op === 'constant' && `${shape}` === `${width},${block}`);
  demand(fits && matrices.length > 0, 'the outputs are not the states times constant columns');
  return { block, matrices, columns };
}

/** What `wanted` states of the last layer contribute to the outputs: other states than they depend on have no entries. */
export function partOf({ block, matrices, columns }: Recurrences, wanted: readonly number[]): Recurrences {
  let needed = new Set(wanted);
  const read = new Map([...columns].map(([name, column]) => [name, only(column, needed)]));
  const kept = [...matrices].reverse().map(([A, B]) => {
    for (let size = -1; size < needed.size; ) {
      size = needed.size;
      for (const at of only(A, needed).entries.keys()) needed.add(at % A.shape[1]);
    }
    const own = [only(A, needed), only(B, needed)] as const;
    needed = new Set([...own[1].entries.keys()].map((at) => at % B.shape[1]));
    return own;
  });
  return { block, matrices: kept.reverse(), columns: read };
}

/** A matrix with the entries of some rows. */
function only({ entries, ...node }: Node, rows: ReadonlySet<number>): Node {
  spend(20 * entries.size);
  return { ...node, entries: new Map([...entries].filter(([at]) => rows.has(Math.floor(at / node.shape[1])))) };
}

/** The recurrences in integers. */
export function inIntegers(recurrences: Recurrences): Chain {
  const { block, matrices, columns } = recurrences;
  const step = matrices.flatMap(([A]) => placed(A)).reduce((d, [, , entry]) => lcm(d, entry.d), 1n);
  let below: readonly bigint[] = new Array(block).fill(1n);
  const layers = matrices.map(([A, B]) => {
    const own = new Array<bigint>(B.shape[0]).fill(1n);
    for (const [i, j, { d }] of placed(B)) own[i] = lcm(own[i], d * below[j]);
    if (matrices.length === 1 || mixes(A)) own.fill(own.reduce(lcm, 1n));
    const from = below;
    below = own;
    return { A: rows(A, () => step), B: rows(B, (i, j) => own[i] / from[j]) };
  });
  const read = [...columns].map(([name, C]) => [name, transposed(C)] as const);
  const scale = read.flatMap(([, C]) => placed(C)).reduce((d, [, j, entry]) => lcm(d, entry.d * below[j]), 1n);
  const outputs = new Map(read.map(([name, C]) => [name, rows(C, (_, j) => scale / below[j])]));
  return { ...recurrences, layers, outputs, step, scale };
}

/**
 * For blocks b < count, after an impulse at one time of the first: the states of the last layer, and what outputs come times.
 * Bits are counted up along the way, which takes less time than to look at the numbers, and never too few.
 */
export function* impulse(
  { block, layers, scale, step }: Pick<Chain, 'block' | 'layers' | 'scale' | 'step'>,
  count: number,
  at = 0,
) {
  const nothing = integer(0n);
  const states = layers.map(({ A }) => A.map(() => nothing));
  const growth = [[0, integer(step)]] as const;
  for (let [b, own] = [0, integer(scale)]; b < count; b++, own = dot([growth, [own]])) {
    spend(4 * block);
    let below = Array.from({ length: block }, (_, j) => (b === 0 && j === at ? integer(1n) : nothing));
    for (const [k, { A, B }] of layers.entries()) {
      spend(A.length);
      below = states[k] = A.map((row, i) =>
        row.length + B[i].length === 0 ? nothing : dot([row, states[k]], [B[i], below]),
      );
    }
    yield { b, state: below, own };
  }
}

export function integer(n: bigint): Integer {
  return { n, bits: n === 0n ? 0 : bitsOf(n) };
}

/** The sum of the products of rows with vectors. */
export function dot(...pairs: readonly (readonly [row: IntegerRow, vector: readonly Integer[]])[]): Integer {
  let [total, most, count] = [0n, 0, 0];
  for (const [row, vector] of pairs) {
    spend(4 + 2 * row.length);
    for (const [column, { n, bits }] of row) {
      const value = vector[column];
      if (value.n === 0n || n === 0n) continue;
      spend(costOfProduct(bits, value.bits));
      total += n * value.n;
      [most, count] = [Math.max(most, bits + value.bits), count + 1];
    }
  }
  // So many numbers below 2^most add up to less than 2^(most + count - 1), and to less than 2^(most + 32).
  return { n: total, bits: total === 0n ? 0 : most + Math.min(count - 1, 32) };
}

export function magnitude(n: bigint): bigint {
  return n < 0n ? -n : n;
}

/** value * scale, an integer. */
export function scaled({ n, d }: Fraction, scale: bigint): bigint {
  return n * (scale / d);
}

export function lcm(a: bigint, b: bigint): bigint {
  spend(costOfProduct(bitsOf(a), bitsOf(b)));
  return a % b === 0n ? a : Fraction.of(a * Fraction.of(b, a).n).n;
}

function transposed({ shape: [m, n], entries, ...column }: Node): Node {
  const moved = [...entries].map(([at, entry]) => [(at % n) * m + Math.floor(at / n), entry] as const);
  return { ...column, shape: [n, m], entries: new Map(moved) };
}

/** The entries of a matrix with their rows and columns. */
function placed({ shape, entries }: Node): (readonly [row: number, column: number, entry: Fraction])[] {
  return [...entries].map(([at, entry]) => [Math.floor(at / shape[1]), at % shape[1], entry]);
}

/** Rows in integers: each entry times a multiple of its denominator. */
function rows(matrix: Node, scale: (row: number, column: number) => bigint): IntegerRow[] {
  hold(ROW * matrix.shape[0]);
  const result = Array.from({ length: matrix.shape[0] }, (): [number, Integer][] => []);
  for (const [i, j, entry] of placed(matrix)) {
    const by = scale(i, j);
    const bits = Math.max(bitsOf(by), bitsOf(entry.n));
    spend(20 + 4 * costOfProduct(bits, bits));
    hold(ROW + bits / 4);
    result[i].push([j, integer(scaled(entry, by))]);
  }
  return result;
}

/** Bytes of a row, and of one entry. */
const ROW = 100;

/** Whether a square matrix is not diagonal. */
export function mixes({ shape: [m], entries }: Node): boolean {
  return [...entries.keys()].some((at) => at % (m + 1) !== 0);
}

/** 1 where all matrices A_k are diagonal, for one output; 2 where they are to consist of blocks [[a, -b], [b, a]]. */
export function blockSize({ matrices, columns }: Recurrences): 1 | 2 {
  return matrices.some(([A]) => mixes(A)) || columns.size > 1 ? 2 : 1;
}

/** Demands that the matrix of a layer is diagonal in blocks of a size, with moduli below 1. */
export function demandStable(A: Node, size: 1 | 2, layer: number): void {
  for (const [at, squared] of squares(A, size, size)) {
    demand(at % (A.shape[1] + 1) === 0, `the matrix of layer ${layer} is not diagonal`);
    demand(squared.lt(Fraction.one), `layer ${layer} is not stable`);
  }
}

/** The squared moduli of a matrix's entries in blocks of so many rows and columns; the j-th of block row i is at i times the width + j. */
export function squares(
  { shape: [height, width], entries }: Node,
  rows: number,
  columns: number,
): Map<number, Fraction> {
  demand(height % rows === 0 && width % columns === 0, 'a matrix does not consist of blocks');
  const found = new Map<number, Fraction>();
  for (const at of entries.keys()) {
    const [i, j] = [Math.floor(Math.floor(at / width) / rows), Math.floor((at % width) / columns)];
    if (found.has(i * width + j)) continue;
    const part = (p: number, q: number) => entries.get((i * rows + p) * width + j * columns + q) ?? Fraction.zero;
    const fits = columns === 1 || (part(0, 0).equals(part(1, 1)) && part(0, 1).equals(part(1, 0).neg()));
    demand(fits, 'a block is not of the form [[a, -b], [b, a]]');
    const [re, im] = [part(0, 0), rows === 2 ? part(1, 0) : Fraction.zero];
    found.set(i * width + j, im.isZero ? re.squared() : re.squared().add(im.squared()));
  }
  return found;
}
