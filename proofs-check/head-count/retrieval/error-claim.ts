import { describeNet } from '../../../constructions/function-net.js';
import { FEATURES, netName, RETRIEVED, type RetrievalDesign } from '../../../constructions/multi-head.js';
import { readoutNames } from '../../../constructions/retrieval-task.js';
import { type Claim, type Network, Rational, readHeads, type Step, summarise, toDecimal } from '../../../src/index.js';
import { isCheckable, retrievalConclusion } from './certify.js';
import { columnValues, type FeatureBounds, type FeatureLayer, proveFeatures } from './features.js';
import { boundHeads } from './heads.js';
import { proveReadout } from './readout.js';
import { composed, concluded, shares, UNIFORM_BOUND } from './uniform-bound.js';
import { anyWitness, retrievalWitness } from './witness.js';

/** Proved bounds of the features of audited networks, for the claim that comes after. */
export const featureBounds = new WeakMap<Network, readonly FeatureBounds[]>();

/** The tensors that the proof refers to. */
export const TENSORS = { features: FEATURES, retrieved: RETRIEVED } as const;

export const errorClaim: Claim<{ readonly eps: Rational }, RetrievalDesign> = {
  ...UNIFORM_BOUND,
  prove: (audit) => {
    const { network, design, params, deadline } = audit;
    const { task } = design;
    const bound = audit.stated ?? params.eps;
    audit.progress('enclosing the features');
    const features = proveFeatures(network, featureLayer(network, design), task, { delta: design.delta, deadline });
    const steps: Step[] = [...features.steps];
    const open = () => {
      const witness = features.bounds && anyWitness(network, task, features.bounds);
      return concluded(task, bound, steps, { hi: null, witness, conclusion: undefined, facts: descriptions(design) });
    };
    if (!features.bounds) return open();
    featureBounds.set(network, features.bounds);
    audit.progress('reading the heads');
    const { step, heads } = readHeads(network, FEATURES, RETRIEVED);
    steps.push(step);
    if (!heads) return open();
    const retrieval = boundHeads(network, TENSORS, task, heads, features.bounds);
    steps.push(...retrieval.steps);
    if (!retrieval.errors) return open();
    const names = readoutNames(task.features.length);
    const place = { retrieved: [RETRIEVED], nameOf: (_: string, k: number) => names[k], net: design.readoutNet };
    const readout = proveReadout(network, place, task, features.bounds, { deadline });
    steps.push(...readout.steps);
    if (!readout.bounds) return open();
    const last = composed(network, task, {
      errors: retrieval.errors,
      places: task.features.map((_, i) => [network.find(RETRIEVED)!, i] as const),
      premises: task.features.map((_, i) => `head${i + 1}`),
      readout: readout.bounds,
      net: design.readoutNet,
    });
    steps.push(last.step);
    audit.progress('verifying a witness');
    const witness = retrievalWitness(network, task, features.bounds, {
      beta: heads.map(({ beta }) => beta),
      output: readout.bounds.output,
    });
    return concluded(task, bound, steps, {
      hi: last.hi,
      witness,
      conclusion: isCheckable([...design.nets, ...(design.readoutNet ? [design.readoutNet] : [])])
        ? () => retrievalConclusion(network, task, bound)
        : undefined,
      facts: [
        shares(retrieval.errors, features.bounds, readout.bounds),
        ...savings(design, summarise(network)),
        ...descriptions(design),
      ],
    });
  },
};

/** Where the nets of the features stand. */
export function featureLayer(network: Network, { nets }: RetrievalDesign): FeatureLayer {
  return {
    from: network.inputs[0]?.name ?? 'x',
    to: FEATURES,
    nets: nets.map((net, feature) => ({ feature, name: netName(feature), net })),
    values: (of, i) => columnValues(of.inputs[0], of.find(FEATURES)!, i),
  };
}

function descriptions({ beta, R, h, nets, readoutNet, task }: RetrievalDesign): string[] {
  const heads = h < task.features.length ? `, ${h} heads for ${task.features.length} features` : '';
  return [
    `beta = ${toDecimal(beta, 6, 'nearest')}, R = ${toDecimal(R, 6, 'nearest')}${heads}`,
    `features: ${nets.map(describeNet).join('; ')}`,
    ...(readoutNet ? [`readout: ${describeNet(readoutNet)}`] : []),
  ];
}

/** What a split of eps saves against the theorem's prescription. */
function savings(
  { prescribed }: RetrievalDesign,
  { parameters, maxAbsWeight }: ReturnType<typeof summarise>,
): string[] {
  if (!prescribed) return [];
  const count = toDecimal(Rational.of(prescribed.parameters, parameters), 3, 'nearest');
  const size = toDecimal(prescribed.weight.div(maxAbsWeight), 3, 'nearest');
  return [`against the prescription: parameters divided by ${count}, largest weight by ${size}`];
}
