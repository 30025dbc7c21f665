import { filling } from '../../../constructions/few-heads.js';
import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  approximate,
  ballIntervals,
  compile,
  evaluateExact,
  float64,
  intervalAlgebra,
  type Network,
  Rational,
  Tensor,
  toFloat64,
} from '../../../src/index.js';

/**
 * Two inputs that the target tells apart and the heads hardly do.
 *
 * If a readout G has |G(y(X)) - H(X)| <= eps at both, its Lipschitz constant in the max-norm is at least (|H(X) - H(X')| -
 * 2 eps)/|y(X) - y(X')|. A net sum_{j<=N} a_j sigma(w_j . y + b_j) with |a_j| <= 1, |w_j| <= 1 entrywise, sigma
 * 1-Lipschitz and y in R^E has |G(y) - G(y')| <= N E |y - y'|, so it needs N >= slope/E units.
 */
export interface Collision {
  readonly x: readonly Rational[];
  readonly other: readonly Rational[];
  /** |H(X) - H(X')|, exactly. */
  readonly gap: Rational;
  /** |y(X) - y(X')| <= distance, proved. */
  readonly distance: Rational;
}

/** Fillings that are compared, and tokens of all of them together. */
const MOST_FILLINGS = 1200;
const MOST_TOKENS = 50_000;
const BITS = 256;
/** Pairs whose distance is verified: the nearest on doubles. */
const VERIFIED = 4;

/** The verified pair with the largest forced slope, among fillings of the sets by values of a grid. */
export function findCollision(
  network: Network,
  task: RetrievalTask,
  pieces: number,
  least: Rational,
): Collision | null {
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
  const target = toFloat64([task.readout], names(D));
  const points = fillings.map((x) => ({
    x,
    y: heads({ x: new Tensor([task.T, 1], x.map(approximate)) }).y.dense(0),
    H: target(minima(task, x).map(approximate))[0],
  }));
  const near = nearest(points, approximate(least));
  const verified = near.map(([a, b]) => verify(network, task, points[a].x, points[b].x));
  const wide = verified.filter(({ gap }) => least.le(gap));
  return wide.length === 0 ? null : wide.reduce((best, next) => (ratio(best).lt(ratio(next)) ? next : best));
}

function ratio({ gap, distance }: Collision): Rational {
  return gap.div(distance);
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

function verify(network: Network, task: RetrievalTask, x: readonly Rational[], other: readonly Rational[]): Collision {
  const A = ballIntervals(BITS);
  const value = compile(network, intervalAlgebra(A));
  const at = (input: readonly Rational[]) => value({ x: new Tensor([task.T, 1], input.map(A.of)) }).y.dense(A.zero);
  const [y, z] = [at(x), at(other)];
  const distance = y.reduce((most, entry, k) => most.max(A.upper(A.abs(A.sub(entry, z[k])))!), Rational.pow2(-BITS));
  const H = (input: readonly Rational[]) => {
    const zs = minima(task, input);
    return evaluateExact(task.readout, new Map(names(zs.length).map((name, j) => [name, zs[j]])));
  };
  return { x, other, gap: H(x).sub(H(other)).abs(), distance };
}

function minima({ features, positions }: RetrievalTask, x: readonly Rational[]): Rational[] {
  return features.map((f, j) =>
    positions[j].map((t) => evaluateExact(f, new Map([['x1', x[t]]]))).reduce((a, b) => a.min(b)),
  );
}

function names(D: number): string[] {
  return Array.from({ length: D }, (_, j) => `z${j + 1}`);
}
