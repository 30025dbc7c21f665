import { NET_KINDS } from '../../constructions/function-net.js';
import { type RetrievalDesign, retrievalNetwork, retrievalParameters } from '../../constructions/multi-head.js';
import { GOALS } from '../../constructions/retrieval-choices.js';
import { readTask } from '../../constructions/retrieval-task.js';
import {
  choice,
  InputError,
  integer,
  optional,
  type ProvedClaim,
  parameterClaim,
  placed,
  Rational,
  type Retrieval,
  rational,
  type Theorem,
  text,
  texts,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { errorClaim, examineRetrieval } from './retrieval/error-claim.js';
import { execution } from './retrieval/execution-claim.js';
import { checkRanges, paperHypotheses, readoutLipschitz } from './retrieval/hypotheses.js';

const parameters = {
  T: integer('number of tokens', { min: 1, max: 1 << 17 }),
  d: integer('dimension of a token', { min: 1, max: 16 }),
  eps: rational('error allowed', { above: '0', atMost: '1' }),
  features: texts('f_1, ..., f_D from [0,1]^d to [0,1]', 'a list of expressions in x1, ..., xd'),
  positions: texts('S_1, ..., S_D', 'a list of position sets such as "1..32" or "1, 3, 5..9"'),
  readout: text('F_0', 'an expression in z1, ..., zD'),
  beta: optional(rational('inverse temperature', { above: '0' }), '4 L_0 ln(T)/eps, rounded up'),
  R: optional(
    rational('gate', { atLeast: '0' }),
    'w + ln(4 L_0 T/eps)/beta, rounded up, w >= 1 the width of the range of the feature nets',
  ),
  h: optional(integer('number of heads', { min: 1, max: 1 << 10 }), 'D, one for each feature'),
  featureNet: optional(
    choice('the kind of net for the features', NET_KINDS),
    'per feature, the one with the fewest parameters',
  ),
  readoutNet: optional(
    choice('the kind of net for a readout that is not piecewise linear', NET_KINDS),
    'the one with the fewest parameters',
  ),
  minimise: optional(
    choice('what the split of eps between feature nets and heads favours', GOALS),
    'the prescriptions of beta, R and delta',
  ),
  delta: optional(rational('error allowed for each feature net', { above: '0', atMost: '1' }), 'eps/(4 L_0)'),
};

type Params = ValuesOf<typeof parameters>;

const parameterCount: ProvedClaim<Params, RetrievalDesign, Retrieval> = parameterClaim(
  'feature nets + gates + 3 D + 6 h + 1 + readout',
  (_, design) => Rational.of(retrievalParameters(design)),
);

const largestWeight: ProvedClaim<Params, RetrievalDesign, Retrieval> = weightClaim(
  'the bound that an instance states',
  () => null,
);

const theorem: Theorem<typeof parameters, RetrievalDesign, Retrieval> = {
  id: 'multi-head-retrieval',
  summary: 'D heads of dimension 2 retrieve F_0(min over S_i of f_i) with error at most eps',
  statement:
    'Let f_1, ..., f_D map [0,1]^d to [0,1], S_1, ..., S_D be sets of positions and F_0 be Lipschitz with constant L_0 ' +
    'in the max-norm. A transformer with one layer of D heads of dimension 2, nets with the error eps/(4 L_0) for the ' +
    'features and eps/4 for a readout that is not piecewise linear, beta = 4 L_0 ln(T)/eps and gates R = w + ' +
    'ln(4 L_0 T/eps)/beta, w >= 1 the width of the range of the feature nets, approximates H(X) = F_0(min_{S_1} f_1, ..., min_{S_D} f_D) ' +
    'uniformly on [0,1]^{dT} with error at most eps, with a number of parameters that depends on T by the gates alone.',
  source: { paper: 'arXiv:2510.06662', theorem: 'Theorem 2 (1), explicit weights', trust: 'proved' },
  parameters,
  construct: ({ T, d, features, positions, readout, ...choices }) => {
    const task = readTask({ T, d }, { features, positions, readout });
    checkRanges(task, features);
    checkHeads(choices.h, features.length);
    return placed(readout.place, () => retrievalNetwork(task, { ...choices, lipschitz: readoutLipschitz(task) }));
  },
  examine: examineRetrieval,
  claims: [errorClaim, parameterCount, largestWeight, execution],
  hypotheses: (_, { task }) => paperHypotheses(task),
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '-1/2' },
  ],
};

/** A head of dimension 2 carries at most two features. */
function checkHeads(h: number | undefined, D: number): void {
  if (h === undefined || (h <= D && 2 * h >= D)) return;
  throw new InputError({
    field: 'h',
    found: `${h} heads for ${D} features`,
    allowed: `from ${Math.ceil(D / 2)} to ${D}: a head of dimension 2 carries at most two features`,
    mend: 'leave h out for one head per feature',
  });
}

export default theorem;
