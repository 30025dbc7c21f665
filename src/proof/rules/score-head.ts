import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { multiplied, transposed } from '../../numbers/rational-matrix.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import { readAttention } from './attention.js';
import { linearMap } from './linear-map.js';

/**
 * A head whose row t is the mean sum_s p_s x_s of all tokens under p = softmax_s(x_s' B x_t).
 *
 * For B = beta A with beta > 0 the number y_t' A x_t = sum_s p_s (x_s' A x_t) is a soft maximum over s of the scores
 * x_s' A x_t: exactly, because the score is linear in x_s.
 */
const scoreHead: Rule = {
  id: 'score-head',
  tex: 'y_t = \\sum_s p_s x_s,\\; p = \\mathrm{softmax}_s(\\beta x_s^\\top A x_t) \\;\\Rightarrow\\; y_t^\\top A x_t = \\sum_s p_s\\, x_s^\\top A x_t',
};

/** Applies the rule: beta with B = beta A for the stated A, read off one token's queries and keys. */
export function readScoreHead(
  network: Network,
  source: string,
  name: string,
  A: readonly (readonly Rational[])[],
): Outcome<Rational> {
  const beta = read(network, source, name, A);
  const says = `'${name}' averages '${source}' by the scores x_s' A x_t`;
  if (typeof beta === 'string') return open(scoreHead, name, says, beta);
  return mint({ rule: scoreHead, id: name, network, domain: null, says: `${says}, beta = ${beta}`, found: beta });
}

function read(network: Network, source: string, name: string, A: readonly (readonly Rational[])[]): Rational | string {
  const x = network.find(source);
  const attention = readAttention(network, name);
  if (!x) return `the network has no tensor named '${source}'`;
  if (typeof attention === 'string') return attention;
  const { query, key, value } = attention;
  const [Q, K, V] = [query, key, value].map((node) => linearMap(x, node));
  const problem = [Q, K, V].find((matrix) => typeof matrix === 'string');
  if (typeof problem === 'string') return problem;
  const [q, k, v] = [Q, K, V] as Rational[][][];
  const isOwn = v.every((row, i) => row.every((entry, j) => entry.equals(Rational.of(Number(i === j)))));
  if (!isOwn || v[0].length !== v.length) return 'its values are not the tokens';
  // The logits are x_s' B x_t.
  const B = multiplied(k, transposed(q));
  const isSquare = A.length === B.length && A.every((row) => row.length === B.length);
  if (!isSquare || A.every((row) => row.every((entry) => entry.isZero())))
    return `no matrix A of order ${B.length}, other than 0, is given`;
  const [a, b] = A.flatMap((row, i) => row.flatMap((entry, j) => (entry.isZero() ? [] : [[i, j] as const])))[0];
  const beta = B[a][b].div(A[a][b]);
  const isMultiple = A.every((row, i) => row.every((entry, j) => B[i][j].equals(entry.mul(beta))));
  if (!isMultiple) return 'its logits are no multiple of the scores';
  return beta.sign() > 0 ? beta : `its logits are ${beta} times the scores`;
}
