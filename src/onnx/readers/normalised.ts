import { isOp, type Node } from '../../network/network.js';
import type { Operations } from '../../network/operations.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';

/**
 * The axis and epsilon of x / divisor where the divisor is sqrt(mean of x^2 along the axis + epsilon), whose axis has
 * length 1: exporters write LayerNormalization and RMSNormalization so. Null for any other divisor.
 */
export function normalised(x: Node, divisor: Node): Operations['normalise'] | null {
  const sum = isOp(divisor, 'sqrt') ? divisor.inputs[0] : null;
  if (sum?.op !== 'add') return null;
  const epsilon = sum.inputs.map(numberOf).find((value) => value !== null) ?? null;
  const mean = sum.inputs.find((arg) => numberOf(arg) === null);
  if (!mean || !epsilon || epsilon.sign() < 0) return null;
  const product = isOp(mean, 'reshape') ? mean.inputs[0] : null;
  if (product?.op !== 'mul') return null;
  const share = product.inputs.map(numberOf).find((value) => value !== null) ?? null;
  const total = product.inputs.find((arg) => isOp(arg, 'reduceSum'));
  if (!total || !isOp(total, 'reduceSum') || !share) return null;
  const { axis } = total.attributes;
  const [square] = total.inputs;
  const isSquare =
    (square.op === 'mul' && square.inputs.every((arg) => arg === x)) ||
    (isOp(square, 'power') && square.attributes.exponent === 2 && square.inputs[0] === x);
  const lengths = sizes(x.shape);
  // The x of 1 / sqrt(..) is another one, and may have no such axis.
  if (!isSquare || axis >= lengths.length) return null;
  const isMean = share.equals(Rational.of(1, lengths[axis]));
  const keepsAxis = sizes(divisor.shape).join() === lengths.with(axis, 1).join();
  return isMean && keepsAxis ? { axis, epsilon } : null;
}

/** The entry of a constant of one entry and no axis longer than 1. */
function numberOf(node: Node): Rational | null {
  if (!isOp(node, 'constant') || node.shape.length > 1) return null;
  const { value } = node.attributes;
  return value.size === 1 ? value.at(0, Rational.zero) : null;
}
