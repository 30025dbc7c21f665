import { Gaussian } from '../numbers/gaussian.js';
import { Rational } from '../numbers/rational.js';
import { isOp, type Network, type Node } from './network.js';
import { type ExactTensor, sizeOf } from './tensor.js';

/** The entries of a row that are not 0, by column. */
export type SparseRow<S> = readonly (readonly [column: number, entry: S])[];

/**
 * A chain of linear recurrences over one scalar type, h_1(t) = A_1 h_1(t-1) + B_1 x(t),
 * h_k(t) = A_k h_k(t-1) + B_k h_(k-1)(t), y(t) = C h_l(t), from h = 0: matrices by rows.
 */
export interface RecurrenceChain<S> {
  readonly layers: readonly { readonly A: readonly SparseRow<S>[]; readonly B: readonly SparseRow<S>[] }[];
  readonly C: SparseRow<S>;
}

/** The same with diagonal A_k, given by their entries: a deep linear state-space model. */
export interface StateSpace {
  readonly layers: readonly { readonly poles: readonly Gaussian[]; readonly B: readonly SparseRow<Gaussian>[] }[];
  readonly C: SparseRow<Gaussian>;
}

/** Names of the outputs: the real part of y and, where the impulse response is not real, its imaginary part. */
export const REAL_OUTPUT = 'y';
export const IMAGINARY_OUTPUT = 'y_imag';

/**
 * Reads the recurrences off a network with one input [time], whatever its tensors are called; each output must be
 * h_l times a constant column. Real and imaginary output give one row of C each. A sentence when it is another graph.
 */
export function readRecurrences(
  network: Network,
): { chain: RecurrenceChain<Rational>; rows: SparseRow<Rational>[] } | string {
  const wanted = [REAL_OUTPUT, IMAGINARY_OUTPUT];
  const outputs = wanted.flatMap((name) => network.outputs.filter((output) => output.name === name));
  if (outputs.length === 0 || outputs.length !== network.outputs.length || outputs[0].name !== REAL_OUTPUT)
    return `the outputs are ${network.outputs.map(({ name }) => name).join(', ')} and not ${wanted.join(', ')}`;
  const columns: ExactTensor[] = [];
  let state: Node | null = null;
  for (const { name, node } of outputs) {
    const product = isOp(node, 'reshape') ? node.inputs[0] : node;
    const [h, c] = isOp(product, 'matmul') ? product.inputs : [];
    const column = c && constant(c);
    if (!column || node.shape.length !== 1 || column.shape.length !== 2 || column.shape[1] !== 1)
      return `output '${name}' is not the states times a column`;
    if (state && state !== h) return 'the outputs read different states';
    state = h;
    columns.push(column);
  }
  const layers: { A: SparseRow<Rational>[]; B: SparseRow<Rational>[] }[] = [];
  let node = state!;
  while (isOp(node, 'recurrence')) {
    const [below, a, b] = node.inputs;
    const [A, B] = [constant(a), constant(b)];
    if (!A || !B) return `the matrices of '${node.name}' are not constants`;
    layers.unshift({ A: rowsOf(A), B: rowsOf(B) });
    node = below;
  }
  const source = isOp(node, 'reshape') ? node.inputs[0] : node;
  if (layers.length === 0 || !isOp(source, 'input') || source.shape.length !== 1 || node.shape.length !== 2)
    return `'${node.name}' is neither a recurrence nor the input as a column`;
  if (node.shape[1].size !== 1) return `the input of the first recurrence has ${node.shape[1].size} columns`;
  const rows = columns.map((column) => entriesOf(column).map(([index, entry]) => [index, entry] as const));
  return { chain: { layers, C: rows[0] }, rows };
}

/**
 * The state-space model that a network computes: directly when all A_k are diagonal, otherwise when every matrix
 * consists of blocks [[a, -b], [b, a]] that stand for a + b i. Then y = Re C h for real inputs, and y_imag = Im C h.
 * A sentence when the network is of neither form.
 */
export function readStateSpace(network: Network): StateSpace | string {
  const read = readRecurrences(network);
  if (typeof read === 'string') return read;
  const { chain, rows } = read;
  const isDiagonal = chain.layers.every(({ A }) => A.every((row, i) => row.every(([j]) => j === i)));
  if (isDiagonal && rows.length === 1) return diagonalModel(chain);
  return complexModel(chain, rows);
}

