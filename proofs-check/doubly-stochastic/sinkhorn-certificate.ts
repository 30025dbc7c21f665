import { objectOf, sinkhornScaling } from '../../constructions/doubly-stochastic.js';
import { matrixParameter, squareMatrix } from '../../constructions/matrix-parameter.js';
import {
  crossRatio,
  InputError,
  integer,
  type Outcome,
  optional,
  type ProvedClaim,
  proveScaling,
  proveSingularValueOf,
  Rational,
  type RationalMatrix,
  rowRatio,
  type Scaling,
  scaledEntrySentence,
  scalingSentence,
  singularSentence,
  statedClaim,
  type Theorem,
  toDecimal,
  withDefault,
} from '../../src/index.js';

const LARGEST = 64;

const parameters = {
  matrix: matrixParameter('the positive matrix A to scale'),
  K: withDefault(integer('steps of the iteration, each a row step and a column step', { min: 0, max: 4096 }), '8'),
  p: optional(
    integer('exponent of the certificate', { min: 1, max: 1 << 20 }),
    'the least integer with (2 p - 1)^2 >= theta',
  ),
};

interface Design {
  readonly A: RationalMatrix;
  readonly B: RationalMatrix;
  readonly exponent: number;
}

type Params = { readonly p: number | undefined };
type ScalingClaim = ProvedClaim<Params, Design, readonly Outcome<Scaling>[]>;
const METHOD = 'row sums of the scaled matrix, and a scaling from floats that have converged';

const certificate: ScalingClaim = {
  id: 'certificate',
  kind: 'bound',
  statement:
    'B is within the factor rho^p of the doubly stochastic scaling, entry by entry: rho the ratio of its row sums',
  limit: ({ design: { B, exponent } }) => rowRatio(B).pow(exponent),
  says: (_, bound) => scalingSentence('factor', { hi: bound }),
  prove: ({ examined, design: { A, B, exponent } }) => {
    const { theta, p } = crossRatio(A);
    const slack = rowRatio(B).pow(exponent);
    const excess = slack.sub(Rational.one);
    const largest = B.flat().reduce((a, b) => a.max(b));
    const notes = [
      `theta = ${toDecimal(theta, 8, 'up')}, p = ${p}, rho^p - 1 = ${toDecimal(excess, 6, 'up')}`,
      `so every entry is within ${toDecimal(excess.mul(largest), 6, 'up')} of its limit`,
    ];
    return { outcomes: examined, method: METHOD, notes };
  },
};

const error: ScalingClaim = {
  id: 'error',
  kind: 'quantity',
  statement: 'the largest difference of an entry from that of the doubly stochastic scaling',
  limit: () => null,
  says: (_, bound) => scalingSentence('error', bound ? { hi: bound } : null),
  prove: ({ examined }) => ({ outcomes: examined, method: METHOD }),
};

const entry = (k: number): ScalingClaim => ({
  id: `entry${k}`,
  kind: 'quantity',
  statement: `entry [${k}, ${k}] of the doubly stochastic scaling`,
  says: () => scaledEntrySentence(k, k, null),
  prove: ({ examined }) => ({ outcomes: examined, method: METHOD }),
});

const last: ScalingClaim = {
  ...entry(1),
  id: 'last',
  statement: 'the last diagonal entry of the doubly stochastic scaling',
  says: ({ design: { A } }) => scaledEntrySentence(A.length, A.length, null),
};

/** By how much a step brings the iterates nearer, near the limit: the square of this. */
const sigma: ScalingClaim = {
  id: 'sigma',
  kind: 'quantity',
  statement:
    'singular value 2 of B; for the scaling itself at most (sqrt theta - 1)/(sqrt theta + 1), and attained by two blocks',
  says: () => singularSentence('B', 2, null),
  prove: ({ network }) => ({
    outcomes: [proveSingularValueOf(network, 'B', 2)],
    method: "exact inertia of B'B - s^2 I",
  }),
};

const rate = statedClaim<Params, Design>(
  'rate',
  'the square of (sqrt theta - 1)/(sqrt theta + 1): the contraction of a step in the Hilbert metric',
  ({ design: { A } }) => {
    const theta = crossRatio(A).theta;
    return `((sqrt(${theta}) - 1)/(sqrt(${theta}) + 1))^2 <= ?`;
  },
);

/** |B - B*| <= (rho^p - 1) B. */
const within = statedClaim<Params, Design>(
  'within',
  'how far an entry is from its limit at most, by the certificate: (rho^p - 1) max B',
  ({ design: { B, exponent } }) => {
    const n = B.length;
    const factor = rowRatio(B).pow(exponent).sub(Rational.one);
    return `${factor}*max_{i in 1..${n}}(max_{j in 1..${n}}(B[i, j])) <= ?`;
  },
);

const theorem: Theorem<typeof parameters, Design, readonly Outcome<Scaling>[]> = {
  id: 'sinkhorn-certificate',
  summary: 'how far a matrix after K Sinkhorn steps is from its doubly stochastic limit, from its row sums alone',
  statement:
    'A positive matrix A has one doubly stochastic scaling B* = D_x A D_y. For any scaling B with columns that sum to 1, with rho the ' +
    'largest row sum over the least and theta = max A_ik A_jl/(A_jk A_il), B rho^-p <= B* <= B rho^p for p = ceil((sqrt theta + 1)/2).',
  source: { paper: 'arXiv:2110.11773', theorem: 'an a posteriori bound for Sinkhorn attention', trust: 'proved' },
  parameters,
  construct: ({ matrix, K, p }, { directory }) => {
    const A = squareMatrix(matrix, directory);
    if (A.length < 2 || A.length > LARGEST)
      throw new InputError({ field: 'matrix', found: `order ${A.length}`, allowed: `2 to ${LARGEST}` });
    const place = A.findIndex((row) => row.some((x) => x.sign() <= 0));
    if (place >= 0) {
      const found = `an entry that is not positive in row ${place + 1}`;
      throw new InputError({ field: 'matrix', found, allowed: 'positive entries: theta is infinite otherwise' });
    }
    const B = sinkhornScaling(A, K);
    return { network: objectOf({ A, B }), design: { A, B, exponent: p ?? crossRatio(A).p } };
  },
  examine: ({ network }) => proveScaling(network),
  claims: [certificate, error, entry(1), entry(2), last, within, sigma, rate],
};

export default theorem;
