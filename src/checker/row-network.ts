import { borrow, spend } from './budget.js';
import { demand, demandEach } from './failure.js';
import type { Fraction } from './fraction.js';
import { type Network, type Node, sizeOf } from './network.js';

/**
 * The network that does to one row of the nodes `from` (a slice of their first axis, of length 1) what the given one does
 * to each row on the way to the node `to`. Nodes keep their numbers. Throws Rejected unless all operations between them
 * treat the rows alike and apart from each other: then, by induction, row t of every tensor on the way is the same
 * function of row t of `from`; or, where constants have a row for each, of row t of these, too: those of row `at` are kept.
 */
export function rowNetwork(network: Network, from: readonly number[], to: number, at?: number): Network {
  const { nodes } = network;
  const rows = nodes[from[0]].shape[0];
  demandEach(from, (k) => rows !== undefined && nodes[k].shape[0] === rows, `node ${from} has no rows`);
  spend(40 * nodes.length);
  borrow(200 * nodes.length);
  const needed = neededFor(network, from, to);
  const dependent = new Set([...from, ...(at === undefined ? [] : rowConstants(network, from, to))]);
  const sliced = nodes.map((node, k): Node => {
    if (!dependent.has(k)) {
      const args = node.inputs.filter((input) => dependent.has(input));
      if (!needed.has(k) || args.length === 0) return node;
      demand(actsOnRows(node, network, dependent, rows), `node ${k}, ${node.op}, does not act on each row by itself`);
      dependent.add(k);
    }
    const shape = [1, ...node.shape.slice(1)];
    return { ...node, shape, entries: node.op === 'constant' ? rowOf(node, at!) : node.entries };
  });
  demand(dependent.has(to), `node ${to} does not depend on node ${from}`);
  return { ...network, nodes: sliced };
}

/** The constants with a row for each row of `from` that are taken entry by entry together with what depends on these. */
export function rowConstants(network: Network, from: readonly number[], to: number): number[] {
  const { nodes } = network;
  const needed = neededFor(network, from, to);
  const dependent = new Set(from);
  const found = new Set<number>();
  nodes.forEach(({ op, inputs, shape }, k) => {
    if (dependent.has(k) || !needed.has(k) || !inputs.some((input) => dependent.has(input))) return;
    dependent.add(k);
    for (const input of ELEMENTWISE.has(op) ? inputs : []) {
      const other = nodes[input];
      const isAlike = other.shape.length === shape.length && other.shape[0] === nodes[from[0]].shape[0];
      if (other.op === 'constant' && isAlike) found.add(input);
    }
  });
  return [...found];
}

/** The entries of a row of a constant. */
export function rowOf({ entries, shape }: Node, at: number): ReadonlyMap<number, Fraction> {
  const width = sizeOf(shape.slice(1));
  const row = Array.from({ length: width }, (_, k) => [k, entries.get(at * width + k)] as const);
  spend(10 * width);
  return new Map(row.flatMap(([k, entry]) => (entry ? [[k, entry] as const] : [])));
}

function neededFor({ nodes }: Network, from: readonly number[], to: number): ReadonlySet<number> {
  const needed = new Set([to]);
  for (let k = to; k >= 0; k--) {
    if (needed.has(k) && !from.includes(k)) for (const input of nodes[k].inputs) needed.add(input);
  }
  return needed;
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
