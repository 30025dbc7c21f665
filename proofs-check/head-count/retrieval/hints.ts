/** Where the parts of the built networks stand, for the rules that read them off the weights. */
import { partTensor } from '../../../constructions/composed-net.js';
import type { FunctionNet } from '../../../constructions/function-net.js';
import {
  FEATURES,
  netName,
  READOUT,
  READOUT_ROW,
  RETRIEVED,
  type RetrievalDesign,
} from '../../../constructions/multi-head.js';
import { featureNode, minimumNode, netNode, type TaskDesign } from '../../../constructions/single-head-task.js';
import type { NetHint, RetrievalHints } from '../../../src/index.js';

/** The tensors that the proof about heads refers to. */
export const TENSORS = { features: FEATURES, retrieved: RETRIEVED } as const;

export function headHints({ nets, readoutNet }: RetrievalDesign): RetrievalHints {
  return {
    nets: nets.map((net, i) => netHint(net, netName(i))),
    minima: { kind: 'heads', ...TENSORS },
    readout: readoutNet && { ...netHint(readoutNet, READOUT), row: READOUT_ROW },
  };
}

export function taskHints({ nets, minimum }: TaskDesign): RetrievalHints {
  return {
    nets: nets.map((net, i) => netHint(net, netNode(i))),
    minima: {
      ...{ kind: 'nets', by: minimum },
      names: nets.map((_, i) => ({ tokens: `tokens${i + 1}`, values: featureNode(i), minimum: minimumNode(i) })),
    },
    readout: null,
  };
}

function netHint(net: FunctionNet, name: string): NetHint {
  if (net.kind !== 'composed') return { name, kind: net.kind };
  const { parts } = net.plan;
  return { name, kind: 'composed', parts, tensors: parts.map((_, k) => partTensor(name, k, parts.length)) };
}
