import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import { approximate, gapConstant, Rational } from '../../../src/index.js';
import { type Arrangement, ordersOf, type Pair, pairOf, placesOf, pointsOf, useLists } from './arrangements.js';
import type { FeatureBounds } from './features.js';

const MOST_ARRANGEMENTS = 1021;

/** Inputs that the proof suggests, at most about a thousand; `beta` is null where minima are taken exactly. */
export function arrangements(
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  beta: readonly Rational[] | null,
): Arrangement[] {
  const soft = bounds.map((bound, i) => softPair(bound, beta && levelOf(task.positions[i].length, beta[i])));
  const D = bounds.length;
  const orders = ordersOf(task).map((order) => ({ order, at: placesOf(task, order) }));
  const all = useLists(D).flatMap((uses) => orders.map((places) => ({ uses, ...places })));
  const stride = Math.ceil(all.length / MOST_ARRANGEMENTS);
  return all
    .filter((_, k) => k % stride === 0)
    .map(({ uses, order, at }) => {
      const pairs = uses.map((use, i) => pairOf(use, bounds[i], soft[i]));
      return { points: pointsOf(task, pairs, order), at };
    });
}

/** How far the other values stand above the least in the extremal input of the soft minimum: (1 + lambda)/beta. */
function levelOf(S: number, beta: Rational): number {
  return S === 1 ? 0 : approximate(gapConstant(S, 64).hi.add(Rational.one).div(beta));
}

/** A point where Psi - f is large, and one towards where Psi is largest at which it has risen by the level. */
function softPair(bound: FeatureBounds, level: number | null): Pair {
  const [worst, least, top] = [bound.worstAbove, bound.minimiser, bound.maximiser].map((point) =>
    point.map(approximate),
  );
  if (level === null) return [worst, top];
  const goal = (start: readonly number[]) => bound.at(start) + level;
  const first = goal(worst) <= bound.at(top) ? worst : least;
  const at = (s: number) => first.map((a, j) => a + (top[j] - a) * s);
  let [below, above] = [0, 1];
  for (let k = 0; k < 60; k++) {
    const middle = (below + above) / 2;
    if (bound.at(at(middle)) < goal(first)) below = middle;
    else above = middle;
  }
  return [first, at(above)];
}

/** Two points in turn at all tokens, from those where features are least or largest and half-way between. */
export function mixtures({ T }: RetrievalTask, bounds: readonly FeatureBounds[]): Arrangement[] {
  const points = bounds.flatMap(({ minimiser, maximiser }) => {
    const [least, most] = [minimiser, maximiser].map((point) => point.map(approximate));
    return [least, most, least.map((x, j) => (x + most[j]) / 2)];
  });
  const at = Array.from({ length: T }, (_, t) => t % 2);
  return points.flatMap((p, i) => points.slice(i + 1).map((q) => ({ points: [p, q], at })));
}
