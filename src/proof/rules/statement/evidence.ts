import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { summarise } from '../../../network/summary.js';
import { sizeOf } from '../../../network/tensor.js';
import { Rational } from '../../../numbers/rational.js';
import {
  canonical,
  type Entry,
  MIRRORED,
  mentions,
  number,
  printStatement,
  termOf,
  toExpression,
} from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { certified, type Shown } from '../../fact.js';
import type { Goal } from '../../question/goal.js';
import { outputNamed } from '../../question/model.js';
import type { Names } from '../../question/names.js';
import type { Point, Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import { Networks } from '../../subject.js';
import { leastModulus } from '../../verdict.js';

export type Checkable = Pick<Shown<null>, 'evidence' | 'conclusion'>;

/** How the checker is to see that a sentence is true: a hint, of which nothing is believed. */
export type Method = 'boxes' | 'cells' | 'slopes';

/** A point that was evaluated, by entries of variables. */
export const instanceRule: Rule = { id: 'instance', tex: 'u(x) \\in [\\mathrm{lo}, \\mathrm{hi}]' };

/** The comparison with its bound, or with `end` in the place of `?`, as a sentence that the checker reads; null if it cannot. */
function certifiable({ goal, names, statement }: Question, end: Rational | null): string | null {
  const isChoice = goal.relation.sides.some(({ kind }) => kind === 'argmax');
  const { sides, comparisons } = isChoice ? statement.relations[0] : goal.relation;
  const stated = sides.map((side) => (side.kind === 'unknown' && end ? number(end) : side));
  const relations = [{ sides: stated, comparisons }];
  const used = [...relations, ...(names.prefix?.conditions ?? [])].flatMap((relation) => relation.sides);
  const isReadable = used.every(
    (side) => side.kind !== 'unknown' && !mentions(side, (name) => !names.isCertifiable(name)),
  );
  const text = printStatement({ prefix: names.prefix, relations });
  return isReadable && !text.includes('"') ? text : null;
}

/** What the checker needs to see for itself that the comparison holds, with the found end in the place of `?`. */
export function statementEvidence(question: Question, end: Rational | null, method: Method): Checkable | null {
  return followsEvidence(question, end, { method });
}

/** The same by a rule of its own about sentences, with what that takes beside the text. */
export function followsEvidence(question: Question, end: Rational | null, hints: object = {}): Checkable | null {
  const text = certifiable(question, end);
  if (text === null) return null;
  return certified(
    () => ({ kind: 'statement', text }),
    () => hints,
  );
}

/**
 * What the checker needs to see that the comparison fails at a point, or, for `?`, that the value there is no less (for an
 * infimum: no more) than `value`. Null where the point does neither.
 */
export function instanceEvidence(question: Question, point: Point, { lo, hi }: E.ValueBounds): Checkable | null {
  const { goal, names } = question;
  const { bound, measure, relation, strict } = goal;
  const least = measure === 'sup-abs' ? leastModulus({ lo, hi }) : lo;
  const exceeds = (a: Rational, b: Rational) => (strict ? b.le(a) : b.lt(a));
  const isCounter = bound !== null && (measure === 'inf' ? exceeds(bound, hi) : exceeds(least, bound));
  if (bound !== null && !isCounter) return null;
  const value = measure === 'inf' ? hi : least;
  const turned = { ...relation, comparisons: relation.comparisons.map((comparison) => MIRRORED[comparison]) };
  const asked = isCounter ? question : { ...question, goal: { ...goal, relation: turned } };
  const text = certifiable(asked, value);
  if (text === null) return null;
  const given = names.variables.map(({ name, entries }) => [
    name,
    entries.map((entry) => point.get(entry)!.toString()),
  ]);
  return certified(() => ({ kind: 'instance', text, point: Object.fromEntries(given), holds: !isCounter }));
}

/**
 * What a checker needs to see |y - f(x)| <= most exactly, by the corners of a small net: the only output, one number, over
 * one interval for all entries of the only input. The goal's own bound stands in the certificate where it is larger. Null
 * for other goals.
 */
export function everywhereEvidence(goal: Goal, names: Names, most: Rational): Checkable | null {
  const place = placeOf(goal, names);
  if (!place || !isSmall(names) || !isPiecewiseLinear(place.entry, names)) return null;
  const { output, node, domain, target } = place;
  const bound = goal.bound?.max(most) ?? most;
  const ends = { lo: bound.neg().toString(), hi: bound.toString() };
  return {
    evidence: () => ({ node, domain, entries: '0', target, ...ends }),
    conclusion: () => ({ kind: 'approximation', output, domain, target, ...ends }),
  };
}

/** Smooth networks have no corners; they are bounded over boxes. */
function isPiecewiseLinear(entry: Entry, names: Names): boolean {
  return E.isPiecewiseLinear(
    toExpression(entry, names),
    names.variables.flatMap(({ entries }) => entries),
  );
}

/** Whether the corners of the pieces on which the network is affine can be visited one by one. */
function isSmall({ variables, about }: Names): boolean {
  const count = variables.reduce((sum, { entries }) => sum + entries.length, 0);
  return count === 1 || (count <= MOST_ENTRIES && !(about instanceof Networks) && summarise(about).units <= MOST_UNITS);
}

const MOST_ENTRIES = 3;
const MOST_UNITS = 16;

/** Where the checker looks: output, domain and target as certificates write them. */
function placeOf({ quantity, measure, strict }: Goal, names: Names) {
  const [variable, ...others] = names.variables;
  const { about: network, prefix } = names;
  if (network instanceof Networks || prefix?.conditions.length !== 0) return null;
  const [input] = network.inputs;
  const isOne = others.length === 0 && network.inputs.length === 1 && measure === 'sup-abs';
  if (!isOne || strict || !variable || variable.name !== input.attributes.name) return null;
  const sides = variable.sets.map((set) => (set.kind === 'interval' && set.lo.lt(set.hi) ? `${set.lo} ${set.hi}` : ''));
  if (sides[0] === '' || sides.some((side) => side !== sides[0])) return null;
  const form = canonical(quantity, { variables: new Set([variable.name]) });
  const [first, ...rest] = [...form.parts];
  const isOutput = first && first[1].term.kind === 'entry' && first[1].coefficient.abs().equals(Rational.one);
  if (!isOutput || first[1].term.kind !== 'entry') return null;
  const named = outputOf(first[1].term, network);
  if (!named || rest.some(([, { term }]) => mentions(term, (name) => name !== variable.name && !/^i\d+_*$/.test(name))))
    return null;
  const left = termOf({ constant: form.constant, parts: new Map(rest) });
  const sign = first[1].coefficient.neg();
  const target = E.toText(E.scale(sign, toExpression(left, names)));
  const [lo, hi] = sides[0].split(' ');
  const domain: Record<string, readonly [string, string]> = { [variable.name]: [lo, hi] };
  return { ...named, entry: first[1].term, domain, target };
}

/** Names that other rules of the checker write into statements. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

function outputOf({ name, at }: Entry, network: Network): { output: string; node: number } | null {
  const found = outputNamed(network, name);
  if (!found || !PLAIN.test(found.name) || at !== null || sizeOf(sizes(found.node.shape)) !== 1) return null;
  return { output: found.name, node: network.nodes.indexOf(found.node) };
}
