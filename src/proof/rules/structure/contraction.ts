/**
 * What attention does to the spread of values (Birkhoff, Dobrushin).
 *
 * Two rows P_i, P_j of a stochastic matrix give averages of v that differ by at most their distance in total variation times
 * max v - min v. Rows are softmax of logits in [-B, B]: the mass of a set S of k tokens is largest, in row i, when S has B and
 * the others -B, and least in row j when it is the other way round. So the distance is at most
 *     max_k  k e^(2B)/(k e^(2B) + n - k) - k/(k + (n - k) e^(2B)),
 * which is tanh(B) for even n, at k = n/2, and it is attained by such logits with v = 1 on S and -1 elsewhere.
 */
import { isOp, type Node } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import { printPrefix } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import type { Fact } from '../../fact.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import type { Ends } from '../../verdict.js';
import { inputRanges } from '../inputs.js';
import { type Concluded, proveByLemma } from '../lemma.js';
import { indices } from '../tensors.js';

import { type Lemma, shown } from './lemma.js';
import { asksFor, boxOf, lengthsOf, onlyNetwork, pointOf, softmaxOfInput, tokensTo, upTo, written } from './reading.js';

const attentionContraction: Rule = {
  id: 'attention-contraction',
  tex: '\\max_i (Pv)_i - \\min_i (Pv)_i \\le \\tanh(B) (\\max v - \\min v)',
};

interface Layer {
  /** The input of logits [n, n], and the vector that their softmax averages. */
  readonly z: Node<'input'>;
  readonly v: Node<'input'>;
  readonly n: number;
}

/** y = softmax(z) @ v for different inputs z and a vector v. */
function layerOf(node: Node): Layer | null {
  const product = behind(node);
  const [weights, values] = isOp(product, 'matmul') ? product.inputs : [];
  const z = weights && softmaxOfInput(weights);
  const v = values && behind(values);
  if (!z || !v || !isOp(v, 'input') || v.shape.length !== 1) return null;
  const [n] = lengthsOf(v);
  return lengthsOf(z).join() === `${n},${n}` ? { z, v, n } : null;
}

/** The vector of which a tensor is a reshape to a column, or the other way round: nothing changes between the two. */
function behind(node: Node): Node {
  return isOp(node, 'reshape') && isColumn(node) && isColumn(node.inputs[0]) ? behind(node.inputs[0]) : node;
}

function isColumn({ shape }: Node): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1].size === 1);
}

/** The spread max y - min y, or the distance of two entries, for logits in a cube and values in an interval. */
export const byContraction: Lemma = (question) => {
  const network = onlyNetwork(question);
  const layer = network && layerOf(network.outputs[0].node);
  const { names, conditions } = question;
  if (!network || !layer || conditions.length > 0 || names.variables.length !== 2 || layer.n < 2) return null;
  const { z, v, n } = layer;
  const [side, box] = [z, v].map(({ attributes }) => boxOf(question, attributes.name));
  if (!box || !side || !asksForSpread(question, written(network.outputs[0].name), n)) return null;
  const { k, formula } = largestDifference(n, side.hi.sub(side.lo));
  const most = upTo(E.mul(E.constant(box.hi.sub(box.lo)), formula));
  const isIn = (i: number) => i < k;
  const point = new Map([
    [v.attributes.name, indices(n).map((i) => (isIn(i) ? box.hi : box.lo))],
    [
      z.attributes.name,
      indices(n * n).map((cell) => (isIn(Math.floor(cell / n)) === isIn(cell % n) ? side.hi : side.lo)),
    ],
  ]);
  const own = rowsByLemma(question, layer, side, box);
  // The book rounds once more.
  const end = own.reduce((largest, { found }) => largest.max(found.hi), most);
  return shown(question, attentionContraction, end, [pointOf(question, point)], own);
};

/** Beyond this many tokens the pairs of rows are too many to be written out one by one. */
const MOST_CERTIFIED = 16;

/** The lemma of the book for the pairs of rows of one layer that the question is about, where they are few enough. */
function rowsByLemma(question: Question, { z, v, n }: Layer, side: Ends, box: Ends): Fact<Concluded>[] {
  const network = onlyNetwork(question)!;
  const [{ node: output, name }] = network.outputs;
  const y = written(name);
  const isSpread = asksFor(question, `max_{i in 1..${n}}(${y}[i]) - min_{i in 1..${n}}(${y}[i])`);
  if (isSpread && n > MOST_CERTIFIED) return [];
  const pairs = isSpread
    ? indices(n * n)
        .map((cell) => [Math.floor(cell / n), cell % n])
        .filter(([i, j]) => i < j)
    : [[0, n - 1]];
  const ends = ({ lo, hi }: Ends) => [lo.toString(), hi.toString()] as const;
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
