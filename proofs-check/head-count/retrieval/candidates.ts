import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import { approximate, gapConstant, Rational, type WorstPoints } from '../../../src/index.js';
import type { FeatureBounds } from './worst-points.js';

export type Point = readonly number[];

/** Places of an input at which one point stands: which one each token is at, and the sets that its tokens are in. */
export interface Places {
  readonly at: readonly number[];
  readonly sets: readonly (readonly number[])[];
}

/** Tokens in the same sets are alike: the first of them has a place, and all others share one. */
export function placesOf({ T, positions }: RetrievalTask): Places {
  const inside = positions.map((S) => new Set(S));
  const sets: (readonly number[])[] = [];
  const known = new Map<string, number>();
  const at = Array.from({ length: T }, (_, t) => {
    const own = positions.flatMap((_, i) => (inside[i].has(t) ? [i] : []));
    const place = known.get(own.join());
    if (place !== undefined) return place + 1;
    known.set(own.join(), sets.length);
    return sets.push(own, own) - 2;
  });
  return { at, sets };
}

/** Points for the first token of a set and for all others. */
type Pair = readonly [Point, Point];

/** Inputs to start from, by the points at their places, and changes of an input that may make an error larger. */
export interface Candidates {
  readonly starts: readonly (readonly Point[])[];
  readonly changes: readonly ((points: readonly Point[]) => readonly Point[])[];
}

/**
 * What the proof suggests for the first token of a set and all others: the extremal levels of the soft minimum above the point
 * where Psi - f is largest, the point where f - Psi is largest, and those where Psi is least and largest. A start uses all sets
 * in one way, the first of them last; a change uses one set in another way. Tokens of no set stand at (1, ..., 1). `beta` is null
 * where minima are taken exactly.
 */
export function candidatesOf(
  { d, positions }: RetrievalTask,
  { at, sets }: Places,
  bounds: readonly FeatureBounds[],
  beta: readonly Rational[] | null,
): Candidates {
  const ways = bounds.map((bound, i) => {
    const level = beta && levelOf(positions[i].length, beta[i]);
    const pairs = [bound, ...(bound.others ? [bound.others] : [])].flatMap((points): Pair[] => {
      const [below, least, most] = [points.worstBelow, points.minimiser, points.maximiser].map(asFloats);
      return [softPair(points, bound.at, level), [below, below], [least, least], [most, most]];
    });
    const first = at[positions[i][0]];
    return pairs.map(([one, all]) => (points: readonly Point[]) => {
      return points.map((point, place) => (place === first ? one : sets[place].includes(i) ? all : point));
    });
  });
  const ones: readonly Point[] = sets.map(() => new Array<number>(d).fill(1));
  const starts = ways[0].map((_, way) => ways.reduceRight((points, own) => (own[way] ?? own[0])(points), ones));
  return { starts, changes: ways.flat() };
}

const asFloats = (point: readonly Rational[]) => point.map(approximate);

/** How far the other values stand above the least in the extremal input of the soft minimum: (1 + lambda)/beta. */
function levelOf(S: number, beta: Rational): number {
  return S === 1 ? 0 : approximate(gapConstant(S, 64).hi.add(Rational.one).div(beta));
}

/** A point where Psi - f is large, and one towards where Psi is largest at which it has risen by the level. */
function softPair(points: WorstPoints, psi: (point: Point) => number, level: number | null): Pair {
  const [worst, least, top] = [points.worstAbove, points.minimiser, points.maximiser].map(asFloats);
  if (level === null) return [worst, top];
  const goal = (start: Point) => psi(start) + level;
  const first = goal(worst) <= psi(top) ? worst : least;
  const at = (s: number) => first.map((a, j) => a + (top[j] - a) * s);
  let [below, above] = [0, 1];
  for (let k = 0; k < 60; k++) {
    const middle = (below + above) / 2;
    if (psi(at(middle)) < goal(first)) below = middle;
    else above = middle;
  }
  return [first, at(above)];
}

/** Two points that stand in turn at all tokens, from those where features are least or largest and half-way between. */
export function mixturesOf(bounds: readonly FeatureBounds[]): (readonly [Point, Point])[] {
  const points = bounds.flatMap(({ minimiser, maximiser }) => {
    const [least, most] = [minimiser, maximiser].map(asFloats);
    return [least, most, least.map((x, j) => (x + most[j]) / 2)];
  });
  return points.flatMap((p, i) => points.slice(i + 1).map((q) => [p, q] as const));
}
