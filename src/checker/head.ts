import { demand } from './failure.js';
import type { Network } from './network.js';

/** Row t of a node [T, c] is sum_s softmax_s(<q_t, k_s>) v_s: the nodes of q [T, w], k [S, w] and v [S, c]. */
export interface Head {
  readonly query: number;
  readonly key: number;
  readonly value: number;
}

/** Reads a head off the operations that lead to a node, without looking behind queries, keys and values. */
export function headOf({ nodes }: Network, node: number): Head {
  const of = (k: number, op: string) => {
    demand(nodes[k].op === op && nodes[k].shape.length === 2, `node ${k} is no ${op} of a head`);
    return nodes[k];
  };
  const [weights, value] = of(node, 'matmul').inputs;
  const [logits] = of(weights, 'softmax').inputs;
  const [query, keys] = of(logits, 'matmul').inputs;
  const [key] = of(keys, 'transpose').inputs;
  const [T, w] = nodes[query].shape;
  const [S, c] = nodes[value].shape;
  const stated = [query, key, keys, logits, weights, value, node].map((k) => `${nodes[k].shape}`);
  const shapes = [
    [T, w],
    [S, w],
    [w, S],
    [T, S],
    [T, S],
    [S, c],
    [T, c],
  ];
  const fits = shapes.every((shape, k) => `${shape}` === stated[k]);
  demand(fits && nodes[weights].axis === 1 && `${nodes[keys].indices}` === '1,0', `node ${node} is no head of rows`);
  return { query, key, value };
}
