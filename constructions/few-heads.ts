/**
 * Attention with s < D heads of dimension n that tries to serve D features: head i takes the features j = i, i + s, ...,
 * attends to their tokens by -beta Psi_j(x^t) (gate R elsewhere) and returns, in coordinate k of n, the weighted values of
 * every n-th of them. Each head sees one soft minimum over all of its features: the larger minima arrive damped by
 * e^{-beta gap}, which is what a readout would have to undo. Tokens have one coordinate; the output is what the readout
 * sees, E = n s numbers.
 */
import { Builder, filled, type Network, type Node, Rational, sparse } from '../src/index.js';
import { hatTerms, separate } from './feature-net.js';
import { hatNet } from './hat-net.js';
import type { RetrievalTask } from './retrieval-task.js';

export interface FewHeads {
  readonly s: number;
  readonly n: number;
  readonly beta: Rational;
  /** Pieces of each feature net; inputs at their knots are represented exactly. */
  readonly pieces: number;
}

/** Input x [token T, coordinate 1], output y [channel n s]. */
export function fewHeadsNet({ T, features, positions }: RetrievalTask, { s, n, beta, pieces }: FewHeads): Network {
  const D = features.length;
  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: 1 });
  const nets = features.map((feature, j) => {
    const psi = hatNet(b, x, hatTerms(separate(feature, ['x1'])!, pieces), Rational.zero, `Psi${j + 1}`);
    return b.reshape(psi, { token: T, feature: 1 }, `column${j + 1}`);
  });
  const psi = nets.length === 1 ? nets[0] : b.concat(nets, 1, 'features');
  const mask = Array.from({ length: T }, (_, t) => positions.flatMap((S, j) => (S.includes(t) ? [t * D + j] : [])));
  const inside = sparse(
    [T, D],
    mask.flat().map((index) => [index, Rational.one] as const),
  );
  const own = b.mul(psi, b.constant(inside, 'positions', 'structure', { token: T, feature: D }), 'own');
  const heads = Array.from({ length: s }, (_, i) => head(b, own, positions, { i, s, n, beta, T }));
  const all = heads.length === 1 ? heads[0] : b.concat(heads, 1, 'heads');
  return b.network({ y: b.reshape(all, { channel: n * s }, 'y') });
}

interface Which {
  readonly i: number;
  readonly s: number;
  readonly n: number;
  readonly beta: Rational;
  readonly T: number;
}

function head(b: Builder, own: Node, positions: RetrievalTask['positions'], { i, s, n, beta, T }: Which): Node {
  const D = positions.length;
  const group = Array.from({ length: D }, (_, j) => j).filter((j) => j % s === i);
  const served = new Set(group.flatMap((j) => positions[j]));
  const closed = Array.from({ length: T }, (_, t) => t).filter((t) => !served.has(t));
  const gate = beta.add(beta).neg();
  const key = sparse(
    [D, 1],
    group.map((j) => [j, beta.neg()] as const),
  );
  const place = sparse(
    [D, n],
    group.map((j, k) => [j * n + (k % n), Rational.one] as const),
  );
  const scores = b.matmul(own, b.constant(key, `W_QK${i + 1}`, 'weight', { feature: D, key: 1 }), `scores${i + 1}`);
  const gates = sparse(
    [T, 1],
    closed.map((t) => [t, gate] as const),
  );
  const logits =
    closed.length === 0
      ? scores
      : b.add(scores, b.constant(gates, `gates${i + 1}`, 'weight', { token: T, key: 1 }), `logits${i + 1}`);
  const p = b.transpose(b.softmax(logits, 0, `attention${i + 1}`), [1, 0], `row${i + 1}`);
  const values = b.matmul(own, b.constant(place, `W_V${i + 1}`, 'weight', { feature: D, value: n }), `values${i + 1}`);
  return b.matmul(p, values, `head${i + 1}`);
}

/** All tokens of S_j at one value each: the input [T, 1] of a filling. */
export function filling(T: number, positions: RetrievalTask['positions'], values: readonly Rational[]): Rational[] {
  const x = [...filled([T, 1], Rational.one).data];
  positions.forEach((S, j) => {
    for (const t of S) x[t] = values[j];
  });
  return x;
}
