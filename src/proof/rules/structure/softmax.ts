/**
 * How far softmax weights can be apart.
 *
 * For p = softmax(x), p' = softmax(x') write p' = p e^u/sum p e^u. For a set S of entries with p-mass q, raising the logits of S by
 * D and lowering the others by D changes the mass of S most, by q(1 - q)(a - b)/(qa + (1 - q)b) with a = e^D, b = e^-D. Over all
 * q the largest value is tanh(D/2), at q = e^(-D/2)/(e^(D/2) + e^(-D/2)). The l1 distance is twice the largest change of the
 * mass of a set; an entry is a set.
 *
 * From the uniform distribution the masses are q = k/L, so that over a cube [c - B, c + B]^L the largest l1 distance is the
 * largest of the L - 1 values for k = 1, ..., L - 1, attained at two-level logits.
 *
 * A single weight p_j has the derivatives p_j(1 - p_j) and -p_j p_i: their absolute values add up to 2 p_j(1 - p_j). On the cube
 * p_j is at most 1/(1 + (L - 1)e^(-2B)), and t(1 - t) grows up to t = 1/2.
 */
import { Rational } from '../../../numbers/rational.js';
import { number } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import type { Ends } from '../../verdict.js';

import { entriesOf, type Lemma, type StatedLemma, shown } from './lemma.js';
import {
  asksFor,
  boxOf,
  isSameTerm,
  lengthsOf,
  onlyNetwork,
  pointOf,
  softmaxOfInput,
  tokensTo,
  upTo,
  written,
} from './reading.js';

const softmaxDistance: Rule = {
  id: 'softmax-distance',
  tex: "\\tfrac12 \\|\\mathrm{softmax}(x) - \\mathrm{softmax}(x')\\|_1 \\le \\tanh(\\|x - x'\\|_\\infty/2)",
};

const softmaxDeparture: Rule = {
  id: 'softmax-departure',
  tex: '\\|\\mathrm{softmax}(x) - 1/L\\|_1 \\le \\max_k 2 \\frac kL (1 - \\frac kL) \\frac{e^B - e^{-B}}{\\frac kL e^B + (1 - \\frac kL) e^{-B}}',
};

const softmaxSlope: Rule = {
  id: 'softmax-slope',
  tex: '\\textstyle\\sum_i |\\partial p_j/\\partial x_i| = 2 p_j (1 - p_j)',
};

/** y = softmax(x) for a vector x of L entries: the names, and L. */
function softmaxVector(question: Question) {
  const network = onlyNetwork(question);
  const output = network?.outputs[0];
  const input = output && softmaxOfInput(output.node);
  if (!network || !output || !input || input.shape.length !== 1 || network.inputs.length !== 1) return null;
  const [L] = lengthsOf(input);
  const points = question.names.variables.map(({ name }) => name);
  return L < 2 ? null : { y: written(output.name), x: input.attributes.name, L, points };
}

/** Two points at distance at most D. */
export const byDistance: Lemma = (question) => {
  const found = softmaxVector(question);
  const D = found && distanceOf(question, found.L);
  if (!found || !D || found.points.length !== 2) return null;
  const { L, points } = found;
  const [x, other] = points;
  const change = `|${found.y}(${x})[i] - ${found.y}(${other})[i]|`;
  const half = E.apply('tanh', E.constant(D.div(Rational.of(2))));
  const [factor] = [
    [2, `sum_{i in 1..${L}}(${change})`] as const,
    [1, `max_{i in 1..${L}}(${change})`] as const,
  ].flatMap(([times, text]) => (asksFor(question, text) ? [times] : []));
  if (!factor) return null;
  const isEverywhere = question.names.variables.every(({ sets }) => sets.every(({ kind }) => kind === 'reals'));
  const witnesses = isEverywhere ? [pointOf(question, new Map(farthest(L, D).map((v, k) => [points[k], v])))] : [];
  const lemma = factor === 2 ? 'softmax-distance' : 'softmax-distance-of-weights';
  const by = { lemma, with: { T: tokensTo(L), z: entriesOf(x), u: entriesOf(other), D } };
  return shown(question, softmaxDistance, upTo(E.scale(Rational.of(factor), half)), witnesses, by);
};

/** The D of the only condition, max_i |x[i] - x'[i]| <= D. */
function distanceOf({ names: { prefix, variables } }: Question, L: number): Rational | null {
  const [condition, ...others] = prefix?.conditions ?? [];
  if (!condition || others.length > 0 || condition.comparisons.join() !== '<=' || variables.length !== 2) return null;
  const [left, right] = condition.sides;
  const [x, other] = variables.map(({ name }) => name);
  const isDistance = [`|${x}[i] - ${other}[i]|`, `|${other}[i] - ${x}[i]|`].some((text) =>
    isSameTerm(prefix!, left, `max_{i in 1..${L}}(${text})`),
  );
  return isDistance && right.kind === 'number' && right.value.sign() >= 0 ? right.value : null;
}

/** Points where both distances are nearly attained: entries of which one alone has weight beside the first, for L = 2 exactly. */
function farthest(L: number, D: Rational): readonly (readonly Rational[])[] {
  const half = D.div(Rational.of(2));
  const far = Rational.of(-1000).sub(D.mul(Rational.of(4)));
  const first = Array.from({ length: L }, (_, i) => (i === 0 ? half.neg() : i === 1 ? half : far));
  return [first, first.map((x, i) => (i === 0 ? x.add(D) : x.sub(D)))];
}

