import { Unfinished, within } from '../../deadline.js';
import type { Constraint } from '../../enclose/constrained.js';
import { standing } from '../../enclose/constrained.js';
import type { Stop } from '../../enclose/supremum.js';
import { InputError, quote } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { toDecimal } from '../../numbers/decimal.js';
import { Rational } from '../../numbers/rational.js';
import { longNumber, shortened } from '../../numbers/short.js';
import {
  call,
  canonical,
  type EntrySet,
  normalForm,
  type Prefix,
  printPrefix,
  printStatement,
  printTerm,
  type Relation,
  type Side,
  type Statement,
  type Term,
  toExpression,
} from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { type Fact, mint, type Outcome, open } from '../fact.js';
import { judge } from '../judge.js';
import { demandDefined } from '../prove/defined.js';
import type { Names, Variable } from '../prove/names.js';
import { comparisonsOf, type Goal, goalsOf, meaningOf } from '../prove/relation.js';
import { attained, type Sentence, sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { Networks } from '../subject.js';
import type { Proof } from '../theorem.js';
import { boundMeasure } from './bounds/bound.js';
import { type Bounded, isVacuous } from './bounds/problem.js';
import { proveSize, SIZES, type Size } from './counting.js';
import {
  everywhereEvidence,
  instanceEvidence,
  instanceRule,
  type Method,
  statementEvidence,
} from './statement-evidence.js';
import { byStructure } from './structure/index.js';
import { supremumNorm } from './sup-norm.js';
import { bySlopes } from './two-point-statement.js';
import { closedValues, valuesEvidence } from './values.js';

/** Bounds over all inputs of a domain that satisfy conditions, by a search that encloses the formula the weights compute. */
export const statementBounds: Rule = {
  id: 'statement-bounds',
  tex: '\\mathrm{lo} \\le u(x) \\le \\mathrm{hi} \\text{ for all } x \\in D \\text{ with } C(x)',
};

/** How far to search. */
export interface Search {
  readonly deadline?: number;
  /** For `?`: how close the two ends have to come, relative to the larger. */
  readonly width: Rational;
  progress(message: string, done?: number, total?: number): void;
}

/** One comparison of a statement about networks, with the formulas that their weights compute. */
export interface Question {
  readonly goal: Goal;
  readonly names: Names;
  /** The comparison as a statement of its own. */
  readonly claimed: Sentence;
  readonly statement: Statement;
  readonly conditions: readonly Condition[];
}

export type Condition = Constraint & { readonly isEquality: boolean };
export type Point = ReadonlyMap<string, Rational>;

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
  const isIn = (point: Point) => isMeant(point, names, conditions);
  demandDefined(relation.sides, names, { sets: setsOf(names), hasConditions: conditions.length > 0, isMeant: isIn });
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

/** g <= 0, g < 0 or g = 0 for every condition. */
export function conditionsOf(prefix: Prefix | null, names: Names): Condition[] {
  const variables = new Set(names.variables.map(({ name }) => name));
  return (prefix?.conditions ?? []).flatMap((relation) =>
    comparisonsOf(relation, variables).map(({ relation: { sides, comparisons } }): Condition => {
      const [left, right] = sides.map((side) => toExpression(side as Term, names));
      const isFlipped = comparisons[0] === '>=' || comparisons[0] === '>';
      return {
        expression: isFlipped ? E.sub(right, left) : E.sub(left, right),
        strict: comparisons[0] === '<' || comparisons[0] === '>',
        isEquality: comparisons[0] === '=',
      };
    }),
  );
}

const SIZE_OF = new Map(Object.entries(SIZES).map(([size, name]) => [name as string, size as Size]));

/** `parameters <= c`: counted by a rule that the checker has, too, which holds all but a count against bounds that may be attained. */
function ofSize({ goal, names, statement }: Question): Proof | null {
  const [[first] = []] = [[...canonical(goal.quantity, { variables: new Set<string>() }).parts]];
  const term = names.prefix === null ? first?.[1].term : undefined;
  const size = term?.kind === 'entry' && term.indices.length === 0 && !term.at ? SIZE_OF.get(term.name) : undefined;
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

export function setsOf({ variables }: Names): ReadonlyMap<string, EntrySet> {
  return new Map(variables.flatMap(({ entries, sets }) => entries.map((name, i) => [name, sets[i]] as const)));
}

function inequalities(conditions: readonly Condition[]): Constraint[] {
  return conditions.flatMap(({ expression, strict, isEquality }) => [
    { expression, strict },
    ...(isEquality ? [{ expression: E.neg(expression), strict }] : []),
  ]);
}

/** What the search found for all inputs: an upper end of sup u or sup |u|, a lower one of inf u. */
function everywhere(question: Question, { enclosure, reason }: Bounded): Outcome[] {
  const { goal, names } = question;
  const { quantity, measure } = goal;
  const end = measure === 'inf' ? enclosure.lo : enclosure.hi;
  if (end === null) {
    return [open(statementBounds, 'enclosure', printTerm(quantity), reason ?? 'no finite bound was found', enclosure)];
  }
  const left = measure === 'sup-abs' ? call('abs', quantity) : quantity;
  const says = related(names.prefix, [left, numeral(end)], measure === 'inf' ? '>=' : '<=');
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

/**
 * The fact that the claim's quantity lies between two numbers at a point of the domain; none where it is undefined, and
 * none where there is no time left to evaluate it: what holds everywhere is known all the same.
 */
export function atWitness(question: Question, point: Point | null): Fact[] {
  try {
    return point ? valueThere(question, point) : [];
  } catch (error) {
    if (error instanceof Unfinished) return [];
    throw error;
  }
}

function valueThere(question: Question, point: Point): Fact[] {
  const { goal, names, conditions } = question;
  if (!isMeant(point, names, conditions)) return [];
  const found = valueAt(toExpression(goal.quantity, names), point);
  if (!found) return [];
  const value = goal.bound === null ? inFewDigits(found) : found;
  const checkable = instanceEvidence(question, point, value);
  const at = shown(point, names.variables);
  const says = saysOfWitness(question, point, value);
  if (!says) return [];
  const place = { rule: instanceRule, id: 'witness', network: names.about, domain: null, at };
  return [mint({ ...place, says, found: null, enclosure: value, ...checkable })];
}

/** Outward, what is no exact number: the checker's arithmetic is another than ours, and shorter where differences cancel. */
function inFewDigits({ lo, hi }: Ends): Ends {
  if (lo.equals(hi)) return { lo, hi };
  return { lo: shortened(lo, BITS_ATTAINED, 'down'), hi: shortened(hi, BITS_ATTAINED, 'up') };
}

/** More than any width that is asked for. */
const BITS_ATTAINED = 64;

/**
 * What the value of the quantity says about what the claim bounds in normal form: the quantity, or u where it is written as
 * |u| or 2|u| + 1, in which the sign of u is lost. Null where u has no value in finite bounds.
 */
function saysOfWitness(question: Question, point: Point, value: Ends): Sentence | null {
  const { goal, names, claimed } = question;
  const [{ subject }] = claimed.bounds;
  const about = (term: Term, comparison: '<=' | '>=') => related(names.prefix, [term, { kind: 'unknown' }], comparison);
  const own = [about(goal.quantity, '<='), about(goal.quantity, '>=')].find((says) => isAbout(says, subject));
  if (own) return attained(own, value, 'the witness');
  const { parts } = canonical(goal.quantity, { variables: new Set(names.variables.map(({ name }) => name)) });
  const [only] = [...parts.values()];
  if (parts.size !== 1 || only.term.kind !== 'call' || only.term.fn !== 'abs') return null;
  const inner = about(only.term.args[0], '<=');
  const signed = isAbout(inner, subject) && valueAt(toExpression(only.term.args[0], names), point);
  return signed ? attained(inner, signed, 'the witness') : null;
}

/** Whether a sentence bounds what the claim does, with its sign. */
function isAbout({ bounds: [bound] }: Sentence, subject: string): boolean {
  return bound.subject === subject && !(bound.isSymmetric && bound.scale);
}

interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

/** Whether the point surely satisfies the conditions. Throws an Error where it is outside the domain. */
function isMeant(point: Point, names: Names, conditions: readonly Condition[]): boolean {
  const isInside = [...setsOf(names)].every(([name, set]) => {
    const x = point.get(name);
    if (!x) return false;
    if (set.kind === 'interval') return set.lo.le(x) && x.le(set.hi);
    return set.kind === 'reals' || set.values.some((value) => value.equals(x));
  });
  if (!isInside) throw new Error('the witness is not among the inputs that the statement speaks of');
  const [variables, values] = [[...point.keys()], [...point.values()]];
  return inequalities(conditions).every((condition) => standing(condition, variables, values) === 'holds');
}

/** A hundred thousand digits: what an input shows is printed in few of them. */
const LARGEST_ATTAINED = 400_000;

function valueAt(e: E.Expression, point: Point) {
  try {
    return brief(E.valueBounds(e, point), LARGEST_ATTAINED);
  } catch (error) {
    if (error instanceof E.DomainError || error instanceof RangeError || error instanceof Unfinished) return null;
    throw error;
  }
}

/** A number that no input changes, between two ends that meet where it is rational. */
function closedValue(question: Question): Proof {
  const [{ quantity }] = normalForm(question.statement);
  const { lo, hi } = brief(E.valueBounds(toExpression(quantity, question.names), new Map()));
  const says = sentence(
    printStatement({
      prefix: null,
      relations: [
        lo.equals(hi)
          ? { sides: [quantity, numeral(lo)], comparisons: ['='] }
          : { sides: [numeral(lo), quantity, numeral(hi)], comparisons: ['<=', '<='] },
      ],
    }),
  );
  const shown = { ...about(question), rule: closedValues, id: 'value', says, found: null, enclosure: { lo, hi } };
  const { verdict } = judge(question.claimed, question.names.about, [mint(shown)]);
  const checkable =
    verdict === 'undecided' ? null : valuesEvidence(question.goal, question.names, verdict === 'proved');
  return { outcomes: [mint({ ...shown, ...checkable })], method: 'exact evaluation' };
}

/** Numbers too long for a statement between shorter ones. */
function brief({ lo, hi }: Ends, largest?: number): Ends {
  const [below, above] = [longNumber(lo, 'down', largest), longNumber(hi, 'up', largest)];
  if (below && above) return { lo: below, hi: above };
  throw new Unfinished('a number too long to be written out');
}

function briefly(found: Bounded): Bounded {
  const { lo, hi } = found.enclosure;
  return { ...found, enclosure: { lo: lo && longNumber(lo, 'down'), hi: hi && longNumber(hi, 'up') } };
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

/** The fact that the comparison holds, for rules that show it as it stands. */
export function wholeClaim(question: Question, rule: Rule, id: string, method: Method): Fact {
  const checkable = statementEvidence(question, null, method);
  return mint({ ...about(question), rule, id, says: question.claimed, found: null, ...checkable });
}

/** The fact that the quantity is at most a number at every input that is meant. */
export function boundedAbove(question: Question, rule: Rule, id: string, end: Rational, method: Method): Fact {
  const says = related(question.names.prefix, [question.goal.quantity, numeral(end)], '<=');
  const checkable = statementEvidence(question, end, method);
  return mint({ ...about(question), rule, id, says, found: null, enclosure: { lo: null, hi: end }, ...checkable });
}

export function stayingOpen({ claimed }: Question, rule: Rule, why: string): Pick<Proof, 'outcomes' | 'notes'> {
  return { outcomes: [open(rule, 'enclosure', claimed.text, why)], notes: [why] };
}

function about({ names: { about: network, prefix } }: Question) {
  return { network, domain: prefix && printPrefix(prefix) };
}

function related(prefix: Prefix | null, sides: readonly Side[], comparison: '<=' | '>='): Sentence {
  return sentence(printStatement({ prefix, relations: [{ sides, comparisons: [comparison] }] }));
}

function numeral(value: Rational): Term {
  return { kind: 'number', value };
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

export function whyOpen({ enclosure: { lo, hi }, reason }: Bounded): string {
  const known = `known: [${lo ? toDecimal(lo, 6, 'down') : '-infinity'}, ${hi ? toDecimal(hi, 6, 'up') : 'infinity'}]`;
  return `${reason ?? 'the bound lies between the two ends'}; ${known}`;
}

/** A point by variable, in the shapes of the inputs. */
function shown(point: Point, variables: readonly Variable[]): Record<string, unknown> {
  return Object.fromEntries(
    variables.map(({ name, shape, entries }) => [
      name,
      nested(
        entries.map((entry) => point.get(entry)!.toString()),
        shape.length === 0 ? [1] : shape,
      ),
    ]),
  );
}

function nested(values: readonly string[], shape: readonly number[]): unknown {
  if (shape.length <= 1) return values;
  const size = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, k) => nested(values.slice(k * size, (k + 1) * size), shape.slice(1)));
}
