import { Rational } from '../numbers/rational.js';
import { isOp, type Network, type Node } from './network.js';
import { KIND } from './operations.js';
import { showShape } from './shape.js';

/** What a network costs, all of it exact. */
export interface Summary {
  /**
   * Stored entries of the weights: every entry of a dense tensor, the support of a sparse one. Structure (position
   * codes, masks, reshapes) does not count.
   */
  readonly parameters: number;
  /** Entries of the weights that are not zero. */
  readonly nonzero: number;
  /** The largest |entry| of a weight; 0 for a network without weights. */
  readonly maxAbsWeight: Rational;
  /**
   * The largest sum of |entries| over the weights that enter one unit, a column of W in x W and a row of A in A h: the
   * factor by which a layer can amplify a max-norm.
   */
  readonly maxRowSum: Rational;
  /** Longest chain of nonlinear operations from an input to an output. */
  readonly depth: number;
  /** Most entries that one nonlinear operation produces. */
  readonly width: number;
  /** Entries that all nonlinear operations produce together. */
  readonly units: number;
  /** The nodes with weights, in order. */
  readonly layers: readonly Layer[];
}

export interface Layer {
  readonly name: string;
  readonly shape: string;
  readonly parameters: number;
  readonly maxAbsWeight: Rational;
}

/** Remembered as long as the network lives: a large one takes a second. */
export function summarise(network: Network): Summary {
  const known = KNOWN.get(network);
  if (known) return known;
  const found = summaryOf(network);
  KNOWN.set(network, found);
  return found;
}

const KNOWN = new WeakMap<Network, Summary>();

function summaryOf(network: Network): Summary {
  const weights = network.nodes
    .filter((node) => isOp(node, 'constant'))
    .filter((node) => node.attributes.role === 'weight');
  const layers = weights.map((node): Layer => {
    const { data } = node.attributes.value;
    return { name: node.name, shape: showShape(node.shape), parameters: data.length, maxAbsWeight: largest(data) };
  });
  const left = leftFactors(network);
  const depths = new Map<Node, number>();
  for (const node of network.nodes) {
    const below = node.inputs.reduce((most, arg) => Math.max(most, depths.get(arg)!), 0);
    depths.set(node, below + (isNonlinear(node) ? 1 : 0));
  }
  return {
    parameters: layers.reduce((total, layer) => total + layer.parameters, 0),
    nonzero: weights.reduce(
      (total, node) => total + node.attributes.value.data.filter((entry) => !entry.isZero()).length,
      0,
    ),
    maxAbsWeight: layers.reduce((most, layer) => most.max(layer.maxAbsWeight), Rational.zero),
    // Sums of millions of fractions, which most callers do not ask for.
    get maxRowSum() {
      return weights.reduce((most, node) => most.max(incomingSum(node, left.has(node))), Rational.zero);
    },
    depth: Math.max(...network.outputs.map(({ node }) => depths.get(node)!)),
    width: network.nodes.filter(isNonlinear).reduce((most, node) => Math.max(most, entriesOf(node)), 0),
    units: network.nodes.filter(isNonlinear).reduce((total, node) => total + entriesOf(node), 0),
    layers,
  };
}

function isNonlinear({ op, inputs }: Node): boolean {
  const kind = KIND[op];
  if (kind === 'product') return inputs.every((arg) => arg.batched);
  return kind === 'quotient' ? inputs[1].batched : kind === 'nonlinear';
}

function entriesOf(node: Node): number {
  return node.shape.reduce((product, dim) => product * dim.size, 1);
}

function largest(entries: readonly Rational[]): Rational {
  let most = Rational.zero;
  for (const entry of entries) if (entry !== most) most = most.max(entry.abs());
  return most;
}

/** The matrices A, B of recurrences and the left factors of products; all other weights multiply as y = x W. */
function leftFactors(network: Network): ReadonlySet<Node> {
  const products = network.nodes.filter((node) => isOp(node, 'matmul'));
  const recurrences = network.nodes.filter((node) => isOp(node, 'recurrence'));
  const left = new Set([
    ...products.map(({ inputs }) => inputs[0]),
    ...recurrences.flatMap(({ inputs }) => inputs.slice(1)),
  ]);
  for (const { inputs } of products) left.delete(inputs[1]);
  return left;
}

function incomingSum(node: Node<'constant'>, isLeft: boolean): Rational {
  const { value } = node.attributes;
  if (value.shape.length < 2) return Rational.zero;
  const columns = value.shape.at(-1)!;
  const block = columns * value.shape.at(-2)!;
  const totals = new Map<number, Rational>();
  value.forEach((entry, index) => {
    const unit = isLeft ? Math.floor(index / columns) : Math.floor(index / block) * columns + (index % columns);
    totals.set(unit, (totals.get(unit) ?? Rational.zero).add(entry.abs()));
  });
  return [...totals.values()].reduce((most, total) => most.max(total), Rational.zero);
}
