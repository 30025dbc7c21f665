import { isOp, type Network, type Node } from '../../network/network.js';
import { summarise } from '../../network/summary.js';
import { Rational } from '../../numbers/rational.js';
import type { Conclusion, EntryCount } from '../conclusion.js';
import { type Fact, mint } from '../fact.js';
import { type Sentence, sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { type Enclosure, point } from '../verdict.js';

/** The number of parameters of the built network, counted entry by entry, and other sizes that are read off it. */
export const counting: Rule = { id: 'counting', tex: '\\#\\{\\text{parameters}\\} = n' };

/** How a size is called in statements. */
export const SIZES = {
  parameters: 'parameters',
  weight: 'max|w|',
  units: 'units',
  depth: 'depth',
} as const;
export type Size = keyof typeof SIZES;

/** `parameters = 3129`, `depth <= ?`. */
export function sizeSentence(size: Size, relation: '=' | '<=', bound: Rational | null): Sentence {
  return sentence(`${SIZES[size]} ${relation} ${bound ?? '?'}`);
}

/** What a size of the network is, exactly. */
export function proveSize(network: Network, size: Size): Fact<Rational> {
  const summary = summarise(network);
  const value = {
    parameters: () => Rational.of(summary.parameters),
    weight: () => summary.maxAbsWeight,
    units: () => Rational.of(summary.units),
    depth: () => Rational.of(summary.depth),
  }[size]();
  const conclude = (claimed: Enclosure) => CONCLUSIONS[size](network, value, claimed);
  const isCheckable = size !== 'parameters' || storesNoZeros(network);
  return mint({
    ...{ rule: RULES[size], id: size, network, domain: null, found: value },
    says: sizeSentence(size, '=', value),
    enclosure: point(value),
    ...(isCheckable && {
      evidence: (_: Network, claimed: Enclosure) => {
        const { kind: _kind, ...fields } = conclude(claimed);
        return fields;
      },
      conclusion: conclude,
    }),
  });
}

/** The rules by the names that certificates know them by. */
const RULES: Readonly<Record<Size, Rule>> = {
  parameters: counting,
  weight: { ...counting, id: 'weight' },
  units: { ...counting, id: 'size' },
  depth: { ...counting, id: 'size' },
};

type Conclude = (network: Network, value: Rational, claimed: Enclosure) => Conclusion;

const CONCLUSIONS: Readonly<Record<Size, Conclude>> = {
  parameters: (network, value) => entryCount(network, value),
  weight: (network, value, { hi }) => ({ kind: 'weight', constants: weightsOf(network), bound: `${hi ?? value}` }),
  units: (_, value, { hi }) => ({ kind: 'size', quantity: 'units', bound: `${hi ?? value}` }),
  depth: (_, value, { hi }) => ({ kind: 'size', quantity: 'depth', bound: `${hi ?? value}` }),
};

/** The numbers of the nodes that hold weights. */
function weightsOf({ nodes }: Network): number[] {
  return nodes.flatMap((node, k) => (isWeight(node) ? [k] : []));
}

/** Weights stored in full, and those stored by their support. */
function entryCount(network: Network, count: Rational): EntryCount {
  const stored = (isSparse: boolean) =>
    network.nodes.flatMap((node, k) =>
      isWeight(node) && (node.attributes.value.support !== null) === isSparse ? [k] : [],
    );
  return { kind: 'parameters', dense: stored(false), sparse: stored(true), count: count.toString() };
}

/** The canonical form does not tell a stored zero of a sparse tensor from the others. */
function storesNoZeros(network: Network): boolean {
  return network.nodes.every((node) => {
    if (!isWeight(node)) return true;
    const { support, data } = node.attributes.value;
    return support === null || data.every((entry) => !entry.isZero());
  });
}

function isWeight(node: Node): node is Node<'constant'> {
  return isOp(node, 'constant') && node.attributes.role === 'weight';
}
