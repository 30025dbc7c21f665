import { isOp, type Network, type Node } from '../../network/network.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { certified, type Fact, mint } from '../fact.js';
import type { Proposition } from '../proposition.js';
import type { EntryCount } from '../propositions/size.js';
import { SIZES, type Size, valueOfSize } from '../question/size.js';
import { exactly, type Sentence, sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { type Enclosure, point } from '../verdict.js';

/** The number of parameters of the built network, counted entry by entry, and other sizes that are read off it. */
const counting: Rule = { id: 'counting', tex: '\\#\\{\\text{parameters}\\} = n' };

/** `parameters = 3129`, `depth <= ?`. */
export function sizeSentence(size: Size, relation: '=' | '<=', bound: Rational | null): Sentence {
  return sentence(`${SIZES[size]} ${relation} ${bound ?? '?'}`);
}

/** What a size of the network is, exactly. */
export function proveSize(network: Network, size: Size): Fact<Rational> {
  const { rule, conclude } = KNOWN[size];
  const value = valueOfSize(network, size);
  const isCheckable = size !== 'parameters' || storesNoZeros(network);
  return mint({
    ...{ rule: { ...counting, id: rule }, id: size, network, domain: null, found: value },
    says: sizeSentence(size, '=', value),
    enclosure: point(value),
    withheld: 'not put before the checker: certificates do not show the zeros that sparse constants store',
    ...(isCheckable && certified((claimed) => conclude(network, value, claimed))),
  });
}

interface Known {
  /** The rule by the name that certificates know it by. */
  readonly rule: string;
  readonly conclude: (network: Network, value: Rational, claimed: Enclosure) => Proposition;
}

/** A number that the checker reads off the network, too, and holds against a bound. */
const read = (quantity: 'units' | 'depth' | 'width'): Known => ({
  rule: 'size',
  conclude: (_, value, claimed) => ({ kind: 'size', quantity, ...heldAgainst(value, claimed) }),
});

/** The claimed ends that a number keeps to, and the number itself in the place of one that it does not. */
function heldAgainst(value: Rational, { lo, hi }: Enclosure): { readonly bound?: string; readonly least?: string } {
  const [isBelow, isAbove] = [lo !== null && value.lt(lo), hi?.lt(value)];
  if (isBelow || isAbove) return isBelow ? { bound: `${value}` } : { least: `${value}` };
  const isBounded = hi !== null || lo === null;
  return { ...(isBounded && { bound: `${hi ?? value}` }), ...(lo && { least: `${lo}` }) };
}

const KNOWN: Readonly<Record<Size, Known>> = {
  parameters: {
    rule: 'counting',
    conclude: (network, value) => entryCount(network, value),
  },
  nonzero: {
    rule: 'counting',
    conclude: (network, value) => ({ kind: 'parameters', dense: [], sparse: weightsOf(network), count: `${value}` }),
  },
  weight: {
    rule: 'weight',
    conclude: (network, value, claimed) => ({
      ...{ kind: 'weight', constants: weightsOf(network) },
      ...heldAgainst(value, claimed),
    }),
  },
  units: read('units'),
  depth: read('depth'),
  width: read('width'),
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

/** Numbers of a network, counted in the ways that people dispute. */
const numberCount: Rule = { id: 'number-count', tex: '\\#\\{w\\}' };

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
export function proveCount(network: Network, count: Count): Fact<Rational> {
  const weights = network.nodes.filter(isWeight).flatMap(({ attributes }) => attributes.value.data);
  const structure = network.nodes.flatMap((node) =>
    isOp(node, 'constant') && node.attributes.role === 'structure' ? [sizeOf(node.attributes.value.shape)] : [],
  );
  const distinct = new Set(weights.filter((entry) => !entry.isZero()).map(String)).size;
  const found = Rational.of(count === 'distinct' ? distinct : structure.reduce((a, b) => a + b, 0));
  const base = { rule: numberCount, id: count, network, domain: null, found };
  return mint({ ...base, says: countSentence(count, found), enclosure: point(found) });
}
