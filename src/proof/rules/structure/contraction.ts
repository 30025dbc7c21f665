/**
 * What attention does to the spread of values (Birkhoff, Dobrushin).
 *
 * Two rows P_i, P_j of a stochastic matrix give averages of v that differ by at most their distance in total variation times
 * max v - min v. Rows are softmax of logits in [-B, B]: the mass of a set S of k tokens is largest, in row i, when S has B and
 * the others -B, and least in row j when it is the other way round. So the distance is at most
 *     max_k  k e^(2B)/(k e^(2B) + n - k) - k/(k + (n - k) e^(2B)),
 * which is tanh(B) for even n, at k = n/2, and it is attained by such logits with v = 1 on S and -1 elsewhere. Through several
 * layers the spreads multiply; for even n the same logits in every layer attain the product.
 */
import { isOp, type Node } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import { printPrefix } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import type { Fact } from '../../fact.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import { inputRanges } from '../inputs.js';
import { type Concluded, proveByLemma } from '../lemma.js';

import { type Lemma, shown } from './lemma.js';
import { asksFor, boxOf, lengthsOf, onlyNetwork, pointOf, softmaxOfInput, tokensTo, upTo } from './reading.js';

const attentionContraction: Rule = {
  id: 'attention-contraction',
  tex: '\\max_i (Pv)_i - \\min_i (Pv)_i \\le \\tanh(B) (\\max v - \\min v)',
};

interface Layers {
  /** The logits of each layer, the lowest first: names of inputs [n, n]. */
  readonly logits: readonly string[];
  readonly values: string;
  readonly n: number;
}

/** y = softmax(z_l) @ ... softmax(z_1) @ v for different inputs z and a vector v. */
function layersOf(node: Node): Layers | null {
  if (isOp(node, 'input') && node.shape.length === 1)
    return { logits: [], values: node.attributes.name, n: lengthsOf(node)[0] };
  if (isOp(node, 'reshape')) return isColumn(node) && isColumn(node.inputs[0]) ? layersOf(node.inputs[0]) : null;
  if (!isOp(node, 'matmul')) return null;
  const [weights, below] = node.inputs;
  const input = softmaxOfInput(weights);
  const layers = layersOf(below);
  if (!input || !layers || layers.logits.includes(input.attributes.name)) return null;
  const shape = lengthsOf(input);
  const isSquare = shape.length === 2 && shape.every((length) => length === layers.n);
  return isSquare ? { ...layers, logits: [...layers.logits, input.attributes.name] } : null;
}

/** Whether a tensor is a vector, or a vector as a column: reshaping changes nothing between the two. */
function isColumn({ shape }: Node): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1].size === 1);
}

/** The spread max y - min y, or the distance of two entries, for logits in cubes and values in an interval. */
export const byContraction: Lemma = (question) => {
  const network = onlyNetwork(question);
  const layers = network && layersOf(network.outputs[0].node);
  const names = question.names.variables.map(({ name }) => name);
  if (!network || !layers || layers.logits.length === 0 || question.conditions.length > 0) return null;
  const { logits, values, n } = layers;
  if (names.length !== logits.length + 1 || n < 2) return null;
  const box = boxOf(question, values);
  const sides = logits.map((name) => boxOf(question, name));
  if (!box || sides.some((side) => side === null) || !asksForSpread(question, network.outputs[0].name, n)) return null;
  const steps = sides.map((side) => largestDifference(n, side!.hi.sub(side!.lo)));
  const spread = E.constant(box.hi.sub(box.lo));
  const most = upTo(steps.reduce((product, { formula }) => E.mul(product, formula), spread));
  const [{ k }] = steps;
  const isIn = (i: number) => i < k;
  const point = new Map<string, readonly Rational[]>([[values, pick(n, (i) => (isIn(i) ? box.hi : box.lo))]]);
  for (const [layer, name] of logits.entries()) {
    const { lo, hi } = sides[layer]!;
    point.set(
      name,
      pick(n * n, (cell) => (isIn(Math.floor(cell / n)) === isIn(cell % n) ? hi : lo)),
    );
  }
  const own = logits.length === 1 ? rowsByLemma(question, layers, sides[0]!, box) : [];
  // The book rounds once more.
  const end = own.reduce((largest, { found }) => largest.max(found.hi), most);
  return shown(question, attentionContraction, end, [pointOf(question, point)], own);
};

