import { squareNet, squareParameters, toothName } from '../../constructions/tooth-net.js';
import {
  Builder,
  errorSentence,
  integer,
  type ProvedClaim,
  parameterClaim,
  parseExpression,
  proveArithmetic,
  proveSize,
  proveSquareNet,
  proveSupNorm,
  Rational,
  rangeSentence,
  relationsText,
  type Theorem,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = { m: integer('number of layers', { min: 1, max: 256 }) };

type Params = ValuesOf<typeof parameters>;
type SquareClaim = ProvedClaim<Params, null>;

const OUTPUT = 'y';
const METHOD = 'self-similarity';
const TARGET = {
  output: OUTPUT,
  f: parseExpression('x^2', ['x']),
  variables: ['x'],
  side: [Rational.zero, Rational.one],
} as const;
/** Layers up to which the pieces of a net without the stated structure are enumerated. */
const MOST_ENUMERATED = 6;

function prediction({ m }: Params): Rational {
  return Rational.pow2(-2 * m - 2);
}

const prove: SquareClaim['prove'] = ({ network, params: { m }, bound, deadline }) => {
  const layers = Array.from({ length: m }, (_, k) => toothName(OUTPUT, k + 1));
  const outcomes = proveSquareNet(network, OUTPUT, layers);
  const isSquare = outcomes.every(({ kind }) => kind === 'fact');
  if (isSquare || m > MOST_ENUMERATED) return { outcomes, method: METHOD };
  // A net of another structure (read from a file, edited): its pieces one by one, as there are few.
  return { outcomes: [...outcomes, ...proveSupNorm(network, TARGET, bound, { deadline }).outcomes], method: 'knots' };
};

const error: SquareClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1] of |f_m(x) - x^2| is at most 2^(-2m-2)',
  limit: ({ params }) => prediction(params),
  says: ({ network }, bound) => errorSentence(network, TARGET, bound),
  prove,
};

const oneSided: SquareClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'f_m is never below x^2 on [0,1]',
  says: ({ network }) => rangeSentence(network, TARGET, Rational.zero, null),
  prove,
};

const rate: SquareClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'the error is 2^(-2m-2) with 7m + 1 parameters: at most 7/2 log2(1/error) of them',
  says: ({ params }) => {
    const M = squareParameters(params.m);
    return `parameters = ${M} and ${relationsText([fewerThan(params)])}`;
  },
  prove: ({ network, params }) => ({
    outcomes: [proveSize(network, 'parameters'), proveArithmetic([fewerThan(params)])],
    method: 'exact comparison of 2^(2M) with error^-7',
  }),
};

/** 2^(2 M) is at most error^-7. */
function fewerThan(params: Params) {
  return [`2^(2*${squareParameters(params.m)})`, '<=', `(${prediction(params)})^(-7)`] as const;
}

const theorem: Theorem<typeof parameters, null> = {
  id: 'yarotsky-square',
  summary: 'm layers of two ReLUs interpolate x^2 on 2^m pieces, with error 2^(-2m-2) exactly',
  statement:
    'Let g(x) = 2 min(x, 1-x) and f_m(x) = x - sum_{s=1..m} g^(s)(x)/4^s on [0,1]. Then f_m >= x^2 and ' +
    'max |f_m(x) - x^2| = 2^(-2m-2), attained at x = 2^(-m-1). Depth m, 7m + 1 parameters.',
  source: { paper: 'arXiv:1610.01145', theorem: 'Proposition 2, with its constant', trust: 'proved' },
  parameters,
  construct: ({ m }) => {
    const b = new Builder();
    return { network: b.network({ y: squareNet(b, b.input('x', { coordinate: 1 }), m, OUTPUT) }), design: null };
  },
  claims: [
    error,
    oneSided,
    rate,
    parameterClaim('7m + 1', ({ m }) => Rational.of(squareParameters(m))),
    weightClaim('4', () => Rational.of(4)),
  ],
  rates: [{ quantity: 'error', against: '2^m', exponent: '-2', formula: () => '1/(4*x^2)' }],
};

export default theorem;
