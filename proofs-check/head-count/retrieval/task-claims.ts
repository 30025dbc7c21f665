import { readoutNames } from '../../../constructions/retrieval-task.js';
import { featureNode, minimumNode, type TaskDesign, taskParameters } from '../../../constructions/single-head-task.js';
import {
  type Audit,
  atMost,
  between,
  type Claim,
  compile,
  dyadicFraction,
  type Expectation,
  exact,
  executionClaim,
  findingOf,
  lehmer,
  memoised,
  type Network,
  parameterClaim,
  proveAffineIdentity,
  proveComparisonTree,
  proveMonotoneMinimum,
  Rational,
  type StatedTensor,
  type Step,
  Tensor,
  toDecimal,
} from '../../../src/index.js';
import { embeddingStatement, proveEmbedding } from '../memorization/embedding.js';
import { compositionEvidence, retrievalConclusion, thresholdEvidence, treeEvidence } from './certify.js';
import { type FeatureBounds, layerValues, proveFeatureNet } from './features.js';
import { networkDeviation, withPrecision } from './precision.js';
import { compose, proveReadout, type SignedError } from './readout.js';
import { compress, retrievalWitness } from './witness.js';

/** The uniform bound of a retrieval task with one uniform head. */
type TaskClaim = Claim<{ readonly eps: Rational | undefined }, TaskDesign>;

const taskError: TaskClaim = {
  id: 'error',
  kind: 'bound',
  statement: '|y(X) - H(X)| <= eps for every X in [0,1]^{dT}',
  tex: '\\sup_{X \\in [0,1]^{dT}} |y(X) - F_0(\\min_{t \\in S_i} f_i(x^t))| \\le \\varepsilon',
  trust: 'proved',
  prove: (audit) => {
    const { network, design, stated, deadline } = audit;
    const { task } = design;
    const bound = stated ?? audit.params.eps!;
    const method = 'lemmas on the built weights; witness by interval arithmetic';
    const steps: Step[] = [];
    const open = () => ({
      verdict: 'undecided' as const,
      predicted: bound,
      enclosure: null,
      witness: null,
      steps,
      method,
    });
    const features: FeatureBounds[] = [];
    const errors: SignedError[] = [];
    for (const i of task.features.keys()) {
      audit.progress('enclosing the features', i, task.features.length);
      steps.push(proveTokens(network, design, i));
      const feature = proveFeatureNet(network, { from: `tokens${i + 1}`, to: featureNode(i) }, task, i, {
        delta: design.delta,
        deadline,
      });
      steps.push(...feature.steps);
      if (!feature.bounds) return open();
      const least = proveMinimum(network, design, i, feature.bounds);
      steps.push(...least.steps);
      if (!least.error) return open();
      features.push(feature.bounds);
      errors.push(least.error);
    }
    const names = new Map(readoutNames(task.features.length).map((name, i) => [minimumNode(i), name]));
    const beyond = errors.reduce(
      (most, { above, below }, i) => most.max(below.sub(features[i].below)).max(above.sub(features[i].above)),
      Rational.zero,
    );
    const readout = proveReadout(network, [...names.keys()], (tensor) => names.get(tensor)!, task, features, {
      deadline,
      beyond,
    });
    steps.push(...readout.steps);
    if (!readout.bounds || steps.some(({ verdict }) => verdict !== 'proved')) return open();
    const hi = compose(errors, readout.bounds);
    const minima = task.features.map((_, i) => `minimum${i + 1}`);
    steps.push({
      id: 'composition',
      rule: 'lipschitz-composition',
      statement: 'eps_0 + the smaller of L_0 max_i e_i and sum_i L_i e_i',
      verdict: 'proved',
      enclosure: { lo: null, hi },
      ...compositionEvidence(
        network,
        task,
        task.features.map((_, i) => [network.find(minimumNode(i))!, 0]),
        minima,
      ),
    });
    audit.progress('verifying a witness');
    const witness = retrievalWitness(
      network,
      task,
      features,
      task.features.map(() => Rational.zero),
    );
    const enclosure = { lo: witness.error, hi };
    const ratio = witness.error.sign() > 0 ? toDecimal(hi.div(witness.error), 3, 'up') : 'unbounded';
    return {
      verdict: atMost(enclosure, bound),
      predicted: bound,
      enclosure,
      witness: { x: compress(witness.x, task.d), error: witness.error.toString() },
      steps,
      conclusion: () => retrievalConclusion(network, task, bound),
      method,
      facts: [
        `proved bound over verified witness: ${ratio}`,
        `pieces ${design.pieces.join(', ')}; minimum by ${design.minimum}`,
      ],
    };
  },
};

