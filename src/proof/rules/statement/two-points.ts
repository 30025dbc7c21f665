import {
  boundLeastSlope,
  boundLipschitz,
  type Distance,
  falling,
  type Point,
  steepPair,
  type TwoPoints,
} from '../../../enclose/bounds/slopes.js';
import type { Stop } from '../../../enclose/supremum.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Rational } from '../../../numbers/rational.js';
import { toExpression } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import type { Goal } from '../../question/goal.js';
import type { Names } from '../../question/names.js';
import type { Question } from '../../question/question.js';
import { distanceOf, orderOf, sameFunction, twoPoints } from '../../question/two-points.js';
import type { Variable } from '../../question/variable.js';
import type { Rule } from '../../step.js';
import type { Proof } from '../../theorem.js';
import { boundedAbove, stayingOpen, wholeClaim, whyOpen } from './facts.js';
import { atWitness } from './witness.js';

/** What bounds of derivatives over a convex box say of differences between two of its points, by the mean value theorem. */
const slopes: Rule = {
  id: 'slopes',
  tex: "|f(x) - f(x')| \\le \\sup_B \\|\\partial f\\| \\, \\|x - x'\\|",
};

/** Lipschitz constants and monotonicity: statements about two points that hold with equality on the diagonal. */
export function bySlopes(question: Question, stop: Stop): Proof | null {
  const { goal, names, conditions } = question;
  const pair = twoPoints(names.variables);
  if (!pair || goal.measure !== 'sup' || goal.strict) return null;
  const [x] = pair;
  const sets = new Map(x.entries.map((name, i) => [name, x.sets[i]]));
  const quotient = quotientParts(question, pair);
  if (quotient)
    return quotientProof(question, { f: quotient.f, entries: x.entries, sets }, quotient.distance, pair, stop);
  const lipschitz = conditions.length === 0 ? lipschitzParts(goal, names, pair) : null;
  if (lipschitz) {
    const points: TwoPoints = { f: lipschitz.f, entries: x.entries, sets };
    return lipschitzProof(question, points, lipschitz, pair, { ...stop, bound: lipschitz.constant });
  }
  const rising = goal.bound?.isZero() ? orderOf(conditions, pair) : null;
  const same = rising && sameFunction(toExpression(goal.quantity, names), pair);
  if (!rising || !same) return null;
  const f = same.sign === 1 ? same.f : E.neg(same.f);
  return monotoneProof(question, { f, entries: x.entries, sets }, rising, pair, stop);
}

function lipschitzParts({ relation }: Goal, names: Names, pair: readonly [Variable, Variable]) {
  const { sides, comparisons } = relation;
  const [left, right] = comparisons[0] === '>=' ? [sides[1], sides[0]] : sides;
  if (left.kind !== 'call' || left.fn !== 'abs' || right.kind === 'unknown') return null;
  const same = sameFunction(toExpression(left.args[0], names), pair);
  const distance = distanceOf(toExpression(right, names), pair);
  return same && distance ? { f: same.f, ...distance } : null;
}

/** Of |f(x) - f(x')|/d, when the points are apart by the conditions, d > 0, and d is the distance itself. */
function quotientParts({ goal, names, conditions }: Question, pair: readonly [Variable, Variable]) {
  const { quantity } = goal;
  if (quantity.kind !== 'product' || quantity.factors.length !== 2) return null;
  const [{ term: left, inverted }, { term: right, inverted: isDivisor }] = quantity.factors;
  if (inverted || !isDivisor || left.kind !== 'call' || left.fn !== 'abs') return null;
  const same = sameFunction(toExpression(left.args[0], names), pair);
  const divisor = toExpression(right, names);
  const found = distanceOf(divisor, pair);
  const isApart = conditions.some(({ expression, strict }) => strict && E.sameExpression(E.neg(expression), divisor));
  return same && found?.constant.equals(Rational.one) && isApart ? { f: same.f, distance: found.distance } : null;
}

/** Bounds of the Lipschitz constant by derivatives, with a point to look for a steep pair at. */
function slopeBounds(points: TwoPoints, distance: Distance, stop: Stop) {
  const found = boundLipschitz(points, distance, stop);
  const method = `Lipschitz constant by the generalised gradient: ${found.method}`;
  return { found, method, ...found.enclosure, start: found.witness && inner(found.witness, points) };
}

