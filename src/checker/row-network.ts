import { borrow, spend } from './budget.js';
import { demand } from './failure.js';
import type { Network, Node } from './network.js';

/**
 * The network that does to one row of the node `from` (a slice of its first axis, of length 1) what the given one does
 * to each row on the way to the node `to`. Nodes keep their numbers. Throws Rejected unless all operations between the
 * two treat the rows alike and apart from each other: then, by induction, row t of every tensor on the way is the same
 * function of row t of `from`.
 */
export function rowNetwork(network: Network, from: number, to: number): Network {
  const { nodes } = network;
  const rows = nodes[from].shape[0];
  demand(rows !== undefined, `node ${from} has no rows`);
  spend(20 * nodes.length);
  borrow(200 * nodes.length);
  const needed = new Set([to]);
  for (let k = to; k > from; k--) if (needed.has(k)) for (const input of nodes[k].inputs) needed.add(input);
  const dependent = new Set([from]);
  const sliced = nodes.map((node, k): Node => {
    if (k !== from) {
      const args = node.inputs.filter((input) => dependent.has(input));
      if (!needed.has(k) || args.length === 0) return node;
      demand(actsOnRows(node, network, dependent, rows), `node ${k}, ${node.op}, does not act on each row by itself`);
      dependent.add(k);
    }
    return { ...node, shape: [1, ...node.shape.slice(1)] };
  });
  demand(dependent.has(to), `node ${to} does not depend on node ${from}`);
  return { ...network, nodes: sliced };
}

const ELEMENTWISE: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'min', 'max', 'relu']);
const ALONG_AXIS: ReadonlySet<string> = new Set(['softmax', 'reduceSum', 'reduceMax', 'reduceMin', 'concat', 'gather']);

/** Whether row t of the result depends on row t of the dependent arguments alone, in the same way for every t. */
function actsOnRows(node: Node, { nodes }: Network, dependent: ReadonlySet<number>, rows: number): boolean {
  const args = node.inputs.map((input) => ({ shape: nodes[input].shape, isRow: dependent.has(input) }));
  if (args.some(({ shape, isRow }) => isRow && shape[0] !== rows) || node.shape[0] !== rows) return false;
  const rank = node.shape.length;
  if (ELEMENTWISE.has(node.op)) {
    return args.every(({ shape, isRow }) => (isRow ? shape.length === rank : shape.length < rank || shape[0] === 1));
  }
  if (ALONG_AXIS.has(node.op)) return node.axis !== 0 && args.every(({ isRow }) => isRow);
  if (node.op === 'matmul') return args[0].isRow && !args[1].isRow && args.every(({ shape }) => shape.length === 2);
  return node.op === 'reshape';
}
