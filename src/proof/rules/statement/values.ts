import type { Rational } from '../../../numbers/rational.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { normalForm, number, printStatement, type Side, toExpression } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { certified, mint, type Shown } from '../../fact.js';
import { judge } from '../../judge.js';
import type { Values } from '../../propositions/constant.js';
import type { Goal } from '../../question/goal.js';
import { type Names, Unlabelled } from '../../question/names.js';
import type { Question } from '../../question/question.js';
import { sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Proof } from '../../theorem.js';
import { brief } from './brief.js';
import { about } from './facts.js';

/** Relations between entries that no input changes, worked out exactly where they are rational, else between two ends. */
export const closedValues: Rule = { id: 'values', tex: 'u(A) \\le v(A)' };

/**
 * What the checker needs to work out a comparison of closed formulas in entries of outputs: that it holds, or that it fails;
 * for `?` that the value lies within the claimed bounds. Null where a certificate has no words for it.
 */
function valuesEvidence(
  { relation: { sides, comparisons }, quantity }: Goal,
  names: Names,
  holds: boolean,
): Pick<Shown<null>, 'evidence' | 'conclusion'> | null {
  const texts = textsOf(sides, names);
  const value = textsOf([quantity], names)?.[0];
  if (!texts || !value || texts.some((text) => text && LONG.test(text))) return null;
  const { lo, hi } = E.valueBounds(toExpression(quantity, names), new Map());
  const isShort = lo.equals(hi) && !LONG.test(`${lo}`);
  const short = (end: Rational, direction: 'down' | 'up') => (isShort ? end : roundedTo(end, BITS, direction));
  const relations: Values['relations'] = texts.includes(null)
    ? [
        [`${short(lo, 'down')}`, '<=', value],
        [value, '<=', `${short(hi, 'up')}`],
      ]
    : comparisons.map((comparison, k) => [texts[k]!, comparison, texts[k + 1]!] as const);
  return certified(() => ({ kind: 'values', relations, holds }));
}

/** Significant binary digits of the ends of irrational values: the checker's arithmetic is another than the prover's. */
const BITS = 64;
/** Numbers that the checker does not read. */
const LONG = /\d{1900}/;

/** Each side as certificates write it, null for `?`; null for all when a name has no place in a certificate. */
function textsOf(sides: readonly Side[], names: Names): (string | null)[] | null {
  try {
    return sides.map((side) => (side.kind === 'unknown' ? null : E.toText(toExpression(side, names.labels))));
  } catch (error) {
    if (error instanceof Unlabelled) return null;
    throw error;
  }
}

/** A number that no input changes, between two ends that meet where it is rational. */
export function closedValue(question: Question): Proof {
  const [{ quantity }] = normalForm(question.statement);
  const { lo, hi } = brief(E.valueBounds(toExpression(quantity, question.names), new Map()));
  const says = sentence(
    printStatement({
      prefix: null,
      relations: [
        lo.equals(hi)
          ? { sides: [quantity, number(lo)], comparisons: ['='] }
          : { sides: [number(lo), quantity, number(hi)], comparisons: ['<=', '<='] },
      ],
    }),
  );
  const shown = { ...about(question), rule: closedValues, id: 'value', says, found: null, enclosure: { lo, hi } };
  const { verdict } = judge(question.claimed, question.names.about, [mint(shown)]);
  const checkable =
    verdict === 'undecided' ? null : valuesEvidence(question.goal, question.names, verdict === 'proved');
  return { outcomes: [mint({ ...shown, ...checkable })], method: 'exact evaluation' };
}
