import { Unfinished } from '../../../deadline.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { canonical, type Term, toExpression } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { type Fact, mint } from '../../fact.js';
import { isMeant, type Point, type Question } from '../../question/question.js';
import type { Variable } from '../../question/variable.js';
import { attained, type Sentence } from '../../sentence.js';
import { brief } from './brief.js';
import { instanceEvidence, instanceRule } from './evidence.js';
import { related } from './facts.js';

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
function inFewDigits({ lo, hi }: E.ValueBounds): E.ValueBounds {
  if (lo.equals(hi)) return { lo, hi };
  return { lo: roundedTo(lo, BITS_ATTAINED, 'down'), hi: roundedTo(hi, BITS_ATTAINED, 'up') };
}

/** More than any width that is asked for. */
const BITS_ATTAINED = 64;

/**
 * What the value of the quantity says about what the claim bounds in normal form: the quantity, or u where it is written as
 * |u| or 2|u| + 1, in which the sign of u is lost. Null where u has no value in finite bounds.
 */
function saysOfWitness(question: Question, point: Point, value: E.ValueBounds): Sentence | null {
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

/** A hundred thousand digits: what an input shows is printed in few of them. */
const LARGEST_ATTAINED = 400_000;

/** Throws Unfinished for numbers too long to be written out. */
function valueAt(e: E.Expression, point: Point) {
  const found = E.knownBounds(e, point);
  return found && brief(found, LARGEST_ATTAINED);
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
