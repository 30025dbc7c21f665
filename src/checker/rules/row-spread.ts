import { placeName } from '../atoms.js';
import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { index, type Network, type Node, record, sizeOf } from '../network.js';
import { demandShapes } from '../shapes.js';
import type { Domain } from '../side.js';

/**
 * Data: a `node` [n, w], a `domain`, a `row` and a `column`. The entries of that column differ from the one in that row by at most s
 * for all inputs of the domain. It is found node by node: how large each entry is, and how far apart, at one and the same input,
 * the entries of each column of a matrix are.
 *   - Rows of X W: in column k at most sum_j s_j |W_jk| apart, whether W is constant or not.
 *   - Rows of P V, where rows of P are nonnegative and sum to 1: no farther apart than those of V, and tanh(S/2) as far where P is
 *     softmax(z), and the logits of each column of z at most S apart. Differences of two rows of z then lie in an interval of the
 *     length D = 2 S, and the rows of P are tanh(D/4) apart in total variation.
 *   - Sums add up; relu and tanh put nothing farther apart; what is made of equal rows, each by itself, are equal rows.
 */
export const rowSpread: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'domain', 'row', 'column']);
  const [node, domain] = [session.node(fields.node), session.domain(fields.domain)];
  const { network } = session;
  const { shape } = network.nodes[node];
  demand(shape.length === 2, `node ${node} is no matrix`);
  const [n, w] = shape;
  const [row, column] = [index(fields.row, n, 'the row'), index(fields.column, w, 'the column')];
  demandShapes(network);
  const isTotal = ({ op }: Node, k: number) => (op === 'div' ? isNormalised(network, k) : !PARTIAL.has(op));
  demandShown(network.nodes.every(isTotal), 'the network may be undefined somewhere');
  const extents: Extent[] = [];
  for (let k = 0; k <= node; k++) extents.push(extentOf(network, domain, extents, k));
  const most = extents[node].spread[column];
  demand(most !== null, `rows of node ${node} are not bounded`);
  const target = session.expressions.variable(placeName(node, row * w + column));
  const bound = { target, lo: most.neg(), hi: most };
  const others = upTo(n).filter((i) => i !== row);
  return { kind: 'within', domain, node, entries: new Map(others.map((i) => [i * w + column, bound])) };
};

/** At least a number that is not negative; null where nothing is known. */
type Most = Fraction | null;

interface Extent {
  /** The modulus of each entry. */
  readonly size: readonly Most[];
  /** How far apart the entries of each column of a matrix are; of a vector, or a number, that is one row for all. */
  readonly spread: readonly Most[];
}

const plus = (a: Most, b: Most): Most => a && b && a.add(b);
const times = (a: Most, b: Most): Most => (a?.isZero || b?.isZero ? Fraction.zero : a && b && a.mul(b));
const largest = (list: readonly Most[]) => list.reduce((a, b) => a && b && a.max(b));
const upTo = (count: number) => Array.from({ length: count }, (_, k) => k);

