/**
 * One attention head that hands over the whole sequence (head-count paper, case h = 1, n = T d).
 *
 * Token t is embedded as P(x^t, t) = e_t (x) x^t in R^{Td}: x^t in block t, zeros elsewhere. With W_Q = 0 every logit
 * <W_Q c0, W_K P(x^t, t)> is 0, so p_t = 1/T exactly. With W_V = I the head returns
 *   sum_t (1/T) e_t (x) x^t = (1/T) (x^1, ..., x^T),
 * W_O = T I undoes the factor, and with c0 = 0 the class token holds (x^1, ..., x^T) exactly.
 */
import { type Builder, type Node, Rational, scaledIdentity, sparse, Tensor } from '../src/index.js';

/** Name of the class token's node: a tensor [channel Td] that holds entry j of token t at index t d + j. */
export const CLASS_TOKEN = 'classToken';

/** Adds the head on top of `x` [token T, coordinate d]; returns the class token. */
export function uniformHead(b: Builder, x: Node): Node {
  const [T, d] = x.shape.map((dim) => dim.size);
  const E = T * d;
  const codes = new Tensor([T, T, 1], scaledIdentity(T).data, scaledIdentity(T).support);
  const positions = b.constant(codes, 'positionCodes', 'structure', { token: T, block: T, code: 1 });
  const blocks = b.mul(b.reshape(x, { token: T, code: 1, coordinate: d }), positions, 'blocks');
  const embedding = b.reshape(blocks, { token: T, channel: E }, 'embedding');

  const c0 = b.constant(sparse([1, E], []), 'c0', 'weight', { class: 1, channel: E });
  const W_Q = b.constant(sparse([E, E], []), 'W_Q', 'weight', { channel: E, key: E });
  const W_K = b.constant(scaledIdentity(E), 'W_K', 'weight', { channel: E, key: E });
  const W_V = b.constant(scaledIdentity(E), 'W_V', 'weight', { channel: E, value: E });
  const W_O = b.constant(scaledIdentity(E, Rational.of(T)), 'W_O', 'weight', { value: E, channel: E });

  const query = b.matmul(c0, W_Q, 'query');
  const keys = b.transpose(b.matmul(embedding, W_K, 'keys'), [1, 0]);
  const p = b.softmax(b.matmul(query, keys, 'logits'), 1, 'attention');
  const head = b.matmul(p, b.matmul(embedding, W_V, 'values'), 'head');
  return b.reshape(b.add(b.matmul(head, W_O), c0), { channel: E }, CLASS_TOKEN);
}

/** Parameters of the head: the diagonals of W_K, W_V and W_O (W_Q and c0 vanish). */
export function uniformHeadParameters(T: number, d: number): number {
  return 3 * T * d;
}
