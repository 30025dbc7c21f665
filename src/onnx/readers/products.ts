import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import type { Operand } from '../graph-reader.js';
import { real } from './activations.js';
import { aligned } from './align.js';
import type { Call, Reader } from './call.js';

/**
 * A product of matrices. A vector on the right is a column whose axis disappears; on the left the operation of networks
 * says the same as ONNX.
 */
export const matmul: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const [a, b] = [call.floats(0), call.floats(1)];
    const isColumn = call.rankOf(b) === 1;
    const right = isColumn && !b.batch ? { ...b, node: call.reshape(b.node, [...sizes(b.node.shape), 1]) } : b;
    const { nodes, batch } = factors(call, a, right);
    if (!isColumn) {
      call.define(call.last('matmul', {}, ...nodes), { batch });
      return;
    }
    const product = call.node('matmul', {}, ...nodes);
    call.define(call.reshape(product, sizes(product.shape).slice(0, -1)), { batch });
  },
};

/**
 * The factors without the batch axis, which must be a leading axis of the product and not one of the two of a matrix on
 * the right; without a batch, at ranks at which the leading axes meet as in ONNX.
 */
function factors(call: Call, a: Operand, b: Operand): { nodes: readonly Node[]; batch: boolean } {
  const [left, right] = [call.rankOf(a), call.rankOf(b)];
  const rank = Math.max(left, right);
  if (!a.batch && !b.batch) {
    const padded = [a.node, b.node].map((node) =>
      node.batched && node.shape.length > 1
        ? call.reshape(node, [...Array(rank - node.shape.length).fill(1), ...sizes(node.shape)])
        : node,
    );
    return { nodes: padded, batch: false };
  }
  if ((b.batch && right < 3) || (a.batch && left < 2)) {
    throw call.unsupported('a product over the batch axis', 'products within one example');
  }
  const nodes = [a, b].map((operand) => {
    const { node, batch } = operand;
    if (batch && call.rankOf(operand) !== rank) {
      throw call.unsupported('factors of different ranks', 'factors in which the batch axis meets no other');
    }
    if (batch || rank < 3 || call.rankOf(operand) < rank) return node;
    if (node.shape[0].size === 1) return call.reshape(node, sizes(node.shape).slice(1));
    throw call.unsupported('a constant with a matrix for each example', 'constants that are the same for the batch');
  });
  return { nodes, batch: true };
}

/** alpha A' B' + beta C, where A' and B' are A and B or their transposes. */
export const gemm: Reader = {
  inputs: [2, 3],
  read: (call) => {
    const [alpha, beta] = [real(call, 'alpha', 1), real(call, 'beta', 1)];
    const [a, b] = [0, 1].map((k) => factor(call, k, ['transA', 'transB'][k]));
    if (b.batch) throw call.unsupported('a second factor with the batch axis', 'a batch in the first factor');
    const weights = alpha.equals(Rational.one) ? b.node : call.node('mul', {}, b.node, call.scalar(alpha));
    const hasOffset = call.has(2) && !beta.isZero();
    const product = hasOffset ? call.node('matmul', {}, a.node, weights) : call.last('matmul', {}, a.node, weights);
    if (!hasOffset) {
      call.define(product, a);
      return;
    }
    const c = call.floats(2);
    const scaled = beta.equals(Rational.one) ? c.node : call.node('mul', {}, c.node, call.scalar(beta));
    const { nodes } = aligned(call, [
      { ...a, node: product },
      { ...c, node: scaled },
    ]);
    call.define(call.last('add', {}, ...nodes), a);
  },
};

function factor(call: Call, k: number, attribute: string): Operand {
  const operand = call.floats(k);
  if (call.rankOf(operand) !== 2) throw call.unsupported(`a factor of ${call.rankOf(operand)} axes`, 'matrices');
  if (!call.attributes.flag(attribute)) return operand;
  if (operand.batch) throw call.unsupported(`${attribute} = 1`, 'the batch axis in front');
  return { ...operand, node: call.node('transpose', { perm: [1, 0] }, operand.node) };
}
