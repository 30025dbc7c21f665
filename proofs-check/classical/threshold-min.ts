import { thresholdMin } from '../../constructions/min-nets.js';
import {
  Builder,
  InputError,
  integer,
  minimumRange,
  minimumSentence,
  type ProvedClaim,
  parameterClaim,
  proveMinimumByThresholds,
  Rational,
  sizeClaim,
  supremumSentence,
  type Theorem,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  S: integer('number of values', { min: 1, max: 1 << 16 }),
  M: integer('number of levels', { min: 1, max: 1 << 12 }),
};

type Params = ValuesOf<typeof parameters>;
type MinClaim = ProvedClaim<Params, null>;

const METHOD = 'monotone in every value: two functions of one variable, exact knots';

/** (1 - 1/S)/M. */
function prediction({ S, M }: Params): Rational {
  return Rational.of(S - 1, S).div(Rational.of(M));
}

const prove: MinClaim['prove'] = ({ network }) => ({
  outcomes: proveMinimumByThresholds(network, 'y'),
  method: METHOD,
});

const error: MinClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1]^S of |min a - y| is at most (1 - 1/S)/M',
  limit: ({ params }) => prediction(params),
  says: ({ network }, bound) => minimumSentence(network, 'y', bound),
  prove,
};

const oneSided: MinClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'y never exceeds the minimum',
  says: ({ network }) => minimumRange(network, 'y', null, Rational.zero),
  prove,
};

const rate: MinClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'the error is (1 - 1/S)/M exactly: order 1 in 1/M, and the plain 1/M is never reached',
  says: ({ network, params }) => {
    const value = prediction(params);
    return supremumSentence(minimumSentence(network, 'y', null), { lo: value, hi: value });
  },
  prove,
};

const theorem: Theorem<typeof parameters, null> = {
  id: 'threshold-min',
  summary: 'two ReLU layers find the minimum of S numbers in [0,1] up to (1 - 1/S)/M, with M levels',
  statement:
    'With u_j = j/M and a in [0,1]^S let s_j = relu(1 - M sum_t relu(u_j - a_t)) and y = (1/M) sum_j s_j. Then ' +
    '0 <= min a - y <= (1 - 1/S)/M, and both bounds are attained. S M + M ReLUs in two layers.',
  source: {
    paper: 'arXiv:2510.06662',
    theorem: 'the minimum in the feed-forward net of Theorem 2 (3)',
    trust: 'proved',
  },
  parameters,
  construct: ({ S, M }) => {
    if (S * M > 1 << 24) throw new InputError({ found: `S M = ${S * M} units`, allowed: `at most ${1 << 24}` });
    const b = new Builder();
    return { network: b.network({ y: thresholdMin(b, b.input('x', { token: S }), M, 'y') }), design: null };
  },
  claims: [
    error,
    oneSided,
    rate,
    sizeClaim({ id: 'units', quantity: 'number of ReLUs', statement: 'S M + M' }, ({ S, M }) => Rational.of(S * M + M)),
    parameterClaim('3M + 1', ({ M }) => Rational.of(3 * M + 1)),
    weightClaim('M', ({ M }) => Rational.of(M)),
  ],
  rates: [{ quantity: 'error', against: 'M', exponent: '-1', formula: () => '(1 - 1/S)/M' }],
};

export default theorem;
