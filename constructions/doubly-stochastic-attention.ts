/**
 * Attention whose weights are (nearly) doubly stochastic, for n tokens with scores z [n, n] and values v [n].
 *
 * Sinkhorn: P = exp(z), then K times columns and rows are divided by their sums, the rows last: they sum to exactly 1.
 *
 * QR: the columns of z are orthonormalised by Gram and Schmidt, q_k = u_k/|u_k| with u_k = z_k - sum_{j<k} q_j <q_j, z_k>; the weights
 * are the squares of the entries. Columns sum to 1, rows too; undefined where columns are dependent. The squares |u_k|^2 are an
 * output of their own: where they are positive all is defined.
 */
import { Builder, type Network, type Node } from '../src/index.js';

export function sinkhornAttention(n: number, K: number): Network {
  const b = new Builder();
  const z = b.input('z', { query: n, token: n });
  let mass = b.apply('exp', z, 'mass');
  for (let step = 1; step <= K; step++) {
    mass = b.div(mass, b.reshape(b.reduceSum(mass, 0), { query: 1, token: n }), `columns_${step}`);
    mass = b.div(mass, b.reshape(b.reduceSum(mass, 1), { query: n, token: 1 }), step === K ? 'P' : `rows_${step}`);
  }
  return attended(b, mass, n);
}

export function qrAttention(n: number): Network {
  const b = new Builder();
  const z = b.input('z', { query: n, token: n });
  const columns: Node[] = [];
  const squares: Node[] = [];
  for (let k = 0; k < n; k++) {
    const own = b.gather(z, 1, [k]);
    const rest = columns.reduce((u, q) => b.sub(u, b.matmul(q, b.matmul(b.transpose(q, [1, 0]), own))), own);
    const square = b.matmul(b.transpose(rest, [1, 0]), rest);
    squares.push(b.reshape(square, { rank: 1 }));
    columns.push(b.div(rest, b.apply('sqrt', square), `q_${k + 1}`));
  }
  const Q = b.concat(columns, 1, 'Q');
  return attended(b, b.mul(Q, Q, 'P'), n, { s: b.concat(squares, 0, 's') });
}

/** Weights and averages as outputs. */
function attended(b: Builder, P: Node, n: number, more: Readonly<Record<string, Node>> = {}): Network {
  const v = b.reshape(b.input('v', { token: n }), { token: n, one: 1 }, 'v.column');
  return b.network({ y: b.reshape(b.matmul(P, v), { token: n }, 'y'), P, ...more });
}
