import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
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
  return {
    kind: 'closed',
    conclusion: { kind: 'pointer-composition', ...fields },
    statement: `for all maps p of ${n} places, whose matrix is the input, ${fields.output} is the matrix of p^${power}`,
  };
};

function sumOf(network: Network, { inputs }: Node, n: number, powers: ReadonlyMap<number, number>): number {
  const { nodes } = network;
  const argument = (k: number, op: string, place: number) => {
    demand(nodes[k].op === op, () => `node ${k} is ${nodes[k].op} and not ${op}`);
    return nodes[k].inputs[place];
  };
  const [high, low] = inputs.map((relu) => argument(relu, 'relu', 0));
  demand(argument(high, 'sub', 0) === argument(low, 'sub', 0), 'two clippings of different means');
  const shifts = [high, low].map((k) => numberAt(network, argument(k, 'sub', 1)));
  demand(shifts[0].equals(Fraction.of(1, 2n)) && shifts[1].equals(Fraction.of(3, 2n)), 'another clipping');
  const doubled = argument(high, 'sub', 0);
  demand(numberAt(network, argument(doubled, 'mul', 0)).equals(Fraction.of(2)), 'another multiple than 2');
  const mean = argument(doubled, 'mul', 1);
  const [shares, values] = [argument(mean, 'matmul', 0), argument(mean, 'matmul', 1)];
  const scores = argument(shares, 'softmax', 0);
  demand(nodes[shares].axis === 1, 'a softmax along columns');
  const strength = numberAt(network, argument(scores, 'mul', 0));
  const power = I.exp(I.interval(strength.neg()));
  demand(
    power !== null &&
      Fraction.of(n - 1)
        .mul(I.upper(power))
        .le(Fraction.of(1, 3n)),
    'too weak an attention',
  );
  const parts = [argument(scores, 'mul', 1), values].map((k) => powers.get(k));
  demand(parts[0] !== undefined && parts[1] !== undefined, 'an attention to what is no power of the input');
  return parts[0] + parts[1];
}

/** The number that every entry of a constant is. */
function numberAt({ nodes }: Network, k: number): Fraction {
  const { op, entries, shape } = nodes[k];
  const [first = Fraction.zero] = entries.values();
  const isOne = op === 'constant' && (entries.size === sizeOf(shape) || entries.size === 0);
  demand(isOne && [...entries.values()].every((entry) => entry.equals(first)), `node ${k} is not one number`);
  return first;
}
