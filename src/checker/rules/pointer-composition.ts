import { spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { index, type Network, type Node, record, sizeOf } from '../network.js';

const MOST_POWER = 2 ** 31;

/**
 * Data: an `output` of the shape [n, n] and a `power`. For the matrix of a map p of n places, 1 at (t, p(t)), as the input the
 * output is that of p applied so often: the nodes relu(2 V - 1/2) - relu(2 V - 3/2) with V = softmax(b X) Y are matrices of
 * powers whose exponents are the sums of those of X and Y, when (n - 1) exp(-b) <= 1/3.
 */
export const pointerComposition: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'power']);
  const { nodes } = session.network;
  const output = session.output(fields.output);
  const [n] = nodes[output].shape;
  const powers = new Map<number, number>();
  demand(nodes.filter(({ op }) => op === 'input').length === 1, 'the network has other inputs than one map');
  for (const [k, node] of nodes.entries()) {
    spend(100);
    // Rows and columns are meant: a constant of three axes makes the axis 1 of what it meets another one.
    demand(node.op === 'constant' || `${node.shape}` === `${n},${n}`, () => `node ${k} is no matrix of order ${n}`);
    if (node.op === 'input') {
      demand(node.shape.join() === `${n},${n}`, "the input is no matrix of the output's order");
      powers.set(k, 1);
    } else if (node.op === 'sub' && node.inputs.every((arg) => nodes[arg].op === 'relu'))
      powers.set(k, sumOf(session.network, node, n, powers));
  }
  const power = index(fields.power, MOST_POWER, 'the power');
  demand(powers.get(output) === power, () => `the power is ${powers.get(output) ?? 'none'}`);
  return closed(
    { kind: 'pointer-composition', ...fields },
    `for all maps p of ${n} places, whose matrix is the input, ${fields.output} is the matrix of p^${power}`,
  );
};

function sumOf(network: Network, node: Node, n: number, powers: ReadonlyMap<number, number>): number {
  const { keys, values } = attended(network, clipped(network, node), n);
  const parts = [keys, values].map((k) => powers.get(k));
  demand(parts[0] !== undefined && parts[1] !== undefined, 'an attention to what is no power of the input');
  return parts[0] + parts[1];
}

/** An argument of a node, which must be of that operation. */
export function argument({ nodes }: Network, k: number, op: string, place: number): number {
  demand(nodes[k].op === op, () => `node ${k} is ${nodes[k].op} and not ${op}`);
  return nodes[k].inputs[place];
}

/** The V of relu(2 V - 1/2) - relu(2 V - 3/2). */
export function clipped(network: Network, { inputs }: Node): number {
  const argumentOf = (k: number, op: string, place: number) => argument(network, k, op, place);
  const [high, low] = inputs.map((relu) => argumentOf(relu, 'relu', 0));
  demand(argumentOf(high, 'sub', 0) === argumentOf(low, 'sub', 0), 'two clippings of different means');
  const shifts = [high, low].map((k) => numberAt(network, argumentOf(k, 'sub', 1)));
  demand(shifts[0].equals(Fraction.of(1, 2n)) && shifts[1].equals(Fraction.of(3, 2n)), 'another clipping');
  const doubled = argumentOf(high, 'sub', 0);
  demand(numberAt(network, argumentOf(doubled, 'mul', 0)).equals(Fraction.of(2)), 'another multiple than 2');
  return argumentOf(doubled, 'mul', 1);
}

/** The X and Y of softmax(b X) Y, with (n - 1) exp(-b) <= 1/3. */
export function attended(
  network: Network,
  mean: number,
  n: number,
): { readonly keys: number; readonly values: number } {
  const [shares, values] = [0, 1].map((place) => argument(network, mean, 'matmul', place));
  const scores = scoresOf(network, shares);
  demandGap(numberAt(network, argument(network, scores, 'mul', 0)), n);
  return { keys: argument(network, scores, 'mul', 1), values };
}

/** What a softmax along rows is taken of. */
export function scoresOf(network: Network, shares: number): number {
  const scores = argument(network, shares, 'softmax', 0);
  demand(network.nodes[shares].axis === 1, 'a softmax along columns');
  return scores;
}

/** That a logit that exceeds n - 1 others by so much keeps 3/4 of the mass. */
export function demandGap(gap: Fraction, n: number): void {
  const power = I.exp(I.interval(gap.neg()));
  demand(
    power !== null &&
      Fraction.of(n - 1)
        .mul(I.upper(power))
        .le(Fraction.of(1, 3n)),
    'too weak an attention',
  );
}

/** The number that every entry of a constant is. */
export function numberAt({ nodes }: Network, k: number): Fraction {
  const { op, entries, shape } = nodes[k];
  const [first = Fraction.zero] = entries.values();
  const isOne = op === 'constant' && (entries.size === sizeOf(shape) || entries.size === 0);
  demand(isOne && [...entries.values()].every((entry) => entry.equals(first)), `node ${k} is not one number`);
  return first;
}
