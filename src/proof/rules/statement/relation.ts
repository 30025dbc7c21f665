import { Unfinished, within } from '../../../deadline.js';
import { boundMeasure } from '../../../enclose/bounds/bound.js';
import { type Bounded, isVacuous } from '../../../enclose/bounds/problem.js';
import type { Stop } from '../../../enclose/supremum.js';
import { InputError, quote } from '../../../errors.js';
import { UnsupportedOperation } from '../../../evaluate/algebra.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Rational } from '../../../numbers/rational.js';
import {
  canonical,
  normalForm,
  number,
  printStatement,
  printTerm,
  type Relation,
  toExpression,
} from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { mint, type Outcome, open } from '../../fact.js';
import { judge } from '../../judge.js';
import { demandDefined } from '../../question/definedness.js';
import { type Goal, goalsOf, meaningOf, measuredOf } from '../../question/goal.js';
import type { Names } from '../../question/names.js';
import { conditionsOf, inequalities, type Question, setsOf } from '../../question/question.js';
import { SIZES, sizeNamed } from '../../question/size.js';
import { sentence } from '../../sentence.js';
import { Networks } from '../../subject.js';
import type { Proof } from '../../theorem.js';
import { proveSize } from '../counting.js';
import { byStructure } from '../structure/index.js';
import { supremumNorm } from '../sup-norm.js';
import { briefly } from './brief.js';
import { everywhereEvidence, type Method, statementEvidence } from './evidence.js';
import { about, related, statementBounds, stayingOpen, wholeClaim, whyOpen } from './facts.js';
import { bySlopes } from './two-points.js';
import { closedValue } from './values.js';

import { atWitness } from './witness.js';

/** How far to search. */
export interface Search {
  readonly deadline?: number;
  /** For `?`: how close the two ends have to come, relative to the larger. */
  readonly width: Rational;
  progress(message: string, done?: number, total?: number): void;
}

/**
 * What can be shown of one comparison: facts about all inputs, facts about one at which the quantity was evaluated, or what
 * stays open. Throws InputError where the quantity is undefined at a point of the domain.
 */
export function proveRelation(relation: Relation, names: Names, search: Search): Proof {
  const [goal] = goalsOf(relation, names);
  const statement = meaningOf(names.prefix, goal);
  const claimed = sentence(printStatement(statement));
  const conditions = conditionsOf(names.prefix, names);
  const question = { goal, names, claimed, statement, conditions };
  const stop = stopOf(goal, search);
  demandDefined(relation.sides, names, conditions);
  try {
    return within(
      stop.deadline ?? Number.POSITIVE_INFINITY,
      () => ofSize(question) ?? byStructure(question) ?? bySlopes(question, stop) ?? bySearch(question, stop),
    );
  } catch (error) {
    if (error instanceof InputError) throw undefinedSomewhere(goal, error);
    if (error instanceof E.DomainError && error.certain) throw error.toInputError();
    if (!(error instanceof Error) || !OPEN.some((kind) => error instanceof kind)) throw error;
    return { ...stayingOpen(question, statementBounds, error.message), method: 'none' };
  }
}

/** What leaves a comparison open: nothing is wrong with it, but nothing is shown. */
const OPEN = [UnsupportedOperation, Unfinished, E.DomainError, E.NoFiniteBounds];

/** `parameters <= c`: counted by a rule that the checker has, too, which holds all but a count against bounds that may be attained. */
function ofSize({ goal, names, statement }: Question): Proof | null {
  const [[first] = []] = [[...canonical(goal.quantity, { variables: new Set<string>() }).parts]];
  const term = names.prefix === null ? first?.[1].term : undefined;
  const size = term?.kind === 'entry' && term.indices.length === 0 && !term.at ? sizeNamed(term.name) : undefined;
  const network = size && names.networkOfSize((term as { name: string }).name);
  if (!network) return null;
  const [{ open: isOpen, asked, subject }] = normalForm(statement);
  const isHeld = !asked.lo && !isOpen.hi && !isOpen.lo;
  if (subject !== SIZES[size] || !(size === 'parameters' || isHeld)) return null;
  return { outcomes: [proveSize(network, size)], method: 'exact evaluation' };
}

