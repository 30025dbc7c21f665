import { qrAttention, sinkhornAttention } from '../../constructions/doubly-stochastic-attention.js';
import { choice, integer, type ProvedClaim, statedClaim, type Theorem, withDefault } from '../../src/index.js';

const parameters = {
  n: withDefault(integer('number of tokens', { min: 2, max: 64 }), '8'),
  map: withDefault(choice('how weights are made of scores', ['sinkhorn', 'qr']), 'sinkhorn'),
  K: withDefault(integer('Sinkhorn steps, each a column step and a row step', { min: 1, max: 64 }), '8'),
};

type Claim = ProvedClaim<{ readonly n: number; readonly map: string }, null>;

/** Sums of rows or of columns of the weights, where these are defined. */
function sums(id: string, of: 'i' | 'j', statement: string, isMeant: (map: string) => boolean): Claim {
  return statedClaim(
    id,
    statement,
    ({ params: { n, map } }) => {
      const defined = map === 'qr' ? ` with min_{k in 1..${n}}(s[k]) > 0` : '';
      const [outer, inner] = of === 'i' ? ['i', 'j'] : ['j', 'i'];
      return (
        `for all z in [-1, 1]^(${n} x ${n}), v in [-1, 1]^${n}${defined}: ` +
        `max_{${outer} in 1..${n}}(|sum_{${inner} in 1..${n}}(P[i, j]) - 1|) <= 0`
      );
    },
    ({ map }) => isMeant(map),
  );
}

const rows = sums('rows', 'i', 'every row of the weights sums to 1, exactly', () => true);
const columns = sums('columns', 'j', 'every column of the weights sums to 1, exactly', (map) => map === 'qr');

const theorem: Theorem<typeof parameters, null> = {
  id: 'doubly-stochastic-attention',
  summary: 'attention with K Sinkhorn steps, or with the squares of an orthogonal matrix from the scores, as a network',
  statement:
    'Sinkhorn attention divides exp(z) by its column and row sums in turn; after K steps with the row step last rows sum to exactly 1. ' +
    'QR attention squares the entries of the orthonormalised scores: rows and columns sum to 1 for all invertible scores, which are ' +
    'those with positive lengths s.',
  source: {
    paper: 'arXiv:2504.16275 and arXiv:2110.11773',
    theorem: 'doubly stochastic attention layers',
    trust: 'proved',
  },
  parameters,
  construct: ({ n, map, K }) => ({ network: map === 'qr' ? qrAttention(n) : sinkhornAttention(n, K), design: null }),
  claims: [rows, columns],
};

export default theorem;
