import { CONES, DISTANCES, type Extension, extension, mcshaneNet, OFFSETS } from '../../constructions/mcshane-net.js';
import {
  DomainError,
  errorSentence,
  InputError,
  integer,
  isExact,
  lipschitzConstant,
  optional,
  type ProvedClaim,
  parameterClaim,
  parseExpression,
  placed,
  proveAtPoints,
  proveMcShane,
  proveSupNorm,
  Rational,
  rangeSentence,
  rational,
  roundedTo,
  type SupNormTarget,
  type Theorem,
  text,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  F: text('the function on [0,1]^D', 'an expression in z1, ..., zD'),
  D: integer('dimension', { min: 1, max: 6 }),
  N: integer('cells along each axis', { min: 1, max: 4096 }),
  L: optional(rational('slope of the cones', { above: '0' }), "F's Lipschitz constant in the max-norm, rounded up"),
};

type Params = ValuesOf<typeof parameters>;
type McShaneClaim = ProvedClaim<Params, Extension>;

const MOST_CELLS = 1 << 13;
const SIGNIFICANT_BITS = 40;
const ROOM = Rational.pow2(-30);
const METHOD = 'minimum of cones';
/** Cells up to which the error is also bounded by search, in one dimension and in two. */
const MOST_SEARCHED = [512, 9];
/** Points at which the error is evaluated, for its lower end. */
const MOST_SAMPLED = 9;

function targetOf({ F, variables }: Extension): SupNormTarget {
  return { output: 'y', f: F, variables, side: [Rational.zero, Rational.one] };
}

/** The cones, and both ends by search where that is cheap; otherwise the largest error at some corners of cells. */
const prove: McShaneClaim['prove'] = ({ network, design, bound, deadline }) => {
  const { grid, variables, N } = design;
  const target = targetOf(design);
  const names = { offsets: OFFSETS, distances: DISTANCES, cones: CONES };
  const isSearched = grid.length <= (MOST_SEARCHED[variables.length - 1] ?? 0);
  const found = isSearched
    ? proveSupNorm(network, target, bound, { deadline }, 'search').outcomes
    : proveAtPoints(network, target, corners(N, variables.length));
  return { outcomes: [...proveMcShane(network, 'y', { ...design, names }), ...found], method: METHOD };
};

/** Corners of cells next to the diagonal and along the first axis. */
function corners(N: number, D: number): Rational[][] {
  const count = Math.min(N, MOST_SAMPLED - 1);
  return Array.from({ length: count + 1 }, (_, i) => Rational.of(Math.round((i * N) / count), N)).flatMap((x) => [
    new Array<Rational>(D).fill(x),
    [x, ...new Array<Rational>(D - 1).fill(Rational.zero)],
  ]);
}

const error: McShaneClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1]^D of |Fhat - F| is at most L/N',
  limit: ({ design: { L, N } }) => L.div(Rational.of(N)),
  says: ({ network, design }, bound) => errorSentence(network, targetOf(design), bound),
  prove,
};

const oneSided: McShaneClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'Fhat is never below F',
  says: ({ network, design }) => rangeSentence(network, targetOf(design), Rational.zero, null),
  prove,
};

const theorem: Theorem<typeof parameters, Extension> = {
  id: 'mcshane-extension',
  summary: 'a minimum of N^D cones follows a Lipschitz function on [0,1]^D from above, up to L/N',
  statement:
    'Let F on [0,1]^D have Lipschitz constant L in the max-norm and let G be the N^D cell centres. Then Fhat(z) = ' +
    'min over g in G of F(g) + L |z - g| satisfies F <= Fhat <= F + L/N, and it is a ReLU net of size O(D N^D).',
  source: {
    paper: 'E. J. McShane, Bull. AMS 40 (1934)',
    theorem: 'extension of Lipschitz functions, on a grid',
    trust: 'proved',
  },
  parameters,
  construct: ({ F, D, N, L }) => {
    if (N ** D > MOST_CELLS) {
      throw new InputError({ field: 'N', found: `N^D = ${N ** D} cells`, allowed: `at most ${MOST_CELLS}` });
    }
    const variables = Array.from({ length: D }, (_, d) => `z${d + 1}`);
    const design = placed(F.place, () => {
      const expression = parseExpression(F.text, variables);
      return extension(expression, variables, N, L ?? prescribedSlope(expression, variables));
    });
    return { network: mcshaneNet(design), design };
  },
  claims: [
    error,
    oneSided,
    parameterClaim('(D + 1) N^D + 1', ({ D, N }) => Rational.of((D + 1) * N ** D + 1)),
    weightClaim('max(1, L, |F|)', (_, { L, values }) =>
      values.reduce((most, value) => most.max(value.abs()), L.max(Rational.one)),
    ),
  ],
  rates: [
    { quantity: 'error', against: 'N', exponent: '-1', formula: () => 'K/N', constants: ['K'] },
    { quantity: 'parameters', against: 'N', exponent: 'D', formula: ({ D }) => `${D + 1}*N^${D} + 1` },
  ],
};

/** F's Lipschitz constant; a little more, with a short binary form, where rounded values of F need room. */
function prescribedSlope(F: Extension['F'], variables: readonly string[]): Rational {
  const unit = { lo: Rational.zero, hi: Rational.one };
  try {
    const { upper } = lipschitzConstant(F, new Map(variables.map((name) => [name, unit])));
    if (upper.isZero()) return Rational.one;
    return isExact(F) ? upper : roundedTo(upper.mul(Rational.one.add(ROOM)), SIGNIFICANT_BITS, 'up');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new InputError({ found: error.message, allowed: 'F with a bounded gradient on [0,1]^D' });
  }
}

export default theorem;
