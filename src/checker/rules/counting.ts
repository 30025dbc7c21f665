import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { index, list, type Network, type Node, record, sizeOf } from '../network.js';

/** Data: the weights of the network, those counted in full (`dense`) and those by nonzero entries (`sparse`), `count`. */
export const counting: Rule = ({ network }, data) => {
  const { dense, sparse, count } = record(data, 'the data', ['dense', 'sparse', 'count']);
  const weights = constantsOf(network, [...list(dense, 'weights'), ...list(sparse, 'weights')]);
  const isFull = weights.slice(0, (dense as readonly unknown[]).length);
  const full = isFull.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const total = weights.slice(isFull.length).reduce((sum, { entries }) => sum + entries.size, full);
  demand(count === `${total}`, `there are ${total} entries, stated are ${count}`);
  return closed(
    { kind: 'parameters', dense, sparse, count },
    `${named(network, [dense, sparse].flat())} hold ${count} numbers, ` +
      `counting ${(sparse as number[]).length > 0 ? `nonzero ones only at nodes ${sparse}` : 'every entry'}`,
  );
};

/** The named constants in words, and whether these are all. */
export function named({ nodes }: Network, numbers: readonly unknown[]): string {
  const all = nodes.filter(({ op }) => op === 'constant').length;
  if (all === 0) return 'the constants of the network, of which there are none,';
  const share = numbers.length === all ? 'all' : numbers.length;
  return `the constants at nodes ${numbers.join(', ')} (${share} of the ${all} constants of the network)`;
}

/** The constants at the given nodes, each of which may be named once; none only where the network has none. */
export function constantsOf({ nodes }: Network, numbers: readonly unknown[]): Node[] {
  demand(numbers.length > 0 || nodes.every(({ op }) => op !== 'constant'), 'it names no constant');
  const seen = new Set<number>();
  return numbers.map((number) => {
    const k = index(number, nodes.length, 'the number of a node');
    demand(nodes[k].op === 'constant' && !seen.has(k), `node ${k} is no constant, or named twice`);
    seen.add(k);
    return nodes[k];
  });
}
