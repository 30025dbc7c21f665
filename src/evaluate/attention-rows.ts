import { isOp, type Network, type Node } from '../network/network.js';
import { Tensor } from '../network/tensor.js';
import type { Algebra } from './algebra.js';
import { numbering } from './equal-tokens.js';
import { sparseRows } from './matmul.js';

/** A head m = softmax(Q K, by rows) V whose logits and weights nothing else reads. */
export interface HeadNodes {
  readonly node: Node;
  readonly logits: Node;
  readonly weights: Node;
  /** Q, K and V. */
  readonly inputs: readonly [Node, Node, Node];
}

/** The heads of a network, by the node that holds their results. */
export function headsOf({ nodes, outputs }: Network): HeadNodes[] {
  const readers = new Map<Node, number>();
  for (const node of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map((output) => output.node)])
    readers.set(node, (readers.get(node) ?? 0) + 1);
  return nodes.flatMap((node): HeadNodes[] => {
    const [weights, value] = node.inputs;
    if (node.op !== 'matmul' || !isOp(weights, 'softmax') || weights.attributes.axis !== 1) return [];
    const [logits] = weights.inputs;
    const isMatrix = [node, weights, value].every(({ shape }) => shape.length === 2) && logits.op === 'matmul';
    if (!isMatrix || [weights, logits].some((one) => readers.get(one) !== 1)) return [];
    return [{ node, logits, weights, inputs: [logits.inputs[0], logits.inputs[1], value] }];
  });
}

/** An entry of a query and of a key in place k, which are multiplied. */
type Factors<S> = readonly [k: number, a: S, b: S];

/** Entries of queries that are looked at for each of them, beside those that all have in common. */
const MOST_OWN = 4;

/**
 * The rows of a head, those with the same operands once: logits that most queries have in common, and for each of them a few
 * of its own, are n numbers and not n^2. An algebra that shares results says which sets of numbers sums and shares lie in,
 * whatever the order of their terms, so that queries whose logits and values are the same objects up to their order have one
 * result. Null where factors are not sparse, or queries have more of their own.
 */
export function headByRows<S>(
  algebra: Algebra<S>,
  [query, key, value]: readonly Tensor<S>[],
  shape: readonly number[],
): Tensor<S> | null {
  if (!algebra.sharesResults || !query.support || !key.support) return null;
  const [queries, keys] = [sparseRows(query), sparseRows(key)];
  const [n, columns, width] = [key.shape[1], value.dense(algebra.zero), value.shape[1]];
  const isCommon = commonEntries(queries);
  const own = queries.map((row) => row.filter(([k]) => !isCommon.has(k)));
  const met = own.reduce((sum, row) => sum + row.reduce((all, [k]) => all + keys[k].length, 0), 0);
  if (met > MOST_OWN * n) return null;

  const ids = new Map<S, number>();
  const idOf = (one: S): number => {
    const id = ids.get(one) ?? ids.size;
    ids.set(one, id);
    return id;
  };
  const known = new Map<string, S>();
  /** The logit with these factors: the same object for the same ones. */
  const logitOf = (factors: readonly Factors<S>[]): S => {
    if (factors.length === 0) return algebra.zero;
    const sorted = [...factors].sort(([j], [k]) => j - k);
    const name = sorted.map(([, a, b]) => `${idOf(a)} ${idOf(b)}`).join();
    const found = known.get(name);
    if (found !== undefined) return found;
    const [left, right] = [sorted.map(([, a]) => a), sorted.map(([, , b]) => b)];
    const logit = sorted.length === 1 ? algebra.mul(left[0], right[0]) : algebra.dot(left, right);
    known.set(name, logit);
    return logit;
  };
  const shared: Factors<S>[][] = Array.from({ length: n }, () => []);
  for (const [k, entry] of queries[0] ?? []) {
    if (isCommon.has(k)) for (const [s, partner] of keys[k]) shared[s].push([k, entry, partner]);
  }
  const common = shared.map(logitOf);
  const values = common.map((_, s) => columns.slice(s * width, (s + 1) * width));
  const kindOf = numbering<S>();
  const places = common.map((logit, s) => kindOf([logit, ...values[s]]));
  const results: (readonly S[])[] = [];
  const rowKinds = new Map<string, number>();
  const entries = own.flatMap((row) => {
    const further = new Map<number, Factors<S>[]>();
    for (const [k, entry] of row) {
      for (const [s, partner] of keys[k]) further.set(s, [...(further.get(s) ?? shared[s]), [k, entry, partner]]);
    }
    const changes = [...further].map(([s, factors]) => [s, logitOf(factors)] as const);
    const name = changes
      .map(([s, logit]) => `${places[s]} ${idOf(logit)}`)
      .sort()
      .join();
    let number = rowKinds.get(name);
    if (number === undefined) {
      const line = common.slice();
      for (const [s, logit] of changes) line[s] = logit;
      const weights = algebra.softmax(line);
      number =
        results.push(
          Array.from({ length: width }, (_, j) =>
            algebra.dot(
              weights,
              values.map((one) => one[j]),
            ),
          ),
        ) - 1;
      rowKinds.set(name, number);
    }
    return results[number];
  });
  return new Tensor(shape, entries);
}

/** The places at which all rows have the same object. */
function commonEntries<S>(rows: readonly (readonly (readonly [number, S])[])[]): ReadonlySet<number> {
  const [first = [], ...others] = rows;
  const left = new Map(first);
  for (const row of others) {
    if (left.size === 0) break;
    const here = new Map(row);
    for (const [k, entry] of left) if (here.get(k) !== entry) left.delete(k);
  }
  return new Set(left.keys());
}
