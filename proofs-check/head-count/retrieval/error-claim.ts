import { describeNet } from '../../../constructions/function-net.js';
import type { RetrievalDesign } from '../../../constructions/multi-head.js';
import { type Network, type ProvedClaim, proveRetrieval, Rational, summarise, toDecimal } from '../../../src/index.js';
import { type FeatureBounds, limitsOf } from './features.js';
import { headHints } from './hints.js';
import { concluded, UNIFORM_BOUND } from './uniform-bound.js';

/** Proved bounds of the features of audited networks, for the claim that comes after. */
export const featureBounds = new WeakMap<Network, readonly Pick<FeatureBounds, 'least' | 'most'>[]>();

export const errorClaim: ProvedClaim<{ readonly eps: Rational }, RetrievalDesign> = {
  ...UNIFORM_BOUND,
  limit: ({ params }) => params.eps,
  prove: ({ network, design, deadline, progress }) => {
    const limits = { ...limitsOf(design, deadline), progress };
    const found = proveRetrieval(network, design.task, headHints(design), limits);
    const { features, hi } = found;
    if (features)
      featureBounds.set(
        network,
        features.map(({ bounds }) => bounds),
      );
    const saved = hi === null ? [] : savings(design, summarise(network));
    return concluded(network, design.task, found, { progress, notes: [...saved, ...descriptions(design)] });
  },
};

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
