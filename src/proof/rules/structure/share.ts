/**
 * One weight of a softmax whose L logits lie in [b, b + D]: between 1/(1 + (L - 1)e^D) and 1/(1 + (L - 1)e^(-D)), both attained. It is
 * the lemma `mass-range` of the book for a single token.
 */
import { printPrefix } from '../../../statement/index.js';
import type { Fact } from '../../fact.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import { inputRanges } from '../inputs.js';
import { type Concluded, proveByLemma } from '../lemma.js';

import { type Lemma, shown } from './lemma.js';
import { asksFor, pointOf, softmaxOverBox, tokensTo } from './reading.js';

const softmaxShare: Rule = {
  id: 'softmax-share',
  tex: '\\frac{1}{1 + (L-1)e^{D}} \\le p_j \\le \\frac{1}{1 + (L-1)e^{-D}}',
};

/** p[j] for p = softmax(x) of a vector, from above or from below. */
export const byShare: Lemma = (question) => {
  const found = softmaxOverBox(question);
  const j = found?.shape.length === 1 ? indexOf(question, found.y) : null;
  const [fact] = found && j !== null ? weightsByLemma(question, found, j) : [];
  if (!found || !fact) return null;
  const { x, box, shape } = found;
  const isLower = question.goal.measure === 'inf';
  const [own, rest] = isLower ? [box.lo, box.hi] : [box.hi, box.lo];
  const point = pointOf(question, new Map([[x, tokensTo(shape[0]).map((k) => (k === j ? own : rest))]]));
  return shown(question, softmaxShare, isLower ? fact.found.lo : fact.found.hi, [point], [fact]);
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

/** Where entry j lies, or column j of a matrix, by the book; no fact where the lemma does not apply. */
export function weightsByLemma(
  question: Question,
  { network, input, node, x, box: { lo, hi }, shape }: NonNullable<ReturnType<typeof softmaxOverBox>>,
  j: number,
): Fact<Concluded>[] {
  const inputs = { [x]: [lo.toString(), hi.toString()] as const };
  const domain = printPrefix(question.names.prefix!);
  const [L, rows] = [shape[shape.length - 1], shape.length === 1 ? null : tokensTo(shape[0])];
  const found = proveByLemma(network, 'mass-range', {
    ...{ id: `${rows ? 'column' : 'entry'}${j}`, domain, inputs, ...(rows && { each: rows }) },
    says: rows ? `the entries of column ${j}` : `entry ${j} of the softmax`,
    sets: { J: [j], O: tokensTo(L).filter((t) => t !== j) },
    functions: { z: { node: input, first: 0, stride: 1, ...(rows && { each: L }) } },
    numbers: { b: lo, D: hi.sub(lo) },
    entries: { y: rows ? [node, j - 1, L] : [node, j - 1] },
    ranges: inputRanges(network, inputs, domain),
  });
  return found.kind === 'fact' ? [found] : [];
}
