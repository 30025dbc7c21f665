import { matrixParameter, squareMatrix } from '../../constructions/matrix-parameter.js';
import { drawnQueryKey, permutationLogits, truncationObject } from '../../constructions/truncation.js';
import {
  InputError,
  integer,
  optional,
  type ProvedClaim,
  parseExpression,
  proveSingularValueOf,
  Rational,
  rational,
  singularSentence,
  type Theorem,
  toDecimal,
  valueBounds,
  withDefault,
} from '../../src/index.js';

const parameters = {
  matrix: optional(matrixParameter('the query-key map M'), 'drawn from the seed'),
  d: withDefault(integer('dimension of tokens and heads', { min: 2, max: 48 }), '8'),
  r: withDefault(integer('rank of the truncation', { min: 1, max: 47 }), '4'),
  R: withDefault(rational('largest norm of a token', { above: '0' }), '1'),
  n: withDefault(integer('number of tokens of the attention pattern of the barrier', { min: 3, max: 48 }), '8'),
  t: withDefault(rational('log-odds of that pattern on its permutation', { above: '0' }), '3'),
};

interface Params {
  readonly d: number;
  readonly r: number;
  readonly R: Rational;
  readonly n: number;
  readonly t: Rational;
}
type Truncated = ProvedClaim<Params, null>;
const METHOD = "exact inertia of M'M - s^2 I at both ends";

/** sup |dz| = s R^2/sqrt d for the ends of s, and 2 tanh of half of it: what outputs change by, times the radius of the values. */
function consequences({ d, R }: Params, s: Rational): string[] {
  const change = valueBounds(parseExpression(`(${s.mul(R.pow(2))})/sqrt(${d})`, []), new Map()).hi;
  const output = valueBounds(parseExpression(`2*tanh((${change})/2)`, []), new Map()).hi;
  const shown = (x: Rational) => toDecimal(x, 8, 'up');
  return [
    `logits change by at most s R^2/sqrt d = ${shown(change)}`,
    `outputs by at most ${shown(output)} times the radius of the values`,
  ];
}

const sigma: Truncated = {
  id: 'sigma',
  kind: 'quantity',
  statement: 'singular value r + 1 of M: what no truncation to rank r goes below',
  limit: () => null,
  says: ({ params: { r } }, bound) => singularSentence('M', r + 1, bound ? { hi: bound } : null),
  prove: ({ network, params }) => {
    const found = proveSingularValueOf(network, 'M', params.r + 1);
    return {
      outcomes: [found],
      method: METHOD,
      notes: found.enclosure?.hi ? consequences(params, found.enclosure.hi) : [],
    };
  },
};

const error: Truncated = {
  id: 'error',
  kind: 'quantity',
  statement:
    'the norm of M - N for the built truncation N: sup |dz| is this times R^2/sqrt d, attained at singular vectors',
  limit: () => null,
  says: (_, bound) => singularSentence('E', 1, bound ? { hi: bound } : null),
  prove: ({ network, params }) => {
    const found = proveSingularValueOf(network, 'E', 1);
    return {
      outcomes: [found],
      method: METHOD,
      notes: found.enclosure?.hi ? consequences(params, found.enclosure.hi) : [],
    };
  },
};

const rankClaim: Truncated = {
  id: 'rank',
  kind: 'bound',
  statement: 'N has rank at most r: its singular value r + 1 is 0',
  limit: () => Rational.zero,
  says: ({ params: { r } }, bound) => singularSentence('N', r + 1, { hi: bound }),
  prove: ({ network, params: { r } }) => ({ outcomes: [proveSingularValueOf(network, 'N', r + 1)], method: METHOD }),
};

const barrier: Truncated = {
  id: 'barrier',
  kind: 'quantity',
  statement:
    'singular value d + 1 of the centred log-weights of a permutation pattern: heads of dimension d miss some by this over n',
  applies: ({ d, n }) => d <= n - 2,
  limit: () => null,
  says: ({ params: { d } }, bound) => singularSentence('G', d + 1, bound ? { lo: bound } : null),
  prove: ({ network, params: { d, n } }) => {
    const found = proveSingularValueOf(network, 'G', d + 1);
    const lo = found.enclosure?.lo;
    const notes = lo ? [`some log-weight is off by at least ${toDecimal(lo.div(Rational.of(n)), 8, 'down')}`] : [];
    return { outcomes: [found], method: METHOD, notes };
  },
};

const theorem: Theorem<typeof parameters, null> = {
  id: 'head-dimension-truncation',
  summary:
    'a query-key map cut to rank r changes logits by at most sigma_{r+1} R^2/sqrt d, and no lower rank gives some patterns',
  statement:
    "Logits q_i'k_j/sqrt d with |x| <= R; M = W_Q'W_K replaced by its truncation to rank r changes them by at most s R^2/sqrt d, " +
    's = sigma_{r+1}, and outputs by at most 2 tanh(s R^2/(2 sqrt d)) max |v|. A target attention matrix P > 0 is produced by head ' +
    "dimension d only if rank(log P (I - 11'/n)) <= d; otherwise some log-weight is off by at least sigma_{d+1}/n.",
  source: {
    paper: 'arXiv:2510.03784',
    theorem: 'low-rank truncation of the query-key map, and a barrier of rank',
    trust: 'proved',
  },
  parameters,
  construct: ({ matrix, d, r, n, t }, { directory, seed }) => {
    const M = matrix ? squareMatrix(matrix, directory) : drawnQueryKey(d, seed);
    if (M.length !== d)
      throw new InputError({ field: 'd', found: `${d}`, allowed: `${M.length}, the order of the matrix` });
    if (r >= d) throw new InputError({ field: 'r', found: `${r}`, allowed: `below d = ${d}` });
    return { network: truncationObject(M, r, permutationLogits(n, t)), design: null };
  },
  claims: [sigma, error, rankClaim, barrier],
};

export default theorem;
