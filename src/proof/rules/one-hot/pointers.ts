import { isOp, type Network, type Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { sparse } from '../../../network/tensor.js';
import { Rational } from '../../../numbers/rational.js';
import { demand } from '../../derivation.js';
import type { Fact, Outcome } from '../../fact.js';
import { qualitative, type Sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { differing } from './differing.js';
import { argumentsOf, decayed, numberOf, recognised } from './reading.js';

/**
 * Pointers are followed by attention. X and Y being the 0/1 matrices of two powers p^a and p^b of a map of n places, row t of
 * softmax(beta X) has all but a third of its mass times at its place p^a(t), for (n - 1) e^(-beta) <= 1/3: at least 3/4. So
 * V = softmax(beta X) Y is at least 3/4 at p^b(p^a(t)) and at most 1/4 elsewhere, and
 * relu(2 V - 1/2) - relu(2 V - 3/2) = min(1, max(0, 2 V - 1/2)) is exactly the matrix of p^(a + b).
 */
const pointerComposition: Rule = {
  id: 'pointer-composition',
  tex: '(n-1) e^{-\\beta} \\le \\tfrac13 \\;\\Rightarrow\\; \\mathrm{clip}(2\\,\\mathrm{softmax}(\\beta X) Y - \\tfrac12) = [p^{a+b}]',
};

export function pointerSentence(output: string, n: number, k: number): Sentence {
  return qualitative(`for all maps p of ${n} places, whose matrix is the input: '${output}' is the matrix of p^${k}`);
}

/** That the output is the matrix of p applied so often as the network's layers come to. */
export function provePointers(network: Network, output: string): Outcome {
  const statement = `'${output}' is the matrix of a power of the input's map`;
  const { node } = network.outputs.find(({ name }) => name === output)!;
  return recognised({ rule: pointerComposition, id: 'power', network, statement }, () => {
    const odd = network.nodes.find(({ op, shape }) => op !== 'constant' && shape.length !== 2);
    demand(!odd, `'${odd?.name}' is no matrix`);
    demand(network.inputs.length === 1, `there are ${network.inputs.length} inputs, and not one map`);
    const [n] = sizes(node.shape);
    const [x] = network.inputs;
    demand(sizes(x.shape).join() === `${n},${n}`, `the input has the shape [${sizes(x.shape).join(', ')}]`);
    const k = powerOf(network, node, n, (part) => part === x);
    return {
      says: pointerSentence(output, n, k),
      found: k,
      conclusion: { kind: 'pointer-composition', output, power: k },
    };
  });
}

/** The fact that the output is not the matrix of p^k, by the turn p(t) = t + 1; null where that shows nothing. */
export function refutePointers(network: Network, output: string, k: number): Fact | null {
  const [n] = sizes(network.inputs[0].shape);
  const places = Array.from({ length: n }, (_, t) => (t + 1) % n);
  return differing(network, output, pointerSentence(output, n, k), {
    input: sparse(
      [n, n],
      places.map((place, t) => [t * n + place, Rational.one] as const),
    ),
    expected: Array.from({ length: n * n }, (_, at) => ((Math.floor(at / n) + k) % n === at % n ? 1 : 0)),
    at: { p: places.map((place) => place + 1) },
  });
}

const [TWO, HALF, THREE_HALVES, THIRD] = [
  [2, 1],
  [1, 2],
  [3, 2],
  [1, 3],
].map(([p, q]) => Rational.of(p, q));

/** The power, of a map of n places, whose matrix a node is; `isMap` knows those of the map itself. Throws Mismatch for another node. */
export function powerOf(network: Network, top: Node, n: number, isMap: (node: Node) => boolean): number {
  const powers = new Map<Node, number>();
  for (const node of network.upTo(top).nodes) {
    if (isMap(node)) powers.set(node, 1);
    else if (isClipping(node)) {
      const { keys, values } = attended(clipped(node), n);
      const [first, second] = [keys, values].map((part) => powers.get(part));
      if (first !== undefined && second !== undefined) powers.set(node, first + second);
    }
  }
  const power = powers.get(top);
  demand(power !== undefined, `'${top.name}' is not the matrix of a power of the map`);
  return power;
}

/** Whether a node is the difference of two ReLUs, a matrix. */
export function isClipping({ op, shape, inputs }: Node): boolean {
  return op === 'sub' && shape.length === 2 && inputs.every((input) => input.op === 'relu');
}

/** The V of relu(2 V - 1/2) - relu(2 V - 3/2). Throws Mismatch for another node. */
export function clipped(node: Node): Node {
  const [high, low] = argumentsOf(node, 'sub');
  const [a, b] = [shiftOf(high), shiftOf(low)];
  demand(a.of === b.of && a.by.equals(HALF) && b.by.equals(THREE_HALVES), `'${node.name}' is another clipping`);
  const [factor, mean] = argumentsOf(a.of, 'mul');
  demand(numberOf(factor).equals(TWO), `'${a.of.name}' is another multiple than 2`);
  return mean;
}

/** X and Y of softmax(beta X) Y, where rows of X with one entry 1 of n leave at most 1/4 of the mass to the others. */
export function attended(mean: Node, n: number): { readonly keys: Node; readonly values: Node } {
  const [shares, values] = argumentsOf(mean, 'matmul');
  const [strength, keys] = argumentsOf(scoresOf(shares), 'mul');
  demandGap(numberOf(strength), n);
  return { keys, values };
}

/** What a softmax along rows is taken of. */
export function scoresOf(shares: Node): Node {
  const [scores] = argumentsOf(shares, 'softmax');
  demand(isOp(shares, 'softmax') && shares.attributes.axis === 1, `'${shares.name}' is a softmax along another axis`);
  return scores;
}

/** That a logit ahead of n - 1 others by so much keeps 3/4 of the mass. */
export function demandGap(gap: Rational, n: number): void {
  demand(decayed(n - 1, gap).le(THIRD), `a gap of ${gap} leaves more than 1/4 of the mass elsewhere`);
}

function shiftOf(node: Node): { readonly of: Node; readonly by: Rational } {
  const [inner, by] = argumentsOf(argumentsOf(node, 'relu')[0], 'sub');
  return { of: inner, by: numberOf(by) };
}
