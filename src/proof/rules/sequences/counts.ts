import { isOp, type Network } from '../../../network/network.js';
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
  const constants = network.nodes.flatMap((node) => (isOp(node, 'constant') ? [node.attributes] : []));
  const valuesOf = (role: string) => constants.flatMap((one) => (one.role === role ? [one.value] : []));
  const weights = valuesOf('weight').flatMap(({ data }) => data.filter((entry) => !entry.isZero()).map(String));
  const structural = valuesOf('structure').reduce((total, { shape }) => total + sizeOf(shape), 0);
  const found = Rational.of(count === 'distinct' ? new Set(weights).size : structural);
  const enclosure = { lo: found, hi: found };
  return mint({
    rule: numberCount,
    id: count,
    network,
    domain: null,
    says: countSentence(count, found),
    enclosure,
    found,
  });
}