function bySearch(question: Question, stop: Stop): Proof {
  const { goal, names, claimed, conditions } = question;
  const asWritten = toExpression(goal.quantity, names);
  if (names.variables.length === 0) return closedValue(question);
  // Two networks may be one function with their units scaled differently, which then cancels.
  const quantity = names.about instanceof Networks ? E.withoutScales(asWritten) : asWritten;
  const problem = { quantity, measure: goal.measure, sets: setsOf(names), conditions: inequalities(conditions) };
  const first = briefly(boundMeasure(problem, stop));
  const proofOf = (found: Bounded) => [...everywhere(question, found), ...atWitness(question, found.witness)];
  const isOpen = (outcomes: readonly Outcome[]) => judge(claimed, names.about, outcomes).verdict === 'undecided';
  if (isVacuous(first)) return vacuous(question, first);
  const outcomes = proofOf(first);
  const isClose = goal.strict && goal.bound !== null && isOpen(outcomes);
  if (!isClose) return { outcomes, method: first.method, notes: remarks(goal, first, isOpen(outcomes)) };
  const second = briefly(boundMeasure(problem, closer(stop)));
  if (isVacuous(second)) return vacuous(question, second);
  const more = [...outcomes, ...proofOf(second)];
  return { outcomes: more, method: second.method, notes: remarks(goal, second, isOpen(more)) };
}

/** What the search found for all inputs: an upper end of sup u or sup |u|, a lower one of inf u. */
function everywhere(question: Question, { enclosure, reason }: Bounded): Outcome[] {
  const { goal, names } = question;
  const { quantity, measure } = goal;
  const end = measure === 'inf' ? enclosure.lo : enclosure.hi;
  if (end === null) {
    return [open(statementBounds, 'enclosure', printTerm(quantity), reason ?? 'no finite bound was found', enclosure)];
  }
  const says = related(names.prefix, [measuredOf(goal), number(end)], measure === 'inf' ? '>=' : '<=');
  const exact = measure === 'sup-abs' ? everywhereEvidence(goal, names, end) : null;
  const rule = exact ? supremumNorm : statementBounds;
  const checkable = exact ?? statementEvidence(question, end, methodFor(question, end));
  return [mint({ ...about(question), rule, id: 'enclosure', says, found: null, enclosure, ...checkable })];
}

/** Bounds over boxes come to no end where the quantity attains its bound: then exact corners may do. */
function methodFor({ goal: { bound, strict }, conditions }: Question, end: Rational): Method {
  const slack = bound?.sub(end).abs();
  const isAttained = slack?.le(end.abs().mul(NOTHING)) ?? false;
  return isAttained && !strict && conditions.length === 0 ? 'cells' : 'boxes';
}

/** No point satisfies the conditions: everything holds for all of them, but there is no number to ask for. */
function vacuous(question: Question, { method }: Bounded): Proof {
  if (question.goal.bound === null) {
    const why = 'no point satisfies the conditions: every bound holds for all of them, and none is the best';
    return { ...stayingOpen(question, statementBounds, why), method };
  }
  const notes = ['no point satisfies the conditions: everything holds for all of them'];
  return { outcomes: [wholeClaim(question, statementBounds, 'conditions', 'boxes')], method, notes };
}

/** The search names the formula that the weights compute; the user wrote something shorter. */
function undefinedSomewhere({ quantity }: Goal, error: InputError): InputError {
  const [, place] = / is undefined at (.*)$/s.exec(error.fault.found) ?? [];
  if (place === undefined) return error;
  const found = `${quote(printTerm(quantity))} is undefined at ${place}`;
  return new InputError({ ...error.fault, found, mend: 'take a set where no divisor vanishes' });
}

/** With a bound a search ends when it is decided; for `?` when the ends are close. */
function stopOf({ bound }: Goal, { deadline, width, progress }: Search): Stop {
  const shownEnd = (end: Rational | null) => (end ? toDecimal(end, 6, 'nearest') : '?');
  return {
    ...(bound ? { bound } : { relativeWidth: width, absoluteWidth: NOTHING }),
    deadline,
    progress: (boxes, lo, hi) => progress(`${boxes} boxes, in [${shownEnd(lo)}, ${shownEnd(hi)}]`),
  };
}

/** For a strict bound it is not enough to know that the ends do not exceed it. */
function closer({ bound: _, ...stop }: Stop): Stop {
  return { ...stop, absoluteWidth: NOTHING, mostBoxes: MOST_BOXES };
}

const MOST_BOXES = 20_000;

/** What is closer than this is as good as equal for `?`: suprema that are 0 have no relative width. */
const NOTHING = Rational.pow2(-60);

function remarks({ bound }: Goal, found: Bounded, isOpen: boolean): string[] {
  if (isOpen) return [whyOpen(found)];
  return bound === null && found.reason !== null ? [found.reason] : [];
}
