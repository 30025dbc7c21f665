import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import type { Operand } from '../graph-reader.js';
import type { Call } from './call.js';

export interface Aligned {
  readonly nodes: readonly Node[];
  /** Whether the result has the batch axis in front. */
  readonly batch: boolean;
}

/**
 * Arguments whose axes broadcast from the right in ONNX as nodes whose axes do: without the batch axis, and of equal
 * ranks where they depend on inputs. Throws InputError where the batch axis would meet another.
 */
export function aligned(call: Call, operands: readonly Operand[]): Aligned {
  const rank = Math.max(...operands.map((operand) => call.rankOf(operand)));
  const batch = operands.some((operand) => operand.batch);
  const nodes = operands.map((operand) => {
    const { node } = operand;
    if (!batch) return operands.length > 1 ? sized(call, node, rank, operands) : node;
    if (operand.batch) {
      if (call.rankOf(operand) === rank) return node;
      throw call.unsupported('tensors of different ranks', 'shapes in which the batch axis meets no other');
    }
    if (call.rankOf(operand) < rank) return slim(call, node);
    if (node.shape[0].size === 1) return slim(call, call.reshape(node, sizes(node.shape).slice(1)));
    throw call.unsupported('a constant with an entry for each example', 'constants that are the same for the batch');
  });
  return { nodes, batch };
}

/** Without a batch axis tensors that depend on inputs are brought to one rank. */
function sized(call: Call, node: Node, rank: number, operands: readonly Operand[]): Node {
  if (!node.batched) return operands.some((other) => other.node.batched) ? slim(call, node) : node;
  return call.reshape(node, [...Array(rank - node.shape.length).fill(1), ...sizes(node.shape)]);
}

/** A constant without leading axes of length 1, which broadcast the same: a bias is a vector. */
function slim(call: Call, node: Node): Node {
  const lengths = sizes(node.shape);
  if (!call.graph.builder.isKnown(node) || lengths.length < 2 || lengths[0] !== 1) return node;
  const first = lengths.findIndex((length) => length !== 1);
  return call.reshape(node, first < 0 ? [1] : lengths.slice(first));
}
