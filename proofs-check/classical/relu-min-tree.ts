import { reluMinTree } from '../../constructions/min-nets.js';
import {
  approximation,
  Builder,
  type Claim,
  entryOfToken,
  INPUT_STEPS,
  inputSteps,
  integer,
  parameterClaim,
  proveByExactEvaluation,
  proveComparisonTree,
  Rational,
  type Sample,
  sizeClaim,
  type Theorem,
  tensor,
  undecided,
  type ValuesOf,
} from '../../src/index.js';

const parameters = { S: integer('number of values', { min: 1, max: 1 << 14 }) };

type Params = ValuesOf<typeof parameters>;
type MinClaim = Claim<Params, null>;

/** Values of which some samples are taken when the network is no tree of comparisons. */
const MOST_SAMPLED = 512;

const error: MinClaim = {
  id: 'error',
  kind: 'identity',
  statement: 'the output is the minimum of all S values, exactly, for all real numbers',
  tex: 'y(a) = \\min_{t \\le S} a_t \\quad \\forall a \\in \\mathbb{R}^S',
  trust: 'proved',
  prove: ({ network, params: { S }, stated }) => {
    const method = 'affine forms';
    const node = network.outputs.find(({ name }) => name === 'y')?.node;
    const [input] = network.inputs;
    if (!node || input?.shape[0]?.size !== S || input.shape.length !== 1) {
      return undecided([], method, `the network does not map ${S} numbers to an output 'y'`);
    }
    const step = proveComparisonTree(input, node, 'tree');
    if (step.verdict === 'proved') {
      const entries = S === 1 ? '0' : `0..${S - 1}`;
      const target = `min_{t in 1..${S}}(${entryOfToken(input)})`;
      const predicted = stated ?? Rational.zero;
      const verdict = predicted.sign() < 0 ? 'refuted' : 'proved';
      const data = () => ({ node: network.nodes.indexOf(node), entry: 0, of: network.nodes.indexOf(input), entries });
      const steps = [...inputSteps(network.nodes, input, null), { ...step, premises: [INPUT_STEPS[0]], data }];
      const conclusion = () =>
        approximation('y', { [input.attributes.name]: null }, target, { above: predicted, below: predicted });
      return { verdict, predicted, enclosure: step.enclosure, witness: null, steps, conclusion, method };
    }
    if (S > MOST_SAMPLED) return undecided([step], method, step.difference!);
    const predicted = stated ?? Rational.zero;
    const { step: sampled, worst } = proveByExactEvaluation(
      network,
      'y',
      samples(S),
      predicted,
      'samples',
      'slopes and peaks',
    );
    return {
      verdict: sampled.verdict === 'refuted' ? 'refuted' : 'undecided',
      predicted,
      enclosure: { lo: worst.error, hi: null },
      witness: { x: samples(S)[worst.index].inputs.x.data.map(String), output: worst.value.toString() },
      steps: [step],
      method: 'exact evaluation of samples',
    };
  },
};

/** For each token: it alone is small; and it is the least of a V and of a slope. */
function samples(S: number): Sample[] {
  const shapes = [
    (t: number, least: number) => Number(t !== least),
    (t: number, least: number) => Math.abs(t - least) + 1,
  ];
  return Array.from({ length: S }, (_, least) => least).flatMap((least) =>
    shapes.map((shape) => {
      const a = Array.from({ length: S }, (_, t) => Rational.of(shape(t, least), S));
      return { inputs: { x: tensor([S], a) }, expected: Rational.of(shape(least, least), S) };
    }),
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
    sizeClaim(
      { id: 'units', quantity: 'number of ReLUs', statement: 'S - 1', tex: '\\#\\mathrm{ReLU} \\le S - 1' },
      ({ units }) => Rational.of(units),
      ({ S }) => Rational.of(S - 1),
    ),
    sizeClaim(
      {
        id: 'depth',
        quantity: 'depth',
        statement: 'ceil(log2 S)',
        tex: '\\mathrm{depth} \\le \\lceil \\log_2 S \\rceil',
      },
      ({ depth }) => Rational.of(depth),
      ({ S }) => Rational.of(Math.ceil(Math.log2(S))),
    ),
    parameterClaim({ statement: '0', tex: '0' }, () => Rational.zero),
  ],
};

export default theorem;