/** Both ends of the best constant: bounds of the derivatives from above, the quotient at two points from below. */
function quotientProof(
  question: Question,
  points: TwoPoints,
  distance: Distance,
  pair: readonly [Variable, Variable],
  stop: Stop,
): Proof {
  const { found, method, hi, start } = slopeBounds(points, distance, stop);
  const { bound } = question.goal;
  const isEnough = bound && ((quotient: Rational) => bound.lt(quotient));
  const middle = stop.deadline === undefined ? undefined : (Date.now() + stop.deadline) / 2;
  const steep = start && steepPair(points, distance, start, isEnough, middle);
  const below = steep ? atWitness(question, joined(steep.pair, pair)) : [];
  if (hi === null) {
    const { outcomes, notes } = stayingOpen(question, slopes, whyOpen(found));
    return { outcomes: [...outcomes, ...below], notes, method };
  }
  const above = boundedAbove(question, slopes, 'slope', hi, 'slopes');
  return { outcomes: [above, ...below], method, notes: found.reason === null ? [] : [found.reason] };
}

function lipschitzProof(
  question: Question,
  points: TwoPoints,
  { distance, constant }: NonNullable<ReturnType<typeof lipschitzParts>>,
  pair: readonly [Variable, Variable],
  stop: Stop,
): Proof {
  const { found, method, lo, hi, start } = slopeBounds(points, distance, stop);
  if (hi?.le(constant)) {
    const notes = [`the Lipschitz constant lies in [${lo ? toDecimal(lo, 6, 'down') : 0}, ${toDecimal(hi, 6, 'up')}]`];
    return { outcomes: [wholeClaim(question, slopes, 'slope', 'slopes')], method, notes };
  }
  const isExceeded = lo !== null && constant.lt(lo);
  const steep = isExceeded && start ? steepPair(points, distance, start, (quotient) => constant.lt(quotient)) : null;
  if (steep && constant.lt(steep.quotient)) {
    const factor = toDecimal(steep.quotient, 6, 'down');
    const notes = [`the difference is at least ${factor} times the distance at the witness`];
    return { outcomes: atWitness(question, joined(steep.pair, pair)), method, notes };
  }
  const why = isExceeded ? 'the constant is exceeded, but no pair of points that shows it was found' : whyOpen(found);
  return { ...stayingOpen(question, slopes, why), method };
}

function monotoneProof(
  question: Question,
  points: TwoPoints,
  rising: readonly string[],
  pair: readonly [Variable, Variable],
  stop: Stop,
): Proof {
  for (const entry of rising) {
    const found = boundLeastSlope(points, entry, stop);
    const method = `the derivative by ${entry} over the box: ${found.method}`;
    const { lo, hi } = found.enclosure;
    if (lo && lo.sign() >= 0) continue;
    const start = found.witness && inner(found.witness, points);
    const fall = start && hi && hi.sign() < 0 ? falling(points, entry, start) : null;
    if (fall) return { outcomes: atWitness(question, joined(fall.pair, pair)), method };
    const least = lo ? toDecimal(lo, 6, 'down') : '-infinity';
    const why = `the derivative by ${entry} is at least ${least} only: ${whyOpen(found)}`;
    return { ...stayingOpen(question, slopes, why), method };
  }
  return { outcomes: [wholeClaim(question, slopes, 'slope', 'slopes')], method: 'signs of derivatives over the box' };
}

/** A point of all entries, those that the slope does not depend on in the middle. */
function inner(witness: Point, { entries, sets }: TwoPoints): Point {
  const half = Rational.of(1, 2);
  return new Map(
    entries.map((name) => {
      const set = sets.get(name)!;
      const middle = set.kind === 'interval' ? set.lo.add(set.hi).mul(half) : Rational.zero;
      return [name, witness.get(name) ?? middle] as const;
    }),
  );
}

/** Both points as one of all variables. */
function joined([first, second]: readonly [Point, Point], [x, other]: readonly [Variable, Variable]): Point {
  const back = other.entries.map((name, i) => [name, second.get(x.entries[i])!] as const);
  return new Map([...first, ...back]);
}
