/**
 * Tokens that are all equal stay equal. The rows of a tensor [n, ...] are the same when they come
 *   - from a constant whose rows are the same, or a product A B with such a left factor A;
 *   - from a product P V of a stochastic matrix P (softmax along its last axis, or a nonnegative matrix divided by its row sums) and a V
 *     with equal rows v: row i is sum_j P_ij v = v, whatever the logits, the bias and the mask are;
 *   - entry by entry, from tensors with equal rows or without rows.
 * By induction over the layers, for every depth, width and number of heads. All entries of a column of the output being one
 * number u, its distance max_i |u - f_i| from targets f_i is at least (max f - min f)/2.
 */
import { isOp, type Network, type Node } from '../../../network/network.js';
import type { OpName } from '../../../network/operations.js';
import { Rational } from '../../../numbers/rational.js';
import type { Rule } from '../../step.js';
import { asksFor, type Lemma, lengthsOf, onlyNetwork, pointOf, shown } from './pattern.js';
import { isStochastic } from './stochastic.js';

export const equalTokens: Rule = {
  id: 'equal-tokens',
  tex: 'A 1 = 1 \\Rightarrow x_1 = \\dots = x_n \\mapsto y_1 = \\dots = y_n',
};

export const halfOscillation: Rule = {
  id: 'half-oscillation',
  tex: '\\max_i |u - f_i| \\ge \\tfrac12 (\\max_i f_i - \\min_i f_i)',
};

/** max_i |y[i, k] - y[1, k]|, and max_i |y[i, k] - i/n| from below. */
export const byEqualTokens: Lemma = (question) => {
  const network = onlyNetwork(question);
  if (!network || question.names.variables.length !== network.inputs.length) return null;
  const [{ name: y, node }] = network.outputs;
  const shape = lengthsOf(node);
  if (shape.length !== 2 || shape[0] < 2 || !hasEqualRows(network)) return null;
  const [n, width] = shape;
  const columns = Array.from({ length: width }, (_, k) => k + 1);
  const same = columns.some((k) => asksFor(question, `max_{i in 1..${n}}(|${y}[i, ${k}] - ${y}[1, ${k}]|)`));
  const origin = pointOf(
    question,
    new Map(question.names.variables.map(({ name, entries, sets }) => [name, entries.map((_, i) => firstOf(sets[i]))])),
  );
  if (same) return shown(question, equalTokens, Rational.zero, [origin], 'normal form');
  const apart = columns.some((k) => asksFor(question, `max_{i in 1..${n}}(|${y}[i, ${k}] - i/${n}|)`, 'lo'));
  return apart ? shown(question, halfOscillation, Rational.of(n - 1, 2 * n), [origin]) : null;
};

/** A point of a set, 0 where there is no end to take. */
function firstOf(set: {
  readonly kind: string;
  readonly lo?: Rational;
  readonly values?: readonly Rational[];
}): Rational {
  return set.lo ?? set.values?.[0] ?? Rational.zero;
}

/** Whether the rows of the only output are equal for every input. */
function hasEqualRows({ outputs, nodes }: Network): boolean {
  const known = new Map<Node, boolean>();
  for (const node of nodes)
    known.set(
      node,
      rowsAreEqual(node, (part) => known.get(part) === true),
    );
  return known.get(outputs[0].node) === true;
}

/** Operations on single entries, with broadcasting. */
const ENTRYWISE: readonly OpName[] = [
  'add',
  'sub',
  'mul',
  'min',
  'max',
  'relu',
  'exp',
  'tanh',
  'sigmoid',
  'erf',
  'sin',
  'cos',
  'power',
];

function rowsAreEqual(node: Node, isEqual: (node: Node) => boolean): boolean {
  const rank = node.shape.length;
  if (rank !== 2) return false;
  if (isOp(node, 'constant')) return isConstantOfRows(node);
  if (isOp(node, 'matmul')) {
    const [left, right] = node.inputs;
    if (left.shape.length !== 2 || right.shape.length !== 2) return false;
    return isEqual(left) || (isStochastic(left) && isEqual(right));
  }
  if (isOp(node, 'concat')) return node.attributes.axis === 1 && node.inputs.every(isEqual);
  if (isOp(node, 'softmax')) return node.attributes.axis === 1 && isEqual(node.inputs[0]);
  if (!ENTRYWISE.includes(node.op)) return false;
  // Without an axis of rows, or with one of length 1, an argument is the same for every row.
  return node.inputs.every((part) => part.shape.length < rank || part.shape[0].size === 1 || isEqual(part));
}

function isConstantOfRows(node: Node<'constant'>): boolean {
  const [n, width] = lengthsOf(node);
  const data = node.attributes.value.dense(Rational.zero);
  return data.every((entry, k) => k < width || entry.equals(data[k % width])) && n > 0;
}
