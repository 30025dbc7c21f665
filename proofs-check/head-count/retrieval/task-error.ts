import { describeNet } from '../../../constructions/function-net.js';
import { readoutNames } from '../../../constructions/retrieval-task.js';
import { featureNode, minimumNode, netNode, type TaskDesign } from '../../../constructions/single-head-task.js';
import {
  type Claim,
  type Network,
  proveAffineIdentity,
  proveComparisonTree,
  proveMonotoneMinimum,
  Rational,
  type StatedTensor,
  type Step,
  stepOf,
} from '../../../src/index.js';
import { isCheckable, retrievalConclusion, thresholdEvidence, treeEvidence } from './certify.js';
import { type FeatureBounds, layerValues, proveFeatures } from './features.js';
import { proveReadout, type SignedError } from './readout.js';
import { composed, concluded, shares, UNIFORM_BOUND } from './uniform-bound.js';
import { retrievalWitness } from './witness.js';

/** The uniform bound of a retrieval task with one uniform head. */
export const taskError: Claim<{ readonly eps: Rational | undefined }, TaskDesign> = {
  ...UNIFORM_BOUND,
  prove: (audit) => {
    const { network, design, deadline } = audit;
    const { task } = design;
    const bound = audit.stated ?? audit.params.eps!;
    const steps: Step[] = [];
    const open = () => concluded(task, bound, steps, { hi: null, witness: null, conclusion: undefined, facts: [] });
    const features: FeatureBounds[] = [];
    const errors: SignedError[] = [];
    for (const i of task.features.keys()) {
      audit.progress('enclosing the features', i, task.features.length);
      steps.push(proveTokens(network, design, i));
      const place = { from: `tokens${i + 1}`, to: featureNode(i) };
      const layer = {
        ...place,
        nets: [{ feature: i, name: netNode(i), net: design.nets[i] }],
        values: (of: Network) => layerValues(of, place, task, i),
      };
      const feature = proveFeatures(network, layer, task, { delta: design.delta, deadline });
      steps.push(...feature.steps);
      if (!feature.bounds) return open();
      const least = proveMinimum(network, design, i, feature.bounds[0]);
      steps.push(...least.steps);
      if (!least.error) return open();
      features.push(feature.bounds[0]);
      errors.push(least.error);
    }
    const names = new Map(readoutNames(task.features.length).map((name, i) => [minimumNode(i), name]));
    const beyond = errors.reduce(
      (most, { above, below }, i) => most.max(below.sub(features[i].below)).max(above.sub(features[i].above)),
      Rational.zero,
    );
    const place = { retrieved: [...names.keys()], nameOf: (tensor: string) => names.get(tensor)!, net: null };
    const readout = proveReadout(network, place, task, features, { deadline, beyond });
    steps.push(...readout.steps);
    if (!readout.bounds || steps.some(({ verdict }) => verdict !== 'proved')) return open();
    const last = composed(network, task, {
      errors,
      places: task.features.map((_, i) => [network.find(minimumNode(i))!, 0] as const),
      premises: task.features.map((_, i) => `minimum${i + 1}`),
      readout: readout.bounds,
      net: null,
    });
    steps.push(last.step);
    audit.progress('verifying a witness');
    const witness = retrievalWitness(network, task, features, { beta: null, output: readout.bounds.output });
    return concluded(task, bound, steps, {
      hi: last.hi,
      witness,
      conclusion: isCheckable(design.nets) ? () => retrievalConclusion(network, task, bound) : undefined,
      facts: [
        shares(errors, features, readout.bounds),
        `minimum by ${design.minimum}; features: ${design.nets.map(describeNet).join('; ')}`,
      ],
    });
  },
};

/** The tokens that net i reads are those of S_i. */
function proveTokens(network: Network, { task: { d, positions } }: TaskDesign, i: number): Step {
  const S = positions[i];
  const stated: StatedTensor = {
    shape: [S.length, d],
    entry: (index, input) => input('x', S[Math.floor(index / d)] * d + (index % d)),
  };
  const statement = `net ${i + 1} reads x^t for t in S_${i + 1}`;
  return stepOf(proveAffineIdentity(network, `tokens${i + 1}`, stated, { id: `tokens${i + 1}`, statement }));
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
  const values = layerValues(network, { from: `tokens${i + 1}`, to: featureNode(i) }, design.task, i);
  if (design.minimum === 'tree') {
    const step = stepOf(proveComparisonTree(network, column, minimum, `minimum${i + 1}`));
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
  const { outcomes, fact } = proveMonotoneMinimum(network, column, minimum);
  const [steps, gap] = [outcomes.map(stepOf), fact?.found ?? null];
  const evidence = gap && thresholdEvidence(network, i, values, minimum, gap.sum);
  const all: Step[] = [
    { ...range, verdict: 'proved' },
    ...steps.slice(0, -1).map((step) => ({ ...step, id: `minimum${i + 1}.${step.id}` })),
    { ...steps[steps.length - 1], id: `minimum${i + 1}`, ...evidence },
  ];
  return { steps: all, error: gap && { above: above.sub(gap.range.lo), below: below.add(gap.range.hi) } };
}
