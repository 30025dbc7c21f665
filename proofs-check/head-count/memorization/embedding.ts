import { CLASS_TOKEN } from '../../../constructions/uniform-head.js';
import { type Network, proveAffineIdentity } from '../../../src/index.js';

/** The claim about the uniform head, whatever follows it. */
export const embeddingStatement = {
  id: 'embedding',
  kind: 'identity',
  statement: 'the class token holds (x^1, ..., x^T) exactly',
  tex: 'c_0 + W_O \\sum_t p_t W_V P(x^t, t) = (x^1, \\dots, x^T)',
  trust: 'proved',
} as const;

/** Entry k of the class token, of `size` = T d entries, is entry k of x. */
export function proveEmbedding(network: Network, size: number) {
  const statement = `entry k of '${CLASS_TOKEN}' is entry k of x`;
  return proveAffineIdentity(
    network,
    CLASS_TOKEN,
    { shape: [size], entry: (index, input) => input('x', index) },
    'class-token',
    statement,
  );
}
