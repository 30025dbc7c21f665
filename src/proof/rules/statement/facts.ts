import type { Bounded } from '../../../enclose/bounds/problem.js';
import { toDecimal } from '../../../numbers/decimal.js';
import type { Rational } from '../../../numbers/rational.js';
import { number, type Prefix, printPrefix, printStatement, type Side } from '../../../statement/index.js';
import { type Fact, mint, open } from '../../fact.js';
import type { Question } from '../../question/question.js';
import { type Sentence, sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Proof } from '../../theorem.js';
import { type Method, statementEvidence } from './evidence.js';

/** Bounds over all inputs of a domain that satisfy conditions, by a search that encloses the formula the weights compute. */
export const statementBounds: Rule = {
  id: 'statement-bounds',
  tex: '\\mathrm{lo} \\le u(x) \\le \\mathrm{hi} \\text{ for all } x \\in D \\text{ with } C(x)',
};

/** The fact that the comparison holds, for rules that show it as it stands. */
export function wholeClaim(question: Question, rule: Rule, id: string, method: Method): Fact {
  const checkable = statementEvidence(question, null, method);
  return mint({ ...about(question), rule, id, says: question.claimed, found: null, ...checkable });
}

/** The fact that the quantity is at most a number at every input that is meant. */
export function boundedAbove(question: Question, rule: Rule, id: string, end: Rational, method: Method): Fact {
  const says = related(question.names.prefix, [question.goal.quantity, number(end)], '<=');
  const checkable = statementEvidence(question, end, method);
  return mint({ ...about(question), rule, id, says, found: null, enclosure: { lo: null, hi: end }, ...checkable });
}

export function stayingOpen({ claimed }: Question, rule: Rule, why: string): Pick<Proof, 'outcomes' | 'notes'> {
  return { outcomes: [open(rule, 'enclosure', claimed.text, why)], notes: [why] };
}

/** What facts about a question are about. */
export function about({ names: { about: network, prefix } }: Question) {
  return { network, domain: prefix && printPrefix(prefix) };
}

/** The sentence of one relation. */
export function related(prefix: Prefix | null, sides: readonly Side[], comparison: '<=' | '>='): Sentence {
  return sentence(printStatement({ prefix, relations: [{ sides, comparisons: [comparison] }] }));
}

export function whyOpen({ enclosure: { lo, hi }, reason }: Bounded): string {
  const known = `known: [${lo ? toDecimal(lo, 6, 'down') : '-infinity'}, ${hi ? toDecimal(hi, 6, 'up') : 'infinity'}]`;
  return `${reason ?? 'the bound lies between the two ends'}; ${known}`;
}
