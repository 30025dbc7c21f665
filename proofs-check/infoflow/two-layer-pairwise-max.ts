import {
  type PairwiseDesign,
  pairwiseMaxNet,
  pairwiseNames,
  pairwiseParameters,
  readMatrix,
} from '../../constructions/pairwise-max.js';
import {
  drawnExecution,
  drawnTokens,
  InputError,
  integer,
  optional,
  type PairwiseTask,
  type ProvedClaim,
  pairwiseSentence,
  parameterClaim,
  proveArithmetic,
  provePairwiseMaximum,
  proveSize,
  Rational,
  rational,
  relationsText,
  type Theorem,
  texts,
  toDecimal,
  type ValuesOf,
  weightClaim,
  withDefault,
} from '../../src/index.js';
import { pairwiseWitness } from './two-layer/pairwise-witness.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 1024 }),
  d: integer('dimension of a token', { min: 1, max: 16 }),
  A: texts('A_1, ..., A_D', 'a list of d x d matrices such as "1 0; 0 1/2"'),
  r: withDefault(rational('tokens lie in [-r, r]^d', { above: '0' }), '1'),
  eps: rational('error allowed', { above: '0' }),
  beta: optional(rational('inverse temperature of both layers', { above: '0' }), '8 D W0((T-1)/e)/(3 eps), rounded up'),
  N: optional(
    integer('pieces of each square', { min: 1, max: 1 << 12 }),
    'the least with r sum_j U_j/N^2 <= eps/(4 D)',
  ),
};

type Params = ValuesOf<typeof parameters>;
type PairwiseClaim = ProvedClaim<Params, PairwiseDesign>;

function taskOf({ A, r, squares }: PairwiseDesign): PairwiseTask {
  const terms = A.map((matrix, i) => {
    return { A: matrix, kappa: squares[i].kappa, names: { ...pairwiseNames(i), query: `query${i + 1}` } };
  });
  return { terms, r };
}

const error: PairwiseClaim = {
  id: 'error',
  kind: 'bound',
  statement: "|y(X) - sum_i max_{s,t} x_s' A_i x_t| <= eps for every X in [-r,r]^{dT}, ties included",
  limit: ({ params }) => params.eps,
  says: ({ network, design }, bound) => pairwiseSentence(network, 'y', taskOf(design), bound),
  prove: ({ network, design, progress }) => {
    progress('reading the two layers');
    const outcomes = provePairwiseMaximum(network, 'y', taskOf(design), [pairwiseWitness(network, design)]);
    const pieces = design.squares.map(({ N }) => N).join(', ');
    return {
      outcomes,
      method: 'lemmas on the built weights; witness by interval arithmetic',
      notes: [`beta = ${toDecimal(design.beta, 6, 'nearest')}, pieces ${pieces}`],
    };
  },
};

/** (N - 1)^2 eta < r sum_j U_j for each of the squares. */
function enoughPieces({ squares, eta }: PairwiseDesign) {
  return squares.map(({ kappa, N }) => {
    const scale = kappa.reduce((total, factor) => total.add(factor.max(Rational.zero)), Rational.zero);
    return [scale.toString(), '>', `(${N} - 1)^2*(${eta})`] as const;
  });
}

const rate: PairwiseClaim = {
  id: 'rate',
  kind: 'rate',
  statement: "the number of parameters is c + c' N with (N - 1)^2 eta < r sum_j U_j, eta = eps/(4 D): O(eps^(-1/2))",
  applies: ({ N }) => N === undefined,
  says: ({ design }) => `parameters = ${pairwiseParameters(design)} and ${relationsText(enoughPieces(design))}`,
  prove: ({ network, design }) => ({
    outcomes: [proveSize(network, 'parameters'), proveArithmetic(enoughPieces(design))],
    method: 'exact comparison',
  }),
};

const theorem: Theorem<typeof parameters, PairwiseDesign> = {
  id: 'two-layer-pairwise-max',
  summary: "two layers with D heads each compute sum_i max_{s,t} x_s' A_i x_t up to eps with O(eps^(-1/2)) parameters",
  statement:
    "For tokens in [-r,r]^d, ties included: in layer 1 token t averages all tokens by the scores x_s' A x_t, so that its " +
    'product with A x_t is a soft maximum of its scores; squares of N pieces multiply; in layer 2 the class token takes ' +
    'the soft maximum over t. Each term is off by at most 2 W0((T-1)/e)/beta + eta downwards and eta upwards, eta = ' +
    'r sum_j U_j/N^2 with U_j = r sum_k |A_kj|: with eps fixed, O(eps^(-1/2)) parameters.',
  source: { paper: 'arXiv:2605.17930', theorem: 'two-layer retrieval, explicit weights', trust: 'proved' },
  parameters,
  construct: ({ A, d, ...params }) => {
    if (A.length === 0 || A.length > 16)
      throw new InputError({ field: 'A', found: `${A.length} matrices`, allowed: '1 to 16' });
    return pairwiseMaxNet({ ...params, d, A: A.map((matrix) => readMatrix(matrix, d)) });
  },
  claims: [
    error,
    parameterClaim('D (d^2 + 2) + the halves + 3 per unit', (_, design) => Rational.of(pairwiseParameters(design))),
    rate,
    weightClaim('as reported', () => null),
    drawnExecution(({ params: { T, d, r } }) => ({
      entries: T * T * d,
      draw: (random) => drawnTokens(random, [T, d], (u) => u.add(u).sub(Rational.one).mul(r)),
    })),
  ],
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '-1/2', applies: ({ N }) => N === undefined },
  ],
};

export default theorem;
