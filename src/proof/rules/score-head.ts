import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { multiplied, type RationalMatrix, transposed } from '../../numbers/rational-matrix.js';
import { attempt, demand } from '../derivation.js';
import { mint, type Outcome } from '../fact.js';
import type { Rule } from '../step.js';
import { attentionOf } from './attention.js';
import { linearMap } from './linear-map.js';
import { tensorNamed } from './tensors.js';

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
export function proveScoreHead(network: Network, source: string, name: string, A: RationalMatrix): Outcome<Rational> {
  const statement = `'${name}' averages '${source}' by the scores x_s' A x_t`;
  return attempt({ rule: scoreHead, id: name, statement }, () => {
    const x = tensorNamed(network, source);
    const { query, key, value } = attentionOf(tensorNamed(network, name));
    const [q, k, v] = [query, key, value].map((node) => linearMap(x, node));
    const isOwn = v.every((row, i) => row.every((entry, j) => entry.equals(Rational.of(Number(i === j)))));
    demand(isOwn && v[0].length === v.length, 'its values are not the tokens');
    // The logits are x_s' B x_t.
    const B = multiplied(k, transposed(q));
    const places = A.flatMap((row, i) => row.flatMap((entry, j) => (entry.isZero() ? [] : [[i, j] as const])));
    const isSquare = A.length === B.length && A.every((row) => row.length === B.length);
    demand(isSquare && places.length > 0, `no matrix A of order ${B.length}, other than 0, is given`);
    const [[a, b]] = places;
    const beta = B[a][b].div(A[a][b]);
    const isMultiple = A.every((row, i) => row.every((entry, j) => B[i][j].equals(entry.mul(beta))));
    demand(isMultiple, 'its logits are no multiple of the scores');
    demand(beta.sign() > 0, `its logits are ${beta} times the scores`);
    const says = `${statement}, beta = ${beta}`;
    return mint({ rule: scoreHead, id: name, network, domain: null, says, found: beta });
  });
}
