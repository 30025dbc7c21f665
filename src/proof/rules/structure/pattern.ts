import { isOp, type Network, type Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { Rational } from '../../../numbers/rational.js';
import { roundedAbove, roundedBelow } from '../../../numbers/round-up.js';
import {
  normalForm,
  parseTermText,
  printPrefix,
  printStatement,
  rangesText,
  type Side,
  type Term,
} from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { lemmaOf } from '../../book/read.js';
import { conclusionTex } from '../../book/tex.js';
import { type Fact, mint } from '../../fact.js';
import type { Question } from '../../question/question.js';
import { sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Proof } from '../../theorem.js';
import { statedLemma } from '../lemma.js';
import { followsEvidence, statementEvidence } from '../statement/evidence.js';
import { atWitness } from '../statement/witness.js';

/**
 * Lemmas about networks of a known structure, for statements that a search cannot reach. A lemma says what it bounds as a text of
 * the language; it applies where that is what the question asks, in normal form.
 */
export type Lemma = (question: Question) => Proof | null;

/** Whether the question bounds this quantity, for the inputs of its own prefix, from above, or from below. */
export function asksFor({ goal, names: { prefix } }: Question, quantity: string, side: 'hi' | 'lo' = 'hi'): boolean {
  if ((goal.measure === 'inf') !== (side === 'lo') || prefix === null) return false;
  const asked: Term = goal.measure === 'sup-abs' ? { kind: 'call', fn: 'abs', args: [goal.quantity] } : goal.quantity;
  return subjectOf(prefix, asked) === subjectOf(prefix, parseTermText(quantity));
}

function subjectOf(prefix: NonNullable<Question['names']['prefix']>, quantity: Term): string {
  const relations = [{ sides: [quantity, { kind: 'number', value: FAR } as const], comparisons: ['<='] as const }];
  const [{ subject, lo, hi }] = normalForm({ prefix, relations });
  return `${subject} ${lo} ${hi}`;
}

/** Whether a side of a condition is this quantity. */
export function isSameTerm(prefix: NonNullable<Question['names']['prefix']>, side: Side, text: string): boolean {
  const bare = { ...prefix, conditions: [] };
  return side.kind !== 'unknown' && subjectOf(bare, side) === subjectOf(bare, parseTermText(text));
}

/** Any bound will do: subjects are compared, and where the constants of the quantity have gone. */
const FAR = Rational.of(1);

/**
 * What a lemma shows: the quantity is at most `end` everywhere (at least, where the question bounds it from below), and what is
 * attained at points where that is near. Where facts about entries of the output come to it, `by` is these: a checker adds
 * them up, and takes the mean of a `pair` of the arguments of a maximum that is asked for from below. Where a lemma of the book says it of the quantity itself, it is that lemma;
 * where the quantity is a number by what the checker knows of softmaxes, `normal form`.
 */
export function shown(
  question: Question,
  rule: Rule,
  end: Rational,
  points: readonly ReadonlyMap<string, Rational>[],
  by: readonly Fact[] | StatedLemma | 'normal form' = [],
  pair?: readonly [number, number],
): Proof {
  const { goal, names } = question;
  const { prefix, about: network } = names;
  const isLower = goal.measure === 'inf';
  const left: Term = goal.measure === 'sup-abs' ? { kind: 'call', fn: 'abs', args: [goal.quantity] } : goal.quantity;
  const relations = [
    { sides: [left, { kind: 'number', value: end } as const], comparisons: [isLower ? '>=' : '<='] as const },
  ];
  const says = sentence(printStatement({ prefix, relations }));
  const domain = prefix && printPrefix(prefix);
  const enclosure = isLower ? { lo: end, hi: null } : { lo: null, hi: end };
  const fact = mint({
    ...{ rule, id: rule.id, network, domain, says, found: null, enclosure },
    ...(by === 'normal form'
      ? byNormalForm(question, end)
      : 'lemma' in by
        ? byBook(question, end, by)
        : byFacts(question, end, by, pair)),
  });
  return { outcomes: [fact, ...points.flatMap((point) => atWitness(question, point))], method: `the lemma ${rule.id}` };
}

/**
 * A lemma of the book whose conclusion is about terms in entries of variables: its sets as ranges, numbers, and functions as numbers
 * with the tokens that have them, or as the entries of a variable.
 */
export interface StatedLemma {
  readonly lemma: string;
  readonly with: Readonly<
    Record<string, Rational | readonly number[] | EntriesOf | readonly (readonly [Rational, readonly number[]])[]>
  >;
}

interface EntriesOf {
  readonly of: string;
  readonly first: number;
  readonly stride: number;
}

/** The entries of a vector. */
export function entriesOf(variable: string): EntriesOf {
  return { of: variable, first: 0, stride: 1 };
}

function byBook(question: Question, end: Rational, { lemma, with: given }: StatedLemma) {
  const checkable = followsEvidence(question, end);
  if (!checkable) return {};
  const { evidence, conclusion } = checkable;
  const written = Object.entries(given).map(([name, value]) => [name, certified(value)]);
  const data = { lemma, with: Object.fromEntries(written) };
  const withLemma: typeof evidence = (network, claimed) => ({ ...evidence!(network, claimed), ...data });
  const { coq } = lemmaOf(lemma);
  const rule = { ...statedLemma, tex: conclusionTex(lemmaOf(lemma)), book: { name: lemma, coq } };
  return { rule, evidence: withLemma, conclusion };
}

function byNormalForm(question: Question, end: Rational) {
  const checkable = statementEvidence(question, end, 'boxes');
  return checkable ? { rule: STATEMENT, ...checkable } : {};
}

const STATEMENT: Rule = { id: 'statement-bounds', tex: '\\textstyle\\sum_j \\mathrm{softmax}(z)_j = 1' };

function certified(value: StatedLemma['with'][string]): unknown {
  if (value instanceof Rational) return value.toString();
  if ('of' in value) return value;
  const isSet = value.every((one) => typeof one === 'number');
  return isSet ? rangesText(value) : value.map(([number, tokens]) => [number.toString(), rangesText(tokens)]);
}

function byFacts(question: Question, end: Rational, by: readonly Fact[], pair?: readonly [number, number]) {
  const checkable = by.length > 0 ? followsEvidence(question, end, pair) : null;
  return { premises: by, ...(checkable && { rule: FOLLOWS, ...checkable }) };
}

/** A statement about entries of outputs, from bounds of these. */
const FOLLOWS: Rule = { id: 'follows', tex: 'a \\le b,\\; b \\le c \\;\\Rightarrow\\; a \\le c' };

/** A closed formula from below, in 64 significant bits. */
export function downTo(formula: E.Expression): Rational {
  return roundedBelow(E.valueBounds(formula, new Map(), ballIntervals(192)).lo, 64).below;
}

/** A closed formula from above, in 64 significant bits. */
export function upTo(formula: E.Expression): Rational {
  return roundedAbove(E.valueBounds(formula, new Map(), ballIntervals(192)).hi, 64);
}

/** The network of a question about one network with one output; null for others. */
export function onlyNetwork({ names: { about } }: Question): Network | null {
  return 'inputs' in about && about.outputs.length === 1 ? (about as Network) : null;
}

/** The input that a softmax along the last axis is applied to directly. */
export function softmaxOfInput(node: Node): Node<'input'> | null {
  if (!isOp(node, 'softmax') || node.attributes.axis !== node.shape.length - 1) return null;
  const [argument] = node.inputs;
  return isOp(argument, 'input') ? argument : null;
}

/** lo and hi when all entries of a variable lie in one interval. */
export function boxOf({ names: { variables } }: Question, name: string): { lo: Rational; hi: Rational } | null {
  const sets = variables.find((variable) => variable.name === name)?.sets ?? [];
  const [first] = sets;
  if (first?.kind !== 'interval') return null;
  const { lo, hi } = first;
  const isOne = sets.every((set) => set.kind === 'interval' && set.lo.equals(lo) && set.hi.equals(hi));
  return isOne ? { lo, hi } : null;
}

/** A point of the domain from rows of values by variable, in the order of its entries. */
export function pointOf({ names: { variables } }: Question, values: ReadonlyMap<string, readonly Rational[]>) {
  return new Map(
    variables.flatMap(({ name, entries }) => entries.map((entry, i) => [entry, values.get(name)![i]] as const)),
  );
}

export function lengthsOf(node: Node): readonly number[] {
  return sizes(node.shape);
}
