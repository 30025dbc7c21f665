import { objectOf } from '../../constructions/doubly-stochastic.js';
import {
  type ProvedClaim,
  proveUnistochasticDistance,
  Rational,
  type RationalMatrix,
  rational,
  statedClaim,
  type Theorem,
  unistochasticSentence,
  withDefault,
} from '../../src/index.js';

const parameters = {
  t: withDefault(
    rational('parameter of the orthogonal circulant (1 + t, -t, t(1 + t))/(1 + t + t^2)', { above: '0', atMost: '8' }),
    '9/8',
  ),
};

type Claim = ProvedClaim<unknown, null>;

const distance: Claim = {
  id: 'distance',
  kind: 'quantity',
  statement:
    'the least distance of the squares of a unitary matrix from W: not below the root of a quartic, and not above the circulant',
  limit: () => null,
  says: (_, bound) => unistochasticSentence(bound ? { lo: bound } : null),
  prove: ({ network }) => ({
    outcomes: [proveUnistochasticDistance(network, 'U')],
    method: 'the triangle of two orthogonal rows; an orthogonal circulant',
  }),
};

const attained: Claim = statedClaim(
  'attained',
  'the distance of the squares of the circulant from W',
  () => 'max_{i in 1..3}(max_{j in 1..3}(|U[i, j]^2 - W[i, j]|)) <= ?',
);

const cheap: Claim = statedClaim(
  'two-rows',
  'what 1/2 - delta <= 2 sqrt(delta (1/2 + delta)) for two orthogonal rows gives as a lower bound of the distance',
  () => '(2*sqrt(3) - 3)/6 <= ?',
);

const entries = [1, 2, 3].map(
  (j): Claim => statedClaim(`u${j}`, `entry [1, ${j}] of the circulant`, () => `U[1, ${j}] <= ?`),
);

const theorem: Theorem<typeof parameters, null> = {
  id: 'not-all-unistochastic',
  summary:
    'the doubly stochastic matrix (J - I)/2 of order 3 is 0.10997578... away from all squares of unitary matrices',
  statement:
    'W = (J - I)/2, n = 3, is doubly stochastic. min over unitary U of max_ij ||U_ij|^2 - W_ij| = delta* = (1 - r^2)/2 with r the root ' +
    'of r^4 + 2 r^3 + r^2 - 2 r - 1 = 0 in (1/2, 1), attained by a real orthogonal circulant.',
  source: {
    paper: 'arXiv:2504.16275',
    theorem: 'a doubly stochastic matrix that is no unistochastic one',
    trust: 'proved',
  },
  parameters,
  construct: ({ t }) => ({ network: objectOf({ U: circulant(t), W: target }), design: null }),
  claims: [distance, attained, cheap, ...entries],
};

/** Its rows are orthonormal for every t; the small entry is moved to the diagonal, where W is 0. */
function circulant(t: Rational): RationalMatrix {
  const one = Rational.one;
  const total = one.add(t).add(t.pow(2));
  const entries = [t.neg(), one.add(t), t.mul(one.add(t))].map((entry) => entry.div(total));
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => entries[(j - i + 3) % 3]));
}

const target: RationalMatrix = [0, 1, 2].map((i) =>
  [0, 1, 2].map((j) => (i === j ? Rational.zero : Rational.of(1, 2))),
);

export default theorem;