function diagonalModel({ layers, C }: RecurrenceChain<Rational>): StateSpace {
  const complex = (row: SparseRow<Rational>) => row.map(([j, entry]) => [j, new Gaussian(entry)] as const);
  return {
    layers: layers.map(({ A, B }) => ({
      poles: A.map((row) => (row.length > 0 ? new Gaussian(row[0][1]) : Gaussian.zero)),
      B: B.map(complex),
    })),
    C: complex(C),
  };
}

function complexModel({ layers }: RecurrenceChain<Rational>, outputs: SparseRow<Rational>[]): StateSpace | string {
  const model: { poles: Gaussian[]; B: SparseRow<Gaussian>[] }[] = [];
  for (const [k, { A, B }] of layers.entries()) {
    const [eigenvalues, weights] = [fromBlocks(A), k === 0 ? fromColumn(B) : fromBlocks(B)];
    if (!eigenvalues || !weights) return `recurrence ${k + 1} does not consist of blocks [[a, -b], [b, a]]`;
    if (eigenvalues.some((row, i) => row.some(([j]) => j !== i))) return `A of recurrence ${k + 1} is not diagonal`;
    model.push({ poles: eigenvalues.map((row) => (row.length > 0 ? row[0][1] : Gaussian.zero)), B: weights });
  }
  const width = layers.at(-1)!.A.length;
  const [real, imaginary] = outputs.map((row) => dense(row, width));
  const C: (readonly [number, Gaussian])[] = [];
  for (let j = 0; 2 * j < width; j++) {
    const entry = new Gaussian(real[2 * j], real[2 * j + 1].neg());
    if (imaginary && !(imaginary[2 * j].equals(entry.im) && imaginary[2 * j + 1].equals(entry.re)))
      return `the outputs are not the real and the imaginary part of one number at state ${j}`;
    if (!entry.isZero()) C.push([j, entry]);
  }
  return { layers: model, C };
}

/** A matrix of blocks [[a, -b], [b, a]] as a complex one; null for any other. */
function fromBlocks(rows: readonly SparseRow<Rational>[]): SparseRow<Gaussian>[] | null {
  if (rows.length % 2 !== 0) return null;
  const result: SparseRow<Gaussian>[] = [];
  for (let i = 0; i < rows.length; i += 2) {
    const [upper, lower] = [new Map(rows[i]), new Map(rows[i + 1])];
    const blocks = new Set([...upper.keys(), ...lower.keys()].map((column) => column >> 1));
    const row: [number, Gaussian][] = [];
    for (const j of [...blocks].sort((p, q) => p - q)) {
      const [a, c] = [2 * j, 2 * j + 1].map((column) => upper.get(column) ?? Rational.zero);
      const [b, d] = [2 * j, 2 * j + 1].map((column) => lower.get(column) ?? Rational.zero);
      if (!a.equals(d) || !b.equals(c.neg())) return null;
      row.push([j, new Gaussian(a, b)]);
    }
    result.push(row);
  }
  return result;
}

/** A column whose entries 2i and 2i + 1 are the real and the imaginary part of entry i. */
function fromColumn(rows: readonly SparseRow<Rational>[]): SparseRow<Gaussian>[] | null {
  if (rows.length % 2 !== 0) return null;
  return Array.from({ length: rows.length / 2 }, (_, i) => {
    const [re, im] = [rows[2 * i], rows[2 * i + 1]].map((row) => row[0]?.[1] ?? Rational.zero);
    const entry = new Gaussian(re, im);
    return entry.isZero() ? [] : [[0, entry] as const];
  });
}

function constant(node: Node): ExactTensor | null {
  return isOp(node, 'constant') ? node.attributes.value : null;
}

function rowsOf(matrix: ExactTensor): SparseRow<Rational>[] {
  const [height, width] = matrix.shape;
  const rows = Array.from({ length: height }, (): [number, Rational][] => []);
  for (const [index, entry] of entriesOf(matrix)) rows[Math.floor(index / width)].push([index % width, entry]);
  return rows;
}

function entriesOf(matrix: ExactTensor): [number, Rational][] {
  const entries: [number, Rational][] = [];
  matrix.forEach((entry, index) => {
    if (!entry.isZero()) entries.push([index, entry]);
  });
  return entries;
}

function dense(row: SparseRow<Rational>, width: number): Rational[] {
  const entries = new Array<Rational>(sizeOf([width])).fill(Rational.zero);
  for (const [index, entry] of row) entries[index] = entry;
  return entries;
}
