import { createHash } from 'node:crypto';
import { Rational } from '../numbers/rational.js';
import { isOp, type Network, type Node } from './network.js';
import type { Operations, OpName } from './operations.js';
import { sizes } from './shape.js';
import { type ExactTensor, sizeOf, Tensor } from './tensor.js';

/** First line of every network file; a reader refuses any other. */
export const NETWORK_FORMAT = 'exhibit-network-1';

/**
 * The canonical form of a network: one JSON line per node, exact numbers as `p/q`, nothing that does not change the
 * function (names of inner nodes and of axes, the roles of constants, how a tensor is stored). Two networks have the
 * same canonical form exactly when they are the same graph with the same weights, and the SHA-256 of these bytes is
 * the network's identity.
 *
 * Yields pieces, so that a network of millions of weights is hashed or written without one giant string.
 */
export function* canonicalForm(network: Network): Generator<string> {
  const index = new Map(network.nodes.map((node, k) => [node, k]));
  yield `{"format":${JSON.stringify(NETWORK_FORMAT)},"nodes":[\n`;
  for (const [k, node] of network.nodes.entries()) {
    yield k === 0 ? '{' : ',\n{';
    const fields: Record<string, unknown> = { op: node.op };
    if (node.inputs.length > 0) fields.inputs = node.inputs.map((arg) => index.get(arg)!);
    Object.assign(fields, describeAttributes(node));
    fields.shape = sizes(node.shape);
    yield JSON.stringify(fields).slice(1, -1);
    if (isOp(node, 'constant')) yield* entries(node.attributes.value);
    yield '}';
  }
  const outputs = network.outputs.map(({ name, node }) => ({ name, node: index.get(node)! }));
  yield `\n],"outputs":${JSON.stringify(outputs)}}\n`;
}

/** SHA-256 of the canonical form, in hexadecimal. */
export function sha256(network: Network): string {
  const hash = createHash('sha256');
  for (const piece of canonicalForm(network)) hash.update(piece);
  return hash.digest('hex');
}

/** The attributes that matter to the function computed, shape aside. */
const ATTRIBUTES: { readonly [K in OpName]?: (attributes: Operations[K]) => object } = {
  input: ({ name }) => ({ name }),
  power: ({ exponent }) => ({ exponent }),
  normalise: ({ axis, epsilon }) => ({ axis, epsilon: epsilon.toString() }),
  argmax: ({ axis }) => ({ axis }),
  softmax: ({ axis }) => ({ axis }),
  reduceSum: ({ axis }) => ({ axis }),
  reduceMax: ({ axis }) => ({ axis }),
  reduceMin: ({ axis }) => ({ axis }),
  concat: ({ axis }) => ({ axis }),
  gather: ({ axis, indices }) => ({ axis, indices }),
  transpose: ({ perm }) => ({ perm }),
};

function describeAttributes(node: Node): object {
  const describe = ATTRIBUTES[node.op] as ((attributes: unknown) => object) | undefined;
  return describe?.(node.attributes) ?? {};
}

const PIECE = 4096;

/** `"dense":[...]` or, when at most half of the entries are nonzero, `"sparse":[[index,"p/q"],...]`. */
function* entries(value: ExactTensor): Generator<string> {
  const normal = normalised(value);
  yield normal.support ? ',"sparse":[' : ',"dense":[';
  let piece: string[] = [];
  for (let k = 0; k < normal.data.length; k++) {
    const text = `"${normal.data[k]}"`;
    piece.push(normal.support ? `[${normal.support[k]},${text}]` : text);
    if (piece.length === PIECE || k === normal.data.length - 1) {
      yield (k < PIECE ? '' : ',') + piece.join(',');
      piece = [];
    }
  }
  yield ']';
}

/** The one way to store a tensor: sparse when at most half of its entries are nonzero, dense otherwise. */
export function normalised(value: ExactTensor): ExactTensor {
  const support: number[] = [];
  const data: Rational[] = [];
  value.forEach((entry, index) => {
    if (entry.isZero()) return;
    support.push(index);
    data.push(entry);
  });
  const size = sizeOf(value.shape);
  if (data.length * 2 <= size && size > 1) return new Tensor(value.shape, data, Uint32Array.from(support));
  return new Tensor(value.shape, value.dense(Rational.zero));
}