/** The tokens that net i reads are those of S_i. */
function proveTokens(network: Network, { task: { d, positions } }: TaskDesign, i: number): Step {
  const S = positions[i];
  const stated: StatedTensor = {
    size: S.length * d,
    entry: (index, input) => input('x', S[Math.floor(index / d)] * d + (index % d)),
  };
  const statement = `net ${i + 1} reads x^t for t in S_${i + 1}`;
  return proveAffineIdentity(network, `tokens${i + 1}`, stated, `tokens${i + 1}`, statement);
}

/** e_i: the error of the net's minimum against z_i. */
function proveMinimum(
  network: Network,
  design: TaskDesign,
  i: number,
  { least, most, above, below }: FeatureBounds,
): { steps: readonly Step[]; error: SignedError | null } {
  const [column, minimum] = [network.find(featureNode(i))!, network.find(minimumNode(i))];
  if (!minimum) {
    const difference = `the network has no tensor named '${minimumNode(i)}'`;
    const statement = 'the minimum of the values';
    return {
      steps: [
        {
          id: `minimum${i + 1}`,
          rule: 'comparison-tree',
          statement,
          verdict: 'undecided',
          enclosure: null,
          difference,
        },
      ],
      error: null,
    };
  }
  const part = between([column], [minimum]);
  const values = layerValues(network, { from: `tokens${i + 1}`, to: featureNode(i) }, design.task, i);
  if (design.minimum === 'tree') {
    const step = proveComparisonTree(column, minimum, `minimum${i + 1}`);
    const evidence = treeEvidence(network, i, values, minimum);
    const isTree = step.verdict === 'proved';
    return { steps: [isTree ? { ...step, ...evidence } : step], error: isTree ? { above, below } : null };
  }
  const range = {
    id: `range${i + 1}`,
    rule: 'sup-norm',
    statement: `Psi${i + 1} has values in [0, 1]`,
    enclosure: { lo: least, hi: most },
  };
  if (least.sign() < 0 || Rational.one.lt(most)) return { steps: [{ ...range, verdict: 'undecided' }], error: null };
  const { steps, gap } = proveMonotoneMinimum(part, part.outputs[0].name);
  const evidence = gap && thresholdEvidence(network, i, values, minimum, gap.sum);
  const all: Step[] = [
    { ...range, verdict: 'proved' },
    ...steps.slice(0, -1).map((step) => ({ ...step, id: `minimum${i + 1}.${step.id}` })),
    { ...steps[steps.length - 1], id: `minimum${i + 1}`, ...evidence },
  ];
  return { steps: all, error: gap && { above: above.sub(gap.range.lo), below: below.add(gap.range.hi) } };
}

const embedding: TaskClaim = {
  ...embeddingStatement,
  prove: ({ network, design: { task } }) => findingOf(proveEmbedding(network, task.T * task.d), 'affine forms'),
};

const parameterCount: TaskClaim = parameterClaim(
  {
    statement: '3 T d + 3 U + D + minima + readout',
    tex: '3Td + 3 \\sum_i d N_i + D + M_{\\min} + M_{F_0}',
  },
  (_, design) => Rational.of(taskParameters(design)),
);

const SAMPLES = 64;
const SAMPLE_BITS = 8;

const execution: TaskClaim = executionClaim('y', samplesOf, (audit) => {
  const { network, params } = audit;
  const { eps } = params;
  if (!eps) return (finding) => finding;
  const deviationOf = memoised((departure) => networkDeviation(network, departure));
  return (finding) => withPrecision(finding, audit, eps, deviationOf);
});

function samplesOf({
  network,
  design: { task },
  seed,
}: Audit<{ readonly eps: Rational | undefined }, TaskDesign>): readonly Expectation[] {
  const { T, d } = task;
  const random = lehmer(seed);
  const value = compile(network, exact);
  return Array.from({ length: SAMPLES }, () => {
    const x = Array.from({ length: T * d }, () => dyadicFraction(random, SAMPLE_BITS));
    const inputs = { x: new Tensor([T, d], x) };
    return { inputs, expected: value(inputs).y.dense(Rational.zero)[0] };
  });
}

/** Claims about an approximated task. */
export const TASK_CLAIMS: readonly TaskClaim[] = [embedding, taskError, parameterCount, execution];
