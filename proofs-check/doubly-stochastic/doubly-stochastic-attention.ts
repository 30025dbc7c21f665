import { qrAttention, sinkhornAttention } from '../../constructions/doubly-stochastic-attention.js';
import { choice, integer, type ProvedClaim, statedClaim, type Theorem, withDefault } from '../../src/index.js';

const parameters = {
  n: withDefault(integer('number of tokens', { min: 2, max: 64 }), '8'),
  map: withDefault(choice('how weights are made of scores', ['sinkhorn', 'qr']), 'sinkhorn'),
  K: withDefault(integer('Sinkhorn steps, each a column step and a row step', { min: 1, max: 64 }), '8'),
};

type Claim = ProvedClaim<{ readonly n: number; readonly map: string }, null>;

const rows: Claim = statedClaim(
  'rows',
  'the row step comes last: every row of the weights sums to 1',
  ({ params: { n } }) =>
    `for all z in [-1, 1]^(${n} x ${n}), v in [-1, 1]^${n}: max_{i in 1..${n}}(|sum_{j in 1..${n}}(P[i, j]) - 1|) <= 0`,
  ({ map }) => map === 'sinkhorn',
);

const theorem: Theorem<typeof parameters, null> = {
  id: 'doubly-stochastic-attention',
  summary: 'attention with K Sinkhorn steps, or with the squares of an orthogonal matrix from the scores, as a network',
  statement:
    'Sinkhorn attention divides exp(z) by its column and row sums in turn; after K steps with the row step last rows sum to exactly 1. ' +
    'QR attention squares the entries of the orthonormalised scores: rows and columns sum to 1 where the scores are invertible.',
  source: {
    paper: 'arXiv:2504.16275 and arXiv:2110.11773',
    theorem: 'doubly stochastic attention layers',
    trust: 'proved',
  },
  parameters,
  construct: ({ n, map, K }) => ({ network: map === 'qr' ? qrAttention(n) : sinkhornAttention(n, K), design: null }),
  claims: [rows],
};

export default theorem;