/** One point of a cube, against the uniform distribution. */
export const byDeparture: Lemma = (question) => {
  const found = softmaxVector(question);
  const box = found && boxOf(question, found.x);
  if (!found || !box || found.points.length !== 1 || question.conditions.length > 0) return null;
  const { L, y, x } = found;
  if (!asksFor(question, `sum_{i in 1..${L}}(|${y}[i] - 1/${L}|)`)) return null;
  const B = box.hi.sub(box.lo).div(Rational.of(2));
  const { k, most } = largestDeparture(L, B);
  const witness = Array.from({ length: L }, (_, i) => (i < k ? box.hi : box.lo));
  const from = [pointOf(question, new Map([[x, witness]]))];
  return shown(question, softmaxDeparture, most, from, departure(x, L, box, most));
};

/** The lemma of the book with the tokens next to the vertex of its parabola. */
export function departure(x: string, L: number, { lo, hi }: Ends, most: Rational): StatedLemma {
  const k = Number(Rational.of(L, 4).mul(Rational.of(2).sub(most)).floor());
  const tokens = tokensTo(L);
  const numbers = { b: lo, D: hi.sub(lo), M: most };
  return {
    lemma: 'softmax-departure',
    with: { J: tokens.slice(0, k), O: tokens.slice(k), z: entriesOf(x), ...numbers },
  };
}

/** The largest of 2q(1 - q)(a - b)/(qa + (1 - q)b) over q = k/L, for a = e^B and b = e^-B. */
export function largestDeparture(L: number, B: Rational): { readonly k: number; readonly most: Rational } {
  const [a, b] = [B, B.neg()].map((exponent) => E.apply('exp', E.constant(exponent)));
  const value = (k: number) => {
    const [q, r] = [Rational.of(k, L), Rational.of(L - k, L)];
    const change = E.scale(Rational.of(2).mul(q.mul(r)), E.sub(a, b));
    return upTo(E.div(change, E.add(E.scale(q, a), E.scale(r, b))));
  };
  let best = { k: 1, most: value(1) };
  for (let k = 2; k < L; k++) {
    const most = value(k);
    if (best.most.lt(most)) best = { k, most };
  }
  return best;
}

/** |y_j(x) - y_j(x')| <= c max_i |x_i - x'_i| on a cube, for c at least twice the largest p(1 - p). */
export const bySlope: Lemma = (question) => {
  const found = softmaxVector(question);
  const box = found && boxOf(question, found.x);
  const { goal, names, conditions } = question;
  const side = goal.relation.sides[1];
  const factor = side.kind === 'product' ? side.factors[0].term : side.kind === 'reduction' ? number(1) : null;
  const isApplicable = found && box && found.points.length === 2 && conditions.length === 0;
  if (!isApplicable || factor?.kind !== 'number' || names.variables.some(({ name }) => !isSameBox(question, name, box)))
    return null;
  const { L, y, points } = found;
  const [x, other] = points;
  const distance = `${factor.value}*max_{i in 1..${L}}(|${x}[i] - ${other}[i]|)`;
  const asked = tokensTo(L).find((j) => asksFor(question, `|${y}(${x})[${j}] - ${y}(${other})[${j}]| - ${distance}`));
  if (asked === undefined) return null;
  const B = box.hi.sub(box.lo).div(Rational.of(2));
  const least = E.add(
    E.constant(Rational.one),
    E.scale(Rational.of(L - 1), E.apply('exp', E.constant(B.mul(Rational.of(-2))))),
  );
  const largest = upTo(E.power(least, Rational.of(-1))).min(Rational.of(1, 2));
  const slope = Rational.of(2).mul(largest).mul(Rational.one.sub(largest));
  // t(1 - t) grows on [0, 1/2], so that rounding t up rounds the slope up.
  const excess = slope.sub(factor.value).max(Rational.zero);
  const pair = steepest(L, box.lo, box.hi);
  const witness = pointOf(question, new Map(pair.map((v, k) => [points[k], v])));
  if (excess.sign() > 0) return shown(question, softmaxSlope, excess.mul(box.hi.sub(box.lo)), [witness]);
  const sets = { J: [asked], O: tokensTo(L).filter((j) => j !== asked) };
  const numbers = { b: box.lo, D: box.hi.sub(box.lo), m: largest, c: factor.value };
  const by = { lemma: 'mass-slope', with: { ...sets, z: entriesOf(x), u: entriesOf(other), ...numbers } };
  return shown(question, softmaxSlope, Rational.zero, [witness], by);
};

/** Two points close to each other where p_1 changes about as fast as it can: where it is 1/2, or nearest to that. */
function steepest(L: number, lo: Rational, hi: Rational): readonly (readonly Rational[])[] {
  const [middle, half] = [lo.add(hi), hi.sub(lo)].map((x) => x.div(Rational.of(2)));
  const step = half.div(Rational.of(1000));
  const balanced = Rational.of(Math.round(2 ** 20 * Math.log(L - 1)), 2 ** 21);
  const gap = half.min(balanced);
  const point = (shift: Rational) =>
    Array.from({ length: L }, (_, i) => (i === 0 ? middle.add(gap).sub(shift) : middle.sub(gap).add(shift)));
  return [point(Rational.zero), point(step)];
}

function isSameBox(question: Question, name: string, { lo, hi }: Ends): boolean {
  const own = boxOf(question, name);
  return own?.lo.equals(lo) === true && own.hi.equals(hi);
}
