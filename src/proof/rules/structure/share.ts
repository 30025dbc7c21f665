/**
 * One weight of a softmax whose L logits lie in [b, b + D]: between 1/(1 + (L - 1)e^D) and 1/(1 + (L - 1)e^(-D)), both attained. It is
 * the lemma `mass-range` of the book for a single token.
 */
import type { Node } from '../../../network/network.js';
import type { Rational } from '../../../numbers/rational.js';
import { printPrefix } from '../../../statement/index.js';
import type { Fact } from '../../fact.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import { inputRanges } from '../inputs.js';
import { type Concluded, proveByLemma } from '../lemma.js';

import { type Lemma, shown } from './lemma.js';
import { asksFor, boxOf, lengthsOf, onlyNetwork, pointOf, softmaxOfInput } from './reading.js';

const softmaxShare: Rule = {
  id: 'softmax-share',
  tex: '\\frac{1}{1 + (L-1)e^{D}} \\le p_j \\le \\frac{1}{1 + (L-1)e^{-D}}',
};

/** p[j] for p = softmax(x) of a vector, from above or from below. */
export const byShare: Lemma = (question) => {
  const network = onlyNetwork(question);
  const output = network?.outputs[0];
  const input = output && softmaxOfInput(output.node);
  const { goal, names, conditions } = question;
  if (!output || !input || input.shape.length !== 1 || names.variables.length !== 1 || conditions.length > 0)
    return null;
  const box = boxOf(question, input.attributes.name);
  const j = indexOf(question, output.name);
  if (!box || j === null) return null;
  const fact = shareByLemma(question, input, output.node, j, box);
  if (!fact) return null;
  const isLower = goal.measure === 'inf';
  const [own, rest] = isLower ? [box.lo, box.hi] : [box.hi, box.lo];
  const point = Array.from({ length: lengthsOf(input)[0] }, (_, k) => (k === j - 1 ? own : rest));
  const { lo, hi } = fact.found;
  return shown(
    question,
    softmaxShare,
    isLower ? lo : hi,
    [pointOf(question, new Map([[input.attributes.name, point]]))],
    [fact],
  );
};

/** The j of a question about entry j of the output; null for other questions. */
function indexOf(question: Question, output: string): number | null {
  const { quantity, measure } = question.goal;
  const [index] = quantity.kind === 'entry' ? quantity.indices : [];
  if (quantity.kind !== 'entry' || quantity.indices.length !== 1 || index.kind !== 'number') return null;
  const text = `${output}[${index.value}]`;
  const isAsked = asksFor(question, measure === 'sup-abs' ? `|${text}|` : text, measure === 'inf' ? 'lo' : 'hi');
  return isAsked ? Number(index.value.num) : null;
}

/** Where entry j lies, by the book. */
function shareByLemma(
  question: Question,
  input: Node<'input'>,
  output: Node,
  j: number,
  { lo, hi }: { readonly lo: Rational; readonly hi: Rational },
): Fact<Concluded> | null {
  const network = onlyNetwork(question)!;
  const inputs = { [input.attributes.name]: [lo.toString(), hi.toString()] as const };
  const domain = printPrefix(question.names.prefix!);
  const others = Array.from({ length: lengthsOf(input)[0] }, (_, t) => t + 1).filter((t) => t !== j);
  const found = proveByLemma(network, 'mass-range', {
    ...{ id: `entry${j}`, says: `entry ${j} of the softmax`, domain, inputs, sets: { J: [j], O: others } },
    functions: { z: { node: input, first: 0, stride: 1 } },
    numbers: { b: lo, D: hi.sub(lo) },
    entries: { y: [output, j - 1] },
    ranges: inputRanges(network, inputs, domain),
  });
  return found.kind === 'fact' ? found : null;
}
