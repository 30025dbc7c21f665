import { demand } from '../failure.js';
import { index, list, record, sizeOf } from '../network.js';
import type { Rule } from '../session.js';

/** Data: the weights of the network, those counted in full (`dense`) and those by nonzero entries (`sparse`), `count`. */
export const counting: Rule = ({ network }, data) => {
  const { dense, sparse, count } = record(data, 'the data', ['dense', 'sparse', 'count']);
  const seen = new Set<number>();
  const constants = (value: unknown) =>
    list(value, 'weights').map((entry) => {
      const node = index(entry, network.nodes.length, 'the number of a node');
      demand(network.nodes[node].op === 'constant' && !seen.has(node), `node ${node} is no constant, or counted twice`);
      seen.add(node);
      return network.nodes[node];
    });
  const full = constants(dense).reduce((total, { shape }) => total + sizeOf(shape), 0);
  const total = constants(sparse).reduce((sum, { entries }) => sum + entries.size, full);
  demand(count === `${total}`, `there are ${total} entries, stated are ${count}`);
  return {
    kind: 'closed',
    conclusion: { kind: 'parameters', dense, sparse, count },
    statement:
      `the constants at nodes ${[dense, sparse].flat().join(', ')} of the network hold ${count} numbers, ` +
      `counting ${(sparse as number[]).length > 0 ? `nonzero ones only at nodes ${sparse}` : 'every entry'}`,
  };
};
