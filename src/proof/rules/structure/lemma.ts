import { Rational } from '../../../numbers/rational.js';
import { number, rangesText } from '../../../statement/index.js';
import { lemmaOf } from '../../book/read.js';
import { conclusionTex } from '../../book/tex.js';
import { type Fact, mint } from '../../fact.js';
import { measuredOf } from '../../question/goal.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import type { Proof } from '../../theorem.js';
import { statedLemma } from '../lemma.js';
import { followsEvidence, statementEvidence } from '../statement/evidence.js';
import { about, related } from '../statement/facts.js';
import { atWitness } from '../statement/witness.js';

/**
 * Lemmas about networks of a known structure, for statements that a search cannot reach. A lemma says what it bounds as a text of
 * the language; it applies where that is what the question asks, in normal form.
 */
export type Lemma = (question: Question) => Proof | null;

/**
 * What a lemma shows: the quantity is at most `end` everywhere (at least, where the question bounds it from below), and what is
 * attained at points where that is near. Where facts about entries of the output come to it, `by` is these: a checker adds
 * them up, and takes the mean of a `pair` of the arguments of a maximum that is asked for from below. Where a lemma of the
 * book says it of the quantity itself, it is that lemma; where the quantity is a number by what the checker knows of
 * softmaxes, `normal form`. Else a rule that the checker has for it says it.
 */
export function shown(
  question: Question,
  rule: Rule,
  end: Rational,
  points: readonly ReadonlyMap<string, Rational>[],
  by: readonly Fact[] | StatedLemma | OwnRule | 'normal form' = [],
  pair?: readonly [number, number],
): Proof {
  const { goal, names } = question;
  const isLower = goal.measure === 'inf';
  const says = related(names.prefix, [measuredOf(goal), number(end)], isLower ? '>=' : '<=');
  const enclosure = isLower ? { lo: end, hi: null } : { lo: null, hi: end };
  const fact = mint({
    ...{ ...about(question), rule, id: rule.id, says, found: null, enclosure },
    ...(by === 'normal form'
      ? byNormalForm(question, end)
      : 'lemma' in by
        ? byBook(question, end, by)
        : 'data' in by
          ? { rule: by.rule, ...followsEvidence(question, end, by.data) }
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
  /** For so many rows of entries, of which it bounds sums of absolute values: what they add up to. */
  readonly rows?: number;
}

interface EntriesOf {
  readonly of: string;
  readonly first: number;
  readonly stride: number;
  /** How much further the entries of the next row are. */
  readonly each?: number;
}

/** The entries of a vector. */
export function entriesOf(variable: string): EntriesOf {
  return { of: variable, first: 0, stride: 1 };
}

function byBook(question: Question, end: Rational, { lemma: name, with: given, rows }: StatedLemma) {
  const written = Object.entries(given).map(([key, value]) => [key, certified(value)]);
  const hints = { lemma: name, with: Object.fromEntries(written), ...(rows && { rows }) };
  const checkable = followsEvidence(question, end, hints);
  const lemma = lemmaOf(name);
  const rule = { ...statedLemma, tex: conclusionTex(lemma), book: { name, coq: lemma.coq } };
  return checkable ? { rule, ...checkable } : {};
}

/** A rule of the checker about the statement itself, and what it takes beside the text. */
interface OwnRule {
  readonly rule: Rule;
  readonly data: Readonly<Record<string, string>>;
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
  const checkable = by.length > 0 ? followsEvidence(question, end, pair && { pair }) : null;
  return { premises: by, ...(checkable && { rule: FOLLOWS, ...checkable }) };
}

/** A statement about entries of outputs, from bounds of these. */
const FOLLOWS: Rule = { id: 'follows', tex: 'a \\le b,\\; b \\le c \\;\\Rightarrow\\; a \\le c' };
