import { type Arithmetic, isGuaranteed } from '../numbers/arithmetic.js';
import { Rational } from '../numbers/rational.js';
import { toIntervals } from './enclosure.js';
import type { Expression } from './expression.js';
import { ExpressionMap } from './identity.js';
import { conditionsOf, resolve, type Signs } from './kinks.js';
import { rangeOf, type Side } from './range.js';

/** Conditions that are told apart on one box, and patterns in all; beyond that, jumps are covered by hulls. */
const MOST_UNDECIDED = 4;
const MOST_PATTERNS = 64;

/** Bounds of a sum of slopes, and how far apart they are for a single choice of signs: at a point that is rounding. */
export interface SlopeBounds {
  readonly lower: Rational;
  readonly upper: Rational;
  readonly noise: Rational;
}

/**
 * A function from boxes to bounds of sum |slope| over the points of the box where e is differentiable, null where e or a
 * slope may be undefined or is not bounded. The slopes are derivatives of e.
 *
 * Almost everywhere each condition is positive, or negative, or it is 0 with gradient 0 and both branches agree. So the
 * largest sum over the patterns of signs bounds the supremum, where hulls of each slope alone would mix the branches.
 */
export function slopeSum<I>(
  e: Expression,
  slopes: readonly Expression[],
  variables: readonly string[],
  arithmetic: Arithmetic<I>,
): (sides: readonly Side[]) => SlopeBounds | null {
  const conditions = conditionsOf(slopes);
  const valueAndConditions = toIntervals([e, ...conditions], variables, arithmetic);
  const unsplit = sumOfRanges(slopes, variables, arithmetic);
  const patterns = new Map<string, (sides: readonly Side[]) => I>();

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
      arithmetic,
    );
    patterns.set(key, bound);
    return bound;
  };

  return (sides) => {
    const [value, ...levels] = valueAndConditions(sides.map(({ lo, hi }) => arithmetic.fromDoubles(lo, hi)));
    if (!isGuaranteed(arithmetic, value)) return null;
    const undecided = levels.flatMap((level, index) => (mayVanish(arithmetic.outer(level)) ? [index] : []));
    const isSplit = undecided.length <= MOST_UNDECIDED;
    const sums = (isSplit ? patternsOf(undecided) : [[]]).map((pattern) => boundOf(pattern)(sides));
    if (!sums.every((sum) => isGuaranteed(arithmetic, sum))) return null;
    const [lowers, uppers] = [sums.map(arithmetic.lower), sums.map(arithmetic.upper)];
    const known = lowers.flatMap((lower, i) => {
      const upper = uppers[i];
      return lower && upper ? [{ lower, upper, noise: isSplit ? upper.sub(lower) : Rational.zero }] : [];
    });
    if (known.length < sums.length) return null;
    return known.reduce((a, b) => ({
      lower: a.lower.min(b.lower),
      upper: a.upper.max(b.upper),
      noise: a.noise.max(b.noise),
    }));
  };
}

function mayVanish({ lo, hi }: Side): boolean {
  return lo <= 0 && hi >= 0;
}

function sumOfRanges<I>(slopes: readonly Expression[], variables: readonly string[], arithmetic: Arithmetic<I>) {
  const ranges = slopes.map((slope) => rangeOf(slope, variables, arithmetic));
  return (sides: readonly Side[]) => arithmetic.sum(ranges.map((range) => arithmetic.abs(range(sides).value)));
}

/** Signs of some conditions, by their index. */
type Pattern = readonly { readonly index: number; readonly sign: 1 | -1 }[];

/** Every choice of signs for the conditions that the box leaves undecided. */
function patternsOf(undecided: readonly number[]): readonly Pattern[] {
  const signs = [1, -1] as const;
  return undecided.reduce<readonly Pattern[]>(
    (all, index) => all.flatMap((pattern) => signs.map((sign) => [...pattern, { index, sign }])),
    [[]],
  );
}
