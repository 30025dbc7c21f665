import { describeNet } from '../../../constructions/function-net.js';
import type { RetrievalDesign } from '../../../constructions/multi-head.js';
import {
  type Audit,
  type ProvedClaim,
  proveRetrieval,
  Rational,
  type Retrieval,
  summarise,
  toDecimal,
} from '../../../src/index.js';
import { headHints } from './hints.js';
import { concluded, UNIFORM_BOUND } from './uniform-bound.js';
import { limitsOf } from './worst-points.js';

/** What the rules make of the network: the claim about the error and the executions build on it. */
export function examineRetrieval({ network, design, deadline, progress }: Audit<unknown, RetrievalDesign>): Retrieval {
  return proveRetrieval(network, design.task, headHints(design), { ...limitsOf(design, deadline), progress });
}

export const errorClaim: ProvedClaim<{ readonly eps: Rational }, RetrievalDesign, Retrieval> = {
  ...UNIFORM_BOUND,
  limit: ({ params }) => params.eps,
  prove: ({ network, design, progress, examined }) => {
    const saved = examined.hi === null ? [] : savings(design, summarise(network));
    return concluded(network, design.task, examined, { progress, notes: [...saved, ...descriptions(design)] });
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
