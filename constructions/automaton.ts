/**
 * Automata in logarithmic depth (Liu et al., arXiv:2210.10749). Token t carries the one-hot letter x_t, the first one the start
 * token's. Its table of a map of Q states, Q^2 channels, 1 at (q, r) where the letter takes q to r; the start token's map is the
 * identity. Layer l: logits beta on position max(0, t - 2^l), values the tables F; feed-forward
 *   C[q, r] = sum_k relu(2 (F[q, k] + G[k, r]) - 5/2) - relu(2 (F[q, k] + G[k, r]) - 7/2)
 * with the own table G: |Q|^3 pairs of ReLUs. After ceil(log2 T) layers every token holds the map of all letters up to it, and
 * the output is its row at the start state.
 */
import { Builder, type Network, type Node, Rational, sparse } from '../src/index.js';

export interface AutomatonDesign {
  readonly T: number;
  /** The next state, from 0, of each letter and state; the first letter is the start token's. */
  readonly table: readonly (readonly number[])[];
  readonly start: number;
  readonly beta: Rational;
  readonly depth: number;
}

export function automatonNet({ T, table, start, beta, depth }: AutomatonDesign): Network {
  const b = new Builder();
  const Q = table[0].length;
  const x = b.input('x', { token: T, letter: table.length });
  const maps = table.flatMap((row, a) => row.map((r, q) => [a * Q * Q + q * Q + r, Rational.one] as const));
  let tables: Node = b.matmul(x, b.constant(sparse([table.length, Q * Q], maps), 'maps'), 'tables0');
  const weights = composition(b, Q);
  for (let l = 0; l < depth; l++) {
    const scores = Array.from({ length: T }, (_, t) => [t * T + Math.max(0, t - 2 ** l), beta] as const);
    const shares = b.softmax(b.constant(sparse([T, T], scores), `scores${l}`), 1, `attention${l}`);
    const attended = b.matmul(shares, tables, `attended${l}`);
    const sum = b.add(b.matmul(tables, weights.own), b.matmul(attended, weights.attended));
    tables = b.matmul(b.relu(b.add(sum, weights.bias), `hidden${l}`), weights.readout, `tables${l + 1}`);
  }
  const choice = Array.from({ length: Q }, (_, r) => [(start * Q + r) * Q + r, Rational.one] as const);
  return b.network({ y: b.matmul(tables, b.constant(sparse([Q * Q, Q], choice), 'startState'), 'state') });
}

/** The weights of C[q, r] from F[q, k] and G[k, r], shared by all layers: unit 2 ((q Q + k) Q + r) and the one after it. */
function composition(b: Builder, Q: number) {
  const width = 2 * Q ** 3;
  const two = Rational.of(2);
  const units = Array.from({ length: width }, (_, j) => {
    const triple = Math.floor(j / 2);
    return { j, q: Math.floor(triple / Q / Q), k: Math.floor(triple / Q) % Q, r: triple % Q };
  });
  const sorted = (pairs: (readonly [number, Rational])[]) => pairs.sort(([a], [c]) => a - c);
  const own = sorted(units.map(({ j, k, r }) => [(k * Q + r) * width + j, two]));
  const attended = sorted(units.map(({ j, q, k }) => [(q * Q + k) * width + j, two]));
  const readout = units.map(({ j, q, r }) => [j * Q * Q + q * Q + r, Rational.of(j % 2 === 0 ? 1 : -1)] as const);
  const bias = units.map(({ j }) => [j, Rational.of(j % 2 === 0 ? -5 : -7, 2)] as const);
  return {
    own: b.constant(sparse([Q * Q, width], own), 'own'),
    attended: b.constant(sparse([Q * Q, width], attended), 'other'),
    bias: b.constant(sparse([width], bias), 'bias'),
    readout: b.constant(sparse([width, Q * Q], readout), 'readout'),
  };
}
