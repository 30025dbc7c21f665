import { softMinimumNet } from '../../constructions/soft-min.js';
import {
  ballIntervals,
  gapConstant,
  gapSentence,
  integer,
  minimumRange,
  type ProvedClaim,
  parameterClaim,
  proveSoftMinimumGap,
  Rational,
  rational,
  softMinimumRateSentence,
  type Theorem,
  toDecimal,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { softMinimumExecution } from './soft-minimum/execution.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 10 ** 8 }),
  beta: rational('inverse temperature', { above: '0' }),
};

type Params = ValuesOf<typeof parameters>;
type Gap = ReturnType<typeof proveSoftMinimumGap>;
type SoftMinClaim = ProvedClaim<Params, null, Gap>;

const METHOD = 'two-level reduction, ball arithmetic';
const BITS = 128;

function notesOf(examined: Gap, digits: number): string[] {
  const fact = examined.find(({ id }) => id === 'supremum');
  if (fact?.kind !== 'fact') return [];
  const { level, isInside } = fact.found;
  return [
    `v = ${toDecimal(level, digits, 'nearest')}${isInside === true ? ', inside [0, 1]: no larger gap on R^T' : ''}`,
    'one weight is shared by all tokens: the checks cost the same for every T',
  ];
}

const prove: SoftMinClaim['prove'] = ({ examined, digits }) => ({
  outcomes: examined,
  method: METHOD,
  notes: notesOf(examined, digits),
});

const error: SoftMinClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the soft minimum exceeds the minimum by at most W0((T-1)/e)/beta',
  limit: ({ params: { T, beta }, digits }) => gapConstant(T, bitsOf(digits)).hi.div(beta),
  says: ({ network }, bound) => gapSentence(network, 'y', bound),
  prove,
};

const logarithm: SoftMinClaim = {
  id: 'logarithm',
  kind: 'bound',
  statement: 'the soft minimum exceeds the minimum by at most ln(T)/beta',
  limit: ({ params: { T, beta }, digits }) => {
    const A = ballIntervals(bitsOf(digits));
    const log = A.log(A.of(Rational.of(T)));
    return { lower: A.lower(log)!.div(beta), upper: A.upper(log)!.div(beta) };
  },
  says: ({ network }, bound) => gapSentence(network, 'y', bound),
  prove,
};

const oneSided: SoftMinClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'the soft minimum is never below the minimum, and equal to it where all a_t are equal',
  says: ({ network }) => minimumRange(network, 'y', Rational.zero, null),
  prove: ({ examined }) => ({ outcomes: examined, method: 'a weighted mean with positive weights' }),
};

const rate: SoftMinClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'sup gap = W0((T-1)/e) beta^-1, to 18 digits, for every beta >= 1 + W0((T-1)/e)',
  applies: ({ T, beta }) => gapConstant(T, BITS).hi.add(Rational.one).le(beta),
  says: ({ network, params: { T, beta } }) => softMinimumRateSentence(network, 'y', T, beta),
  prove: ({ params: { T }, examined, digits }) => {
    const { lo, hi } = gapConstant(T, bitsOf(digits));
    return {
      outcomes: examined,
      method: METHOD,
      notes: [`W0((T-1)/e) in [${toDecimal(lo, 20, 'down')}, ${toDecimal(hi, 20, 'up')}], ln T = ${logOf(T)}`],
    };
  },
};

function bitsOf(digits: number): number {
  return Math.max(BITS, Math.ceil(digits * 3.33) + 64);
}

function logOf(T: number): string {
  const A = ballIntervals(128);
  return toDecimal(A.lower(A.log(A.of(Rational.of(T))))!, 6, 'nearest');
}

const theorem: Theorem<typeof parameters, null, Gap> = {
  id: 'softmin-gap',
  summary: 'a softmax over T tokens finds the minimum up to W0((T-1)/e)/beta, and no constant is smaller',
  statement:
    'For a in R^T, T >= 2, beta > 0 and p = softmax(-beta a): 0 <= sum_t p_t a_t - min_t a_t <= W0((T-1)/e)/beta <= ' +
    'ln(T)/beta. The middle bound is attained at a = (0, v, ..., v) with v = (1 + W0((T-1)/e))/beta, which lies in ' +
    '[0,1]^T when beta >= 1 + W0((T-1)/e).',
  source: {
    paper: 'arXiv:2510.06662',
    theorem: 'Theorem 2, the step from softmax to minimum, made sharp',
    trust: 'proved',
  },
  parameters,
  construct: ({ T, beta }) => ({ network: softMinimumNet(T, beta), design: null }),
  examine: ({ network, digits }) => proveSoftMinimumGap(network, 'y', bitsOf(digits)),
  claims: [
    error,
    logarithm,
    oneSided,
    rate,
    parameterClaim('1', () => Rational.one),
    weightClaim('beta', ({ beta }) => beta),
    softMinimumExecution,
  ],
  rates: [
    { quantity: 'error', against: 'beta', exponent: '-1', formula: () => 'W/beta', constants: ['W'] },
    { quantity: 'logarithm', against: 'T', exponent: '0', log: '1', formula: () => 'log(T)/beta' },
  ],
};

export default theorem;
