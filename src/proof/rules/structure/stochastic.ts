/**
 * Matrices whose rows sum to 1 by construction: softmax along the last axis, and positive rows divided by their sums, as a masked
 * softmax or the last step of Sinkhorn's iteration divides them.
 */
import { isOp, type Node } from '../../../network/network.js';
import type { OpName } from '../../../network/operations.js';
import { Rational } from '../../../numbers/rational.js';
import type { Rule } from '../../step.js';
import { type Lemma, shown } from './lemma.js';
import { asksFor, lengthsOf, written } from './reading.js';

const rowSums: Rule = { id: 'row-sums', tex: 'P = M / (M 1) \\Rightarrow P 1 = 1' };

/** |sum_j P[i, j] - 1|, or |sum_j p[j] - 1|, for an output that is stochastic by construction. */
export const byRowSums: Lemma = (question) => {
  const { about, variables } = question.names;
  if (!('inputs' in about)) return null;
  const isAsked = (name: string, lengths: readonly number[]) => {
    const [width, n] = [...lengths].reverse();
    const row = (at: string) => `|sum_{j in 1..${width}}(${name}[${at}j]) - 1|`;
    const rows = Array.from({ length: n ?? 0 }, (_, i) => row(`${i + 1}, `));
    const texts = n === undefined ? [row('')] : [`max_{i in 1..${n}}(${row('i, ')})`, ...rows];
    return texts.some((text) => asksFor(question, text));
  };
  // The only output is also called y, where that is no variable.
  const isOnly = about.outputs.length === 1 && !variables.some(({ name }) => name === 'y');
  for (const { name, node } of about.outputs) {
    if (node.shape.length > 2 || !isStochastic(node)) continue;
    if ([written(name), ...(isOnly ? ['y'] : [])].some((one) => isAsked(one, lengthsOf(node))))
      return shown(question, rowSums, Rational.zero, [], 'normal form');
  }
  return null;
};

/** Whether every row sums to 1 by construction. */
export function isStochastic(node: Node): boolean {
  if (isOp(node, 'softmax')) return node.attributes.axis === node.shape.length - 1;
  const mass = dividedByTotals(node, 1);
  return mass !== null && hasPositiveRows(mass);
}

const PARTIAL: ReadonlySet<OpName> = new Set(['log', 'sqrt', 'normalise', 'div']);

/** Whether an operation has a value whatever its arguments are; a quotient by sums of what is positive is one. */
export function isTotal(node: Node): boolean {
  const byColumn = dividedByTotals(node, 0);
  return (
    !PARTIAL.has(node.op) || (isOp(node, 'div') && (isStochastic(node) || (byColumn !== null && isPositive(byColumn))))
  );
}

/** M of M divided by its sums along an axis, for a matrix; null for other nodes. */
function dividedByTotals(node: Node, axis: number): Node | null {
  if (!isOp(node, 'div') || node.shape.length !== 2) return null;
  const [mass, divisor] = node.inputs;
  const total = isOp(divisor, 'reshape') ? divisor.inputs[0] : divisor;
  const isFlat = divisor.shape.length === 2 && divisor.shape[axis].size === 1;
  const isTotal = isOp(total, 'reduceSum') && total.attributes.axis === axis && total.inputs[0] === mass;
  return isFlat && isTotal && mass.shape.length === 2 ? mass : null;
}

/** Whether no row sums to 0: positive entries, or those times a mask that leaves at least one of each row. */
function hasPositiveRows(mass: Node): boolean {
  if (isPositive(mass)) return true;
  if (!isOp(mass, 'mul')) return false;
  const [weights, mask] = isPositive(mass.inputs[0]) ? mass.inputs : [mass.inputs[1], mass.inputs[0]];
  if (!isPositive(weights) || !isOp(mask, 'constant')) return false;
  const shape = lengthsOf(mass);
  if (shape.length !== 2 || [weights, mask].some((part) => lengthsOf(part).join() !== shape.join())) return false;
  const [rows, columns] = shape;
  const entries = mask.attributes.value.dense(Rational.zero);
  const row = (i: number) => entries.slice(i * columns, (i + 1) * columns);
  return Array.from({ length: rows }, (_, i) => row(i)).every(
    (list) => list.every((entry) => entry.sign() >= 0) && list.some((entry) => entry.sign() > 0),
  );
}

/** Whether every entry is positive: an exponential, or one divided by its sums along rows or columns. */
function isPositive(node: Node): boolean {
  if (isOp(node, 'exp')) return true;
  const mass = dividedByTotals(node, 0) ?? dividedByTotals(node, 1);
  return mass !== null && isPositive(mass);
}
