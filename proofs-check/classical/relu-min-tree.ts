import { reluMinTree } from '../../constructions/min-nets.js';
import {
  Builder,
  integer,
  minimumSentence,
  minimumWitness,
  type ProvedClaim,
  parameterClaim,
  proveMinimum,
  Rational,
  sizeClaim,
  type Theorem,
  type ValuesOf,
} from '../../src/index.js';

const parameters = { S: integer('number of values', { min: 1, max: 1 << 14 }) };

type Params = ValuesOf<typeof parameters>;

/** Values of which some samples are taken when the network is no tree of comparisons. */
const MOST_SAMPLED = 512;

const error: ProvedClaim<Params, null> = {
  id: 'error',
  kind: 'identity',
  statement: 'the output is the minimum of all S values, exactly, for all real numbers',
  limit: () => Rational.zero,
  says: ({ network }, bound) => minimumSentence(network, 'y', bound, null),
  prove: ({ network, params: { S } }) => {
    const outcomes = proveMinimum(network, 'y');
    const isTree = outcomes.every(({ kind }) => kind === 'fact');
    if (isTree || S > MOST_SAMPLED) return { outcomes, method: 'affine forms' };
    const witness = minimumWitness(network, 'y', samples(S), null);
    return { outcomes: [...outcomes, ...witness], method: 'exact evaluation of samples' };
  },
};

/** For each token: it alone is small; and it is the least of a V and of a slope. */
function samples(S: number): Rational[][] {
  const shapes = [
    (t: number, least: number) => Number(t !== least),
    (t: number, least: number) => Math.abs(t - least) + 1,
  ];
  return Array.from({ length: S }, (_, least) => least).flatMap((least) =>
    shapes.map((shape) => Array.from({ length: S }, (_, t) => Rational.of(shape(t, least), S))),
  );
}

const theorem: Theorem<typeof parameters, null> = {
  id: 'relu-min-tree',
  summary: 'S - 1 comparisons in a tree of depth ceil(log2 S) find the minimum without error',
  statement:
    'min(a, b) = a - relu(a - b). A balanced tree of such comparisons computes the minimum of S real numbers exactly, ' +
    'with S - 1 ReLUs in ceil(log2 S) layers and no weights other than 1 and -1.',
  source: { paper: 'textbook', theorem: 'min(a, b) = a - relu(a - b)', trust: 'proved' },
  parameters,
  construct: ({ S }) => {
    const b = new Builder();
    return { network: b.network({ y: reluMinTree(b, b.input('x', { token: S }), 'y') }), design: null };
  },
  claims: [
    error,
    sizeClaim({ id: 'units', quantity: 'number of ReLUs', statement: 'S - 1' }, ({ S }) => Rational.of(S - 1)),
    sizeClaim({ id: 'depth', quantity: 'depth', statement: 'ceil(log2 S)' }, ({ S }) =>
      Rational.of(Math.ceil(Math.log2(S))),
    ),
    parameterClaim('0', () => Rational.zero),
  ],
};

export default theorem;