function extentOf(network: Network, domain: Domain, known: readonly Extent[], k: number): Extent {
  const node = network.nodes[k];
  const { op, inputs, shape } = node;
  const [rows, w] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const inner = op === 'matmul' ? network.nodes[inputs[0]].shape.at(-1)! : 1;
  spend(200 + 60 * sizeOf(shape) * inner);
  const side = op === 'input' ? domain.get(node.name) : undefined;
  const [a, b] = inputs.map((input) => known[input]);
  const isProduct = op === 'matmul' && inputs.every((input) => network.nodes[input].shape.length === 2);
  const factor = isProduct ? contraction(network, inputs[0], known) : null;

  const modulus = (at: number): Most => {
    const [i, j] = [Math.floor(at / w), at % w];
    if (op === 'input') return side ? side.lo.abs().max(side.hi.abs()) : null;
    if (op === 'constant') return (node.entries.get(at) ?? Fraction.zero).abs();
    if (op === 'reshape' || op === 'relu') return a.size[at];
    if (op === 'tanh' || op === 'softmax') return Fraction.one;
    if (op === 'transpose' && shape.length === 2 && node.indices[0] === 1) return a.size[j * rows + i];
    if (isSum) return plus(stretched(a.size, 0, i, j), stretched(b.size, 1, i, j));
    if (!isProduct) return null;
    const column = upTo(inner).map((l) => b.size[l * w + j]);
    return factor ? largest(column) : column.map((most, l) => times(a.size[i * inner + l], most)).reduce(plus);
  };
  /** An entry of a matrix, a vector or a number that is broadcast. */
  const stretched = (list: readonly Most[], argument: number, i: number, j: number) => {
    const [n, width] = [2, 1].map((place) => network.nodes[inputs[argument]].shape.at(-place) ?? 1);
    return list[(n === 1 || list.length === width ? 0 : i) * width + (width === 1 ? 0 : j)];
  };
  const isSum = (op === 'add' || op === 'sub') && shape.length <= 2;
  const size = upTo(sizeOf(shape)).map(modulus);

  const apart = (j: number): Most => {
    const entries = () => upTo(rows).map((i) => node.entries.get(i * w + j) ?? Fraction.zero);
    if (op === 'constant')
      return entries()
        .reduce((x, y) => x.max(y))
        .sub(entries().reduce((x, y) => x.min(y)));
    if (op === 'input') return side ? side.hi.sub(side.lo) : null;
    if (op === 'relu' || op === 'tanh') return a.spread[j];
    if (isSum) return plus(stretched(a.spread, 0, 0, j), stretched(b.spread, 1, 0, j));
    if (factor) return times(factor, b.spread[j]);
    if (isProduct) return a.spread.map((most, l) => times(most, b.size[l * w + j])).reduce(plus);
    const isByRow = ENTRYWISE.has(op) || ((op === 'softmax' || op === 'concat') && node.axis === 1);
    const areEqual = inputs.every((input) => known[input].spread.every((most) => most?.isZero));
    if (isByRow && areEqual) return Fraction.zero;
    return times(Fraction.of(2), largest(upTo(rows).map((i) => size[i * w + j])));
  };
  if (shape.length > 2) return { size, spread: [null] };
  return { size, spread: upTo(w).map((j) => (rows === 1 ? Fraction.zero : apart(j))) };
}

/** Of a matrix whose rows are nonnegative and sum to 1: how far apart it leaves averages of numbers that are 1 apart; else null. */
function contraction(network: Network, k: number, known: readonly Extent[]): Most {
  const { op, axis, inputs } = network.nodes[k];
  if (op !== 'softmax' || axis !== 1) return isNormalised(network, k) ? Fraction.one : null;
  const S = largest(known[inputs[0]].spread);
  if (S?.isZero) return S;
  const odds = S?.lt(LARGE) ? I.exp(I.interval(S)) : null;
  if (!odds) return Fraction.one;
  // tanh(S/2) = (e^S - 1)/(e^S + 1), and short.
  const e = I.upper(odds);
  const { n, d } = e.sub(Fraction.one).div(e.add(Fraction.one));
  return Fraction.of((n << 64n) / d + 1n, 1n << 64n);
}

/** M/(M 1) for M = exp(..), or exp(..) times a constant mask that leaves something of every row. */
function isNormalised({ nodes }: Network, k: number): boolean {
  const { op, inputs, shape } = nodes[k];
  if (op !== 'div' || shape.length !== 2) return false;
  const [mass, divisor] = inputs;
  const sum = nodes[nodes[divisor].op === 'reshape' ? nodes[divisor].inputs[0] : divisor];
  const isSum = sum.op === 'reduceSum' && sum.axis === 1 && sum.inputs[0] === mass;
  if (!isSum || `${nodes[divisor].shape}` !== `${shape[0]},1` || `${nodes[mass].shape}` !== `${shape}`) return false;
  if (nodes[mass].op === 'exp') return true;
  const factors = nodes[mass].op === 'mul' ? nodes[mass].inputs.map((input) => nodes[input]) : [];
  const mask = factors.find(({ op }) => op === 'constant');
  if (!mask || `${mask.shape}` !== `${shape}` || factors.every((factor) => factor.op !== 'exp')) return false;
  const leaves = new Set([...mask.entries.keys()].map((at) => Math.floor(at / shape[1])));
  return leaves.size === shape[0] && [...mask.entries.values()].every(({ n }) => n > 0n);
}

/** Beyond this, tanh(S/2) is next to 1. */
const LARGE = Fraction.of(100);
const ENTRYWISE: ReadonlySet<string> = new Set(['mul', 'min', 'max', 'exp', 'sigmoid', 'erf', 'sin', 'cos', 'power']);
const PARTIAL: ReadonlySet<string> = new Set(['log', 'sqrt', 'normalise']);