/** Beyond this many tokens the pairs of rows are too many to be written out one by one. */
const MOST_CERTIFIED = 16;

/** The lemma of the book for the pairs of rows of one layer that the question is about, where they are few enough. */
function rowsByLemma(question: Question, { logits, values, n }: Layers, side: Side, box: Side): Fact<Concluded>[] {
  const network = onlyNetwork(question)!;
  const [{ node: output, name: y }] = network.outputs;
  const [z, v] = [logits[0], values].map((name) => network.inputs.find(({ attributes }) => attributes.name === name)!);
  const isSpread = asksFor(question, `max_{i in 1..${n}}(${y}[i]) - min_{i in 1..${n}}(${y}[i])`);
  if (isSpread && n > MOST_CERTIFIED) return [];
  const pairs = isSpread
    ? Array.from({ length: n * n }, (_, cell) => [Math.floor(cell / n), cell % n]).filter(([i, j]) => i < j)
    : [[0, n - 1]];
  const ends = ({ lo, hi }: Side) => [lo.toString(), hi.toString()] as const;
  const inputs = { [z.attributes.name]: ends(side), [v.attributes.name]: ends(box) };
  const domain = printPrefix(question.names.prefix!);
  const ranges = inputRanges(network, inputs, domain);
  const tokens = tokensTo(n);
  const sets = { J: tokens.slice(0, n >> 1), O: tokens.slice(n >> 1) };
  const [D, w] = [side, box].map(({ lo, hi }) => hi.sub(lo));
  const proved = pairs.map(([i, j]) =>
    proveByLemma(network, 'contraction-in-a-cube', {
      ...{ id: `rows${i + 1},${j + 1}`, says: `rows ${i + 1} and ${j + 1}`, domain, inputs, sets, ranges },
      functions: {
        z: { node: z, first: i * n, stride: 1 },
        u: { node: z, first: j * n, stride: 1 },
        v: { node: v, first: 0, stride: 1 },
      },
      numbers: { b: side.lo, D, a: box.lo, w },
      entries: { y: [output, i], x: [output, j] },
    }),
  );
  return proved.every((one) => one.kind === 'fact') ? proved : [];
}

interface Side {
  readonly lo: Rational;
  readonly hi: Rational;
}

function asksForSpread(question: Question, y: string, n: number): boolean {
  if (asksFor(question, `max_{i in 1..${n}}(${y}[i]) - min_{i in 1..${n}}(${y}[i])`)) return true;
  return [`|${y}[1] - ${y}[${n}]|`, `${y}[1] - ${y}[${n}]`].some((text) => asksFor(question, text));
}

/** The largest difference of the masses of k of n tokens in two rows with logits within a range of this width. */
function largestDifference(n: number, width: Rational): { readonly k: number; readonly formula: E.Expression } {
  const ratio = E.apply('exp', E.constant(width));
  const k = n >> 1;
  const [inside, outside] = [Rational.of(k), Rational.of(n - k)].map(E.constant);
  // For odd n, k and n - k give the same number; k(n - k) is largest in the middle.
  const high = E.div(E.mul(inside, ratio), E.add(E.mul(inside, ratio), outside));
  const low = E.div(inside, E.add(inside, E.mul(outside, ratio)));
  return { k, formula: E.sub(high, low) };
}

function pick(count: number, value: (index: number) => Rational): Rational[] {
  return Array.from({ length: count }, (_, index) => value(index));
}
