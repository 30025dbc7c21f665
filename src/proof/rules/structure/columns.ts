/**
 * Column sums of n rows of softmax weights with logits in a cube [c - B, c + B]^n each. A weight lies between
 * 1/(1 + (n - 1)e^(2B)) and 1/(1 + (n - 1)e^(-2B)), both attained, and n equal rows add n times one weight. The l1 distances of the
 * rows from 1/n add up to the sum over columns of |s_j - 1| at most, and equal rows attain n times the largest of one row.
 */
import { Rational } from '../../../numbers/rational.js';
import * as E from '../../../symbolic/index.js';
import type { Rule } from '../../step.js';

import { entriesOf, type Lemma, shown } from './lemma.js';
import { asksFor, downTo, pointOf, softmaxOverBox, upTo } from './reading.js';
import { weightsByLemma } from './share.js';
import { departure, largestDeparture } from './softmax.js';

const columnSums: Rule = {
  id: 'column-sums',
  tex: '\\frac{n}{1 + (n-1)e^{2B}} \\le \\textstyle\\sum_i P_{ij} \\le \\frac{n}{1 + (n-1)e^{-2B}}',
};

/** sum_i y[i, j] from both sides, and sum_j |sum_i y[i, j] - 1|. */
export const byColumns: Lemma = (question) => {
  const found = softmaxOverBox(question);
  if (found?.shape.length !== 2) return null;
  const [n, columns] = found.shape;
  if (n !== columns || n < 2) return null;
  const { y, x, box } = found;
  const width = box.hi.sub(box.lo);
  const rows = (value: (j: number) => Rational) =>
    pointOf(question, new Map([[x, Array.from({ length: n * n }, (_, cell) => value(cell % n))]]));
  if (asksFor(question, `sum_{j in 1..${n}}(|sum_{i in 1..${n}}(${y}[i, j]) - 1|)`)) {
    const { k, most } = largestDeparture(n, width.div(Rational.of(2)));
    const row = departure(x, n, box, most);
    const by = { ...row, with: { ...row.with, z: { ...entriesOf(x), each: n } }, rows: n };
    return shown(question, columnSums, most.mul(Rational.of(n)), [rows((j) => (j < k ? box.hi : box.lo))], by);
  }
  const place = Array.from({ length: n }, (_, j) => j);
  for (const side of ['hi', 'lo'] as const) {
    const j = place.find((column) => asksFor(question, `sum_{i in 1..${n}}(${y}[i, ${column + 1}])`, side));
    if (j === undefined) continue;
    const exponent = E.constant(side === 'hi' ? width.neg() : width);
    const others = E.scale(Rational.of(n - 1), E.apply('exp', exponent));
    const sum = E.div(E.constant(Rational.of(n)), E.add(E.constant(Rational.one), others));
    const [own, rest] = side === 'hi' ? [box.hi, box.lo] : [box.lo, box.hi];
    const by = weightsByLemma(question, found, j + 1);
    const end = side === 'hi' ? upTo(sum) : downTo(sum);
    return shown(question, columnSums, end, [rows((k) => (k === j ? own : rest))], by);
  }
  return null;
};
