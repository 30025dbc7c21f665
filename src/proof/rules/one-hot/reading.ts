import { isOp, type Network, type Node } from '../../../network/network.js';
import type { OpName } from '../../../network/operations.js';
import type { ExactTensor } from '../../../network/tensor.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { Rational } from '../../../numbers/rational.js';
import { attempt, demand, Mismatch } from '../../derivation.js';
import { certified, mint, type Outcome, type Shown } from '../../fact.js';
import type { Proposition } from '../../proposition.js';

/** The arguments of a node of that operation, a matrix. Throws Mismatch for another node: axes mean rows and columns here. */
export function argumentsOf(node: Node, op: OpName): readonly Node[] {
  if (node.op !== op) throw new Mismatch(`'${node.name}' is ${node.op} and not ${op}`);
  demand(node.shape.length === 2, `'${node.name}' has ${node.shape.length} axes, not those of a matrix`);
  return node.inputs;
}

/** The entries of a constant. Throws Mismatch for another node. */
export function constantOf(node: Node): ExactTensor {
  if (isOp(node, 'constant')) return node.attributes.value;
  throw new Mismatch(`'${node.name}' is ${node.op} and not constant`);
}

/** The number that all entries of a constant are. Throws Mismatch where there is none. */
export function numberOf(node: Node): Rational {
  const [first, ...others] = constantOf(node).dense(Rational.zero);
  if (others.every((entry) => entry.equals(first))) return first;
  throw new Mismatch(`the entries of '${node.name}' differ`);
}

/** What was read, as a fact that a checker reads again from the conclusion alone; open where something is not as it has to be. */
export function recognised<F>(
  { rule, id, network, statement }: Pick<Shown<F>, 'rule' | 'id'> & { network: Network; statement: string },
  read: () => Pick<Shown<F>, 'says' | 'found'> & { readonly conclusion: Proposition },
): Outcome<F> {
  return attempt({ rule, id, statement }, () => {
    const { conclusion, ...shown } = read();
    return mint({ rule, id, network, domain: null, ...shown, ...certified(() => conclusion) });
  });
}

const A = ballIntervals(128);

/** An upper bound of count*exp(-gap). */
export function decayed(count: number, gap: Rational): Rational {
  return A.upper(A.mul(A.of(Rational.of(count)), A.exp(A.of(gap.neg()))))!;
}
