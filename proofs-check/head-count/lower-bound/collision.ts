/** Two inputs that the target tells apart and the heads hardly do, found on doubles: candidates, proved by a rule. */
import { filling } from '../../../constructions/few-heads.js';
import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  approximate,
  type CollisionTarget,
  collisionValue,
  compile,
  float64,
  type Network,
  Rational,
  Tensor,
} from '../../../src/index.js';

/** Fillings that are compared, and tokens of all of them together. */
const MOST_FILLINGS = 1200;
const MOST_TOKENS = 50_000;
/** Pairs that are handed on: the nearest on doubles. */
const VERIFIED = 4;

/** Pairs of fillings of the sets by values of a grid, with targets at least `least` apart and the nearest heads. */
export function findCollisions(
  network: Network,
  task: RetrievalTask,
  of: CollisionTarget,
  pieces: number,
  least: Rational,
): (readonly [readonly Rational[], readonly Rational[]])[] {
  const D = task.positions.length;
  const most = Math.min(MOST_FILLINGS, Math.max(16, Math.floor(MOST_TOKENS / task.T)));
  const levels = Math.max(2, Math.min(pieces + 1, Math.floor(most ** (1 / D))));
  const grid = Array.from({ length: levels }, (_, k) => Rational.of(Math.floor((k * pieces) / (levels - 1)), pieces));
  const fillings = Array.from({ length: Math.min(levels ** D, most) }, (_, index) =>
    filling(
      task.T,
      task.positions,
      task.positions.map((_, j) => grid[Math.floor(index / levels ** j) % levels]),
    ),
  );
  const heads = compile(network, float64);
  const points = fillings.map((x) => ({
    x,
    y: heads({ x: new Tensor([task.T, 1], x.map(approximate)) }).y.dense(0),
    H: approximate(collisionValue(of, x)),
  }));
  const near = nearest(points, approximate(least));
  return near
    .map(([a, b]) => [points[a].x, points[b].x] as const)
    .filter(([x, other]) => least.le(collisionValue(of, x).sub(collisionValue(of, other)).abs()));
}

/** The pairs with target gap at least `least` whose heads are nearest, in proportion. */
function nearest(points: readonly { y: readonly number[]; H: number }[], least: number): [number, number][] {
  const found: { pair: [number, number]; distance: number }[] = [];
  for (let a = 0; a < points.length; a++) {
    for (let b = 0; b < a; b++) {
      const gap = Math.abs(points[a].H - points[b].H);
      if (gap < least) continue;
      let distance = 0;
      for (let k = 0; k < points[a].y.length; k++)
        distance = Math.max(distance, Math.abs(points[a].y[k] - points[b].y[k]));
      const relative = distance / gap;
      if (found.length === VERIFIED && relative >= found[VERIFIED - 1].distance) continue;
      found.push({ pair: [a, b], distance: relative });
      found.sort((p, q) => p.distance - q.distance);
      found.length = Math.min(found.length, VERIFIED);
    }
  }
  return found.map(({ pair }) => pair);
}
