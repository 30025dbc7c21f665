import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { toIntervals } from './enclosure.js';
import type { Expression } from './expression.js';
import { ExpressionMap } from './identity.js';
import { conditionsOf, resolve, type Signs } from './kinks.js';
import { rangeOf, type Side } from './range.js';

/** Conditions that are told apart on one box, and patterns in all; beyond that, jumps are covered by hulls. */
const MOST_UNDECIDED = 4;
const MOST_PATTERNS = 64;

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
  const unsplit = sumOfRanges(slopes, variables);
  const patterns = new Map<string, (sides: readonly Side[]) => Interval>();

  const boundOf = (pattern: Pattern) => {
    const key = pattern.map(({ index, sign }) => index * sign + sign).join();
    const known = patterns.get(key);
    if (known) return known;
    if (pattern.length === 0 || patterns.size >= MOST_PATTERNS) return unsplit;
    const signs: Signs = new ExpressionMap();
    for (const { index, sign } of pattern) signs.set(conditions[index], sign);
    const bound = sumOfRanges(
      slopes.map((slope) => resolve(slope, signs)),
      variables,
    );
    patterns.set(key, bound);
    return bound;
  };

  return (sides) => {
    const [value, ...levels] = valueAndConditions(sides.map(({ lo, hi }) => doubleIntervals.fromDoubles(lo, hi)));
    if (value.mark !== 0) return UNKNOWN;
    const total = patternsOf(levels)
      .map((pattern) => boundOf(pattern)(sides))
      .reduce(doubleIntervals.hull);
    return total.mark === 0 ? total : UNKNOWN;
  };
}

const UNKNOWN = doubleIntervals.fromDoubles(0, Number.POSITIVE_INFINITY);

function sumOfRanges(slopes: readonly Expression[], variables: readonly string[]) {
  const ranges = slopes.map((slope) => rangeOf(slope, variables, doubleIntervals));
  return (sides: readonly Side[]) =>
    doubleIntervals.sum(ranges.map((range) => doubleIntervals.abs(range(sides).value)));
}

/** Signs of some conditions, by their index. */
type Pattern = readonly { readonly index: number; readonly sign: 1 | -1 }[];

/** Every choice of signs for the conditions that the box leaves undecided, or one empty pattern when there are too many. */
function patternsOf(levels: readonly Interval[]): readonly Pattern[] {
  const undecided = levels.flatMap(({ lo, hi }, index) => (lo <= 0 && hi >= 0 ? [index] : []));
  if (undecided.length > MOST_UNDECIDED) return [[]];
  const signs = [1, -1] as const;
  return undecided.reduce<readonly Pattern[]>(
    (all, index) => all.flatMap((pattern) => signs.map((sign) => [...pattern, { index, sign }])),
    [[]],
  );
}
