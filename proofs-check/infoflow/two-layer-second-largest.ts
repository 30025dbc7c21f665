import {
  type SecondLargestDesign,
  secondLargestNet,
  secondLargestParameters,
} from '../../constructions/second-largest.js';
import {
  drawnExecution,
  drawnTokens,
  fromFloat,
  integer,
  optional,
  type ProvedClaim,
  parameterClaim,
  proveSecondLargest,
  Rational,
  rational,
  secondLargestSentence,
  type Theorem,
  toDecimal,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 4096 }),
  eps: rational('error allowed', { above: '0', atMost: '1' }),
  beta: optional(
    rational('inverse temperature of both layers', { above: '0' }),
    '(8/7) (W0((T-2)/e) + W0((T-1)/e))/eps, rounded up',
  ),
  R: optional(rational('gate of a token against itself', { atLeast: '0' }), '1 + ln(8/eps)/beta, rounded up'),
};

type Params = ValuesOf<typeof parameters>;
type SecondClaim = ProvedClaim<Params, SecondLargestDesign>;

const error: SecondClaim = {
  id: 'error',
  kind: 'bound',
  statement: '|y - x_(2)| <= eps for every x in [0,1]^T, ties included',
  limit: ({ params }) => params.eps,
  says: ({ network, params: { T } }, bound) => secondLargestSentence(network, 'y', T, bound),
  prove: ({ network, design }) => ({
    outcomes: proveSecondLargest(network, 'y', { others: 'others', smaller: 'smaller' }, points(design)),
    method: 'lemmas on the built weights; witness by interval arithmetic',
    notes: [`beta = ${toDecimal(design.beta, 6, 'nearest')}, R = ${toDecimal(design.R, 6, 'nearest')}`],
  }),
};

/** Where both layers lose most, and where a token could take its own value for another's. */
function points(design: SecondLargestDesign): readonly (readonly Rational[])[] {
  return [extremal(design), Array.from({ length: design.T }, (_, t) => (t === 0 ? Rational.one : Rational.zero))];
}

/** Grid of levels, in units of 1/beta, on which the worst input of three levels is searched. */
const LEVELS = 24;
const HIGHEST_LEVEL = 12;

/** (1, 1 - u/beta, 1 - v/beta, ..., 1 - v/beta) with u <= v where both layers together lose most. */
function extremal({ T, beta }: SecondLargestDesign): Rational[] {
  let best = { loss: -1, u: 0, v: 0 };
  for (let i = 0; i <= LEVELS; i++) {
    for (let j = i; j <= LEVELS; j++) {
      const [u, v] = [(i * HIGHEST_LEVEL) / LEVELS, (j * HIGHEST_LEVEL) / LEVELS];
      const loss = lossOf(T, u, v);
      if (loss > best.loss) best = { loss, u, v };
    }
  }
  const level = (w: number) => Rational.one.sub(fromFloat(w).div(beta)).max(Rational.zero);
  return Array.from({ length: T }, (_, t) => (t === 0 ? Rational.one : level(t === 1 ? best.u : best.v)));
}

/** What the two layers lose, in units of 1/beta, at the levels 0, -u and T - 2 times -v; the gate is closed. */
function lossOf(T: number, u: number, v: number): number {
  const [p, q] = [Math.exp(-u), Math.exp(-v)];
  /** The mean of -u and -v with `one` and `many` of them beside `top` zeros. */
  const mean = (top: number, one: number, many: number) => -(one * p * u + many * q * v) / (top + one * p + many * q);
  const first = mean(0, 1, T - 2);
  const second = Math.min(-u, mean(1, 0, T - 2));
  const others = T > 2 ? Math.min(-v, mean(1, 1, T - 3)) : 0;
  const levels = [Math.exp(first), Math.exp(second), (T - 2) * Math.exp(others)];
  const total = levels[0] * first + levels[1] * second + levels[2] * others;
  return -u - total / (levels[0] + levels[1] + levels[2]);
}

const theorem: Theorem<typeof parameters, SecondLargestDesign> = {
  id: 'two-layer-second-largest',
  summary:
    'two layers with one head each find the second largest of T numbers, with parameters that do not depend on eps',
  statement:
    'For x in [0,1]^T, ties allowed: layer 1 gives every token the soft maximum m_t of the others, a feed-forward net ' +
    'min(x_t, m_t) exactly, layer 2 the soft maximum of these. The output differs from the second largest entry by at ' +
    'most (W0((T-2)/e) + W0((T-2)/(2e)))/beta + e^{-beta(R-1)}/(T-1). Only beta depends on eps: there are 2 T + 4 ' +
    'parameters for every eps.',
  source: { paper: 'arXiv:2605.17930', theorem: 'two-layer retrieval, explicit weights', trust: 'proved' },
  parameters,
  construct: (params) => secondLargestNet(params),
  claims: [
    error,
    parameterClaim('2 T + 4 (for every eps)', ({ T }) => Rational.of(secondLargestParameters(T))),
    weightClaim('max(1, R) beta', (_, { beta, R }) => beta.mul(R.max(Rational.one))),
    drawnExecution(({ params: { T } }) => ({ entries: T * T, draw: (random) => drawnTokens(random, [T, 1]) })),
  ],
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '0', formula: () => '2*T + 4' },
  ],
};

export default theorem;
