import { readoutNames } from '../../../constructions/retrieval-task.js';
import { featureNode, minimumNode, type TaskDesign, taskParameters } from '../../../constructions/single-head-task.js';
import { CLASS_TOKEN } from '../../../constructions/uniform-head.js';
import {
  atMost,
  between,
  type Claim,
  compile,
  dyadicFraction,
  exact,
  type Finding,
  lehmer,
  type Network,
  proveAffineIdentity,
  proveComparisonTree,
  proveCount,
  proveMonotoneMinimum,
  Rational,
  runSamples,
  type StatedTensor,
  type Step,
  Tensor,
  toDecimal,
} from '../../../src/index.js';
import { type FeatureBounds, proveFeatureNet } from './features.js';
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
  const [values, minimum] = [network.find(featureNode(i))!, network.find(minimumNode(i))];
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
  const part = between([values], [minimum]);
  if (design.minimum === 'tree') {
    const step = proveComparisonTree(values, minimum, `minimum${i + 1}`);
    return { steps: [step], error: step.verdict === 'proved' ? { above, below } : null };
  }
  const range = {
    id: `range${i + 1}`,
    rule: 'sup-norm',
    statement: `Psi${i + 1} has values in [0, 1]`,
    enclosure: { lo: least, hi: most },
  };
  if (least.sign() < 0 || Rational.one.lt(most)) return { steps: [{ ...range, verdict: 'undecided' }], error: null };
  const { steps, gap } = proveMonotoneMinimum(part, part.outputs[0].name);
  const all: Step[] = [
    { ...range, verdict: 'proved' },
    ...steps.map((step) => ({ ...step, id: `minimum${i + 1}.${step.id}` })),
  ];
  return { steps: all, error: gap && { above: above.sub(gap.range.lo), below: below.add(gap.range.hi) } };
}

const embedding: TaskClaim = {
  id: 'embedding',
  kind: 'identity',
  statement: 'the class token holds (x^1, ..., x^T) exactly',
  tex: 'c_0 + W_O \\sum_t p_t W_V P(x^t, t) = (x^1, \\dots, x^T)',
  trust: 'proved',
  prove: ({ network, design: { task } }) => {
    const statement = `entry k of '${CLASS_TOKEN}' is entry k of x`;
    const stated: StatedTensor = { size: task.T * task.d, entry: (index, input) => input('x', index) };
    const step = proveAffineIdentity(network, CLASS_TOKEN, stated, 'class-token', statement);
    return {
      verdict: step.verdict,
      predicted: null,
      enclosure: null,
      witness: null,
      steps: [step],
      method: 'affine forms',
    };
  },
};

const parameterCount: TaskClaim = {
  id: 'parameters',
  kind: 'quantity',
  statement: 'the count of parameters',
  tex: 'M = 3Td + 3 \\sum_i d N_i + D + \\ldots',
  trust: 'proved',
  prove: ({ network, design, stated }) => {
    const step = proveCount(
      network,
      Rational.of(taskParameters(design)),
      'count',
      'head + 3 per unit + minima + readout',
    );
    const verdict = stated === undefined ? step.verdict : atMost(step.enclosure!, stated);
    return {
      verdict,
      predicted: stated ?? step.enclosure!.hi,
      enclosure: step.enclosure,
      witness: null,
      steps: [step],
      method: 'exact count',
    };
  },
};

const SAMPLES = 64;
const SAMPLE_BITS = 8;

const execution: TaskClaim = {
  id: 'execution',
  kind: 'execution',
  statement: 'onnxruntime computes y within the bound computed for the format',
  tex: '|\\mathrm{fl}(y(X)) - y(X)| \\le \\varepsilon_{\\mathrm{fl}}',
  trust: 'proved',
  prove: async (audit) => {
    const { T, d } = audit.design.task;
    const random = lehmer(audit.seed);
    const value = compile(audit.network, exact);
    const samples = Array.from({ length: SAMPLES }, () => {
      const x = Array.from({ length: T * d }, () => dyadicFraction(random, SAMPLE_BITS));
      const inputs = { x: new Tensor([T, d], x) };
      return { inputs, expected: value(inputs).y.dense(Rational.zero)[0] };
    });
    const findings: Finding[] = [];
    for (const target of audit.execution) findings.push(await runSamples(audit.network, 'y', samples, target, audit));
    return findings;
  },
};

/** Claims about an approximated task. */
export const TASK_CLAIMS: readonly TaskClaim[] = [embedding, taskError, parameterCount, execution];
