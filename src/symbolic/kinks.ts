import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { toIntervals } from './enclosure.js';
import { children, type Expression, rebuild } from './expression.js';
import { ExpressionMap } from './identity.js';
import { rangeOf, type Side } from './range.js';

/** Signs of the conditions of `select`, by condition. */
export type Signs = ExpressionMap<1 | -1>;

/** The conditions of all `select` in the expressions: where one of them is 0, a derivative may jump. */
export function conditionsOf(expressions: readonly Expression[]): readonly Expression[] {
  const conditions = new ExpressionMap<true>();
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (isSelect(e)) conditions.set(e.args[0], true);
    children(e).forEach(visit);
  };
  expressions.forEach(visit);
  return [...conditions].map(([condition]) => condition);
}

/** The expression where the conditions have the given signs. */
export function resolve(e: Expression, signs: Signs): Expression {
  if (isSelect(e)) {
    const sign = signs.get(e.args[0]);
    if (sign) return resolve(e.args[sign > 0 ? 1 : 2], signs);
  }
  return rebuild(e, (part) => resolve(part, signs));
}

function isSelect(e: Expression): e is Extract<Expression, { kind: 'application' }> {
  return e.kind === 'application' && e.fn.name === 'select';
}

/** Patterns of signs that are told apart on one box; beyond that, jumps are covered by hulls. */
const MOST_UNDECIDED = 6;

/**
 * A function from boxes to bounds of sum |slope| over the points of the box where e is differentiable, [0, inf] where e
 * or a slope may be undefined. The slopes are derivatives of e.
 *
 * Almost everywhere each condition is positive, or negative, or it is 0 with gradient 0 and both branches agree. So the
 * largest sum over the patterns of signs bounds the supremum, where hulls of each slope alone would mix the branches.
 */
export function slopeSum(
  e: Expression,
  slopes: readonly Expression[],
  variables: readonly string[],
): (sides: readonly Side[]) => Interval {
  const conditions = conditionsOf(slopes);
  const valueAndConditions = toIntervals([e, ...conditions], variables, doubleIntervals);
  const patterns = new Map<string, (sides: readonly Side[]) => Interval>();

  const boundOf = (signs: readonly (1 | -1 | 0)[]) => {
    const key = signs.join();
    const known = patterns.get(key);
    if (known) return known;
    const table: Signs = new ExpressionMap();
    signs.forEach((sign, i) => {
      if (sign !== 0) table.set(conditions[i], sign);
    });
    const ranges = slopes.map((slope) => rangeOf(resolve(slope, table), variables, doubleIntervals));
    const bound = (sides: readonly Side[]) =>
      doubleIntervals.sum(ranges.map((range) => doubleIntervals.abs(range(sides).value)));
    patterns.set(key, bound);
    return bound;
  };

  return (sides) => {
    const box = sides.map(({ lo, hi }) => doubleIntervals.fromDoubles(lo, hi));
    const [value, ...levels] = valueAndConditions(box);
    if (value.mark !== 0) return UNKNOWN;
    const total = signPatterns(levels)
      .map((signs) => boundOf(signs)(sides))
      .reduce(doubleIntervals.hull);
    return total.mark === 0 ? total : UNKNOWN;
  };
}

const UNKNOWN = doubleIntervals.fromDoubles(0, Number.POSITIVE_INFINITY);

/** Every choice of signs that the values of the conditions allow; 0 leaves one open. */
function signPatterns(levels: readonly Interval[]): (1 | -1 | 0)[][] {
  const choices = levels.map((level): (1 | -1)[] => (level.lo > 0 ? [1] : level.hi < 0 ? [-1] : [1, -1]));
  const undecided = choices.filter((choice) => choice.length > 1).length;
  if (undecided > MOST_UNDECIDED) return [choices.map((choice) => (choice.length > 1 ? 0 : choice[0]))];
  return choices.reduce<(1 | -1)[][]>(
    (all, choice) => all.flatMap((signs) => choice.map((sign) => [...signs, sign])),
    [[]],
  );
}
