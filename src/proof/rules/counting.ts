import { isOp, type Network, type Node } from '../../network/network.js';
import { summarise } from '../../network/summary.js';
import { Rational } from '../../numbers/rational.js';
import type { EntryCount } from '../conclusion.js';
import type { Rule, Step } from '../step.js';
import { point } from '../verdict.js';

/** The number of parameters of the built network, counted entry by entry, against a stated formula or bound. */
export const counting: Rule = { id: 'counting', tex: '\\#\\{\\text{parameters}\\} = n' };

/** Proves that the network has exactly `formula` parameters, or refutes it by the count. */
export function proveCount(network: Network, formula: Rational, id: string, statement: string): Step {
  const enclosure = point(Rational.of(summarise(network).parameters));
  const base = { id, rule: counting.id, statement, enclosure };
  if (!enclosure.lo!.equals(formula)) return { ...base, verdict: 'refuted' };
  const conclusion = () => entryCount(network, formula);
  const data = (audited: Network) => {
    const { kind: _, ...fields } = conclusion();
    return audited === network ? fields : null;
  };
  return { ...base, verdict: 'proved', ...(storesNoZeros(network) && { data, conclusion }) };
}

/** The numbers of the nodes that hold weights. */
export function weightsOf({ nodes }: Network): number[] {
  return nodes.flatMap((node, k) => (isWeight(node) ? [k] : []));
}

/** Weights stored in full, and those stored by their support. */
function entryCount(network: Network, formula: Rational): EntryCount {
  const stored = (isSparse: boolean) =>
    network.nodes.flatMap((node, k) =>
      isWeight(node) && (node.attributes.value.support !== null) === isSparse ? [k] : [],
    );
  return { kind: 'parameters', dense: stored(false), sparse: stored(true), count: formula.toString() };
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
