import { sawtooth, toothName } from '../../constructions/tooth-net.js';
import {
  Builder,
  barrierInL1,
  distanceSentence,
  InputError,
  integer,
  type Knot,
  knotsOf,
  type Norm,
  optional,
  type ProvedClaim,
  parameterClaim,
  parseExpression,
  placed,
  proveSawtooth,
  proveSawtoothBarrier,
  Rational,
  sawtoothSentence,
  type Theorem,
  text,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  k: integer('depth of the sawtooth', { min: 1, max: 256 }),
  N: integer('units of a competing net with one hidden layer', { min: 0, max: 10 ** 9 }),
  phi: optional(text('a competitor', 'a piecewise linear expression in x'), 'the constant 1/2'),
};

/** The exact knots of the competitor over [0, 1]. */
interface Design {
  readonly phi: readonly Knot[];
}

type Params = ValuesOf<typeof parameters>;
type SawtoothClaim = ProvedClaim<Params, Design>;

const METHOD = 'layers compared with the tooth; counting of breakpoints';

function hidden({ k }: Params): string[] {
  return Array.from({ length: k - 1 }, (_, s) => toothName('y', s + 1));
}

const sawtoothClaim: SawtoothClaim = {
  id: 'sawtooth',
  kind: 'identity',
  statement: 'the output is g^(k) exactly: 2^(k-1) teeth with k layers of two ReLUs',
  says: ({ params: { k } }) => sawtoothSentence('y', k),
  prove: ({ network, params }) => ({ outcomes: proveSawtooth(network, 'y', hidden(params)), method: METHOD }),
};

/** A lower bound of the distance in a norm, as the theorem has it unless the instance states one. */
function barrier(norm: Norm, limit: (params: Params) => Rational): Pick<SawtoothClaim, 'limit' | 'says' | 'prove'> {
  return {
    limit: ({ params }) => limit(params),
    says: ({ params: { k, N } }, least) => distanceSentence('y', k, N, norm, { lo: least }),
    prove: ({ network, params, design }) => {
      const { k, N, phi } = params;
      const competitor = phi ? { text: phi.text, knots: design.phi } : null;
      const isDeep = norm === 'L1' && k >= 2;
      return {
        outcomes: proveSawtoothBarrier(network, 'y', hidden(params), { N, norm, competitor }),
        method: METHOD,
        notes: isDeep
          ? [`${2 * k} ReLUs in ${k} layers against more than 2^${k - 2} in one, for a distance below 1/8`]
          : [],
      };
    },
  };
}

const error: SawtoothClaim = {
  id: 'error',
  kind: 'barrier',
  statement: 'every net with one hidden layer of N ReLUs is at least (1 - N/2^(k-1))/4 away in L1',
  ...barrier('L1', ({ k, N }) => barrierInL1(k, N)),
};

const uniform: SawtoothClaim = {
  id: 'uniform',
  kind: 'barrier',
  statement: 'every net with one hidden layer of N < 2^(k-1) ReLUs is at least 1/2 away in the sup norm',
  applies: ({ k, N }) => Rational.of(N).lt(Rational.pow2(k - 1)),
  ...barrier('sup', () => Rational.of(1, 2)),
};

const theorem: Theorem<typeof parameters, Design> = {
  id: 'telgarsky-sawtooth',
  summary: 'k layers of two ReLUs make 2^(k-1) teeth that one hidden layer of N ReLUs misses by (1 - N/2^(k-1))/4',
  statement:
    'The k-fold iterate g^(k) of g(x) = 2 min(x, 1-x) is computed exactly by k layers of two ReLUs. Every net phi with one ' +
    'hidden layer of N ReLUs has L1 distance at least (1 - N/2^(k-1))/4 from it, and sup distance at least 1/2 when ' +
    'N < 2^(k-1).',
  source: {
    paper: 'arXiv:1509.08101',
    theorem: 'Theorem 1.1, with sharp constants for one hidden layer',
    trust: 'proved',
  },
  parameters,
  construct: ({ k, phi }) => {
    const b = new Builder();
    const layers = sawtooth(b, b.input('x', { coordinate: 1 }), k, 'y');
    return { network: b.network({ y: layers[k - 1] }), design: { phi: readCompetitor(phi) } };
  },
  claims: [
    sawtoothClaim,
    error,
    uniform,
    parameterClaim('6k', ({ k }) => Rational.of(6 * k)),
    weightClaim('4', () => Rational.of(4)),
  ],
};

function readCompetitor(phi: Params['phi']): readonly Knot[] {
  if (!phi) return [];
  return placed(phi.place, () => {
    const knots = knotsOf(parseExpression(phi.text, ['x']), 'x', Rational.zero, Rational.one);
    if (!knots) throw new InputError({ found: phi.text, allowed: 'a piecewise linear expression in x' });
    return knots;
  });
}

export default theorem;
