/**
 * One attention head on rows: row t of the result is sum_s softmax_s(<q_t, k_s>) v_s, with queries q [T, n], keys
 * k [S, n] and values v [S, m].
 */
import type { Builder, Node } from '../src/index.js';

export function head(b: Builder, query: Node, key: Node, value: Node, name: string): Node {
  const logits = b.matmul(query, b.transpose(key, [1, 0], `${name}.keys`), `${name}.logits`);
  return b.matmul(b.softmax(logits, 1, `${name}.attention`), value, name);
}
