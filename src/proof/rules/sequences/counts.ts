import { isOp, type Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { sizeOf } from '../../../network/tensor.js';
import { Rational } from '../../../numbers/rational.js';
import { mint, type Outcome } from '../../fact.js';
import { exactly, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';

/** Numbers of a network, counted in the ways that people dispute. */
export const numberCount: Rule = { id: 'number-count', tex: '\\#\\{w\\}' };

const COUNTS = {
  distinct: 'different numbers other than 0 among the weights',
  structural: 'numbers of constants that are structure, such as codes of positions and masks, no weights',
} as const;
export type Count = keyof typeof COUNTS;

export function countSentence(count: Count, value: Rational | null): Sentence {
  const about = special(`the number of ${COUNTS[count]}`, { asked: true });
  return value ? exactly(about, value) : about;
}

/** Counts the numbers of a network. */
export function proveCount(network: Network, count: Count): Outcome<Rational> {
  const found = Rational.of(count === 'distinct' ? distinctWeights(network) : structuralNumbers(network));
  const says = countSentence(count, found);
  return mint({
    rule: numberCount,
    id: count,
    network,
    domain: null,
    says,
    enclosure: { lo: found, hi: found },
    found,
  });
}

function distinctWeights({ nodes }: Network): number {
  const met = new Set<string>();
  for (const node of nodes) {
    if (!isOp(node, 'constant') || node.attributes.role !== 'weight') continue;
    for (const entry of node.attributes.value.data) if (!entry.isZero()) met.add(entry.toString());
  }
  return met.size;
}

function structuralNumbers({ nodes }: Network): number {
  return nodes.reduce(
    (total, node) =>
      total + (isOp(node, 'constant') && node.attributes.role === 'structure' ? sizeOf(sizes(node.shape)) : 0),
    0,
  );
}
