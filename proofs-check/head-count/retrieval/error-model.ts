/** The error y - H of a retrieval network in doubles, at inputs made of a few points: to search with, never to prove. */
import { coordinateNames, type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import { approximate, type Expression, type Rational, toFloat64 } from '../../../src/index.js';
import type { Places, Point } from './candidates.js';
import type { FeatureBounds } from './worst-points.js';

type Points = readonly Point[];

/** What a search in doubles needs of the network. */
export interface RetrievalModel {
  /** Inverse temperatures; null where a minimum is taken exactly. */
  readonly beta: readonly Rational[] | null;
  /** The output in z1, ..., zD. */
  readonly output: Expression;
}

/** z_1, ..., z_D in doubles, of inputs with points at these places. */
export function targetOf({ d, features, positions }: RetrievalTask, at: Places['at']): (points: Points) => number[] {
  const f = remembered(toFloat64(features, coordinateNames(d)));
  const seen = positions.map((S) => [...new Set(S.map((t) => at[t]))]);
  return (points) => {
    const values = points.map(f);
    return seen.map((used, i) => Math.min(...used.map((k) => values[k][i])));
  };
}

/** y - H in doubles, tokens outside S_i left out. */
export function errorModel(
  task: RetrievalTask,
  at: Places['at'],
  bounds: readonly FeatureBounds[],
  { beta, output }: RetrievalModel,
): (points: Points) => number {
  const psi = remembered((point) => bounds.map(({ at: value }) => value(point)));
  const [y, H] = [output, task.readout].map((e) => toFloat64([e], readoutNames(bounds.length)));
  const target = targetOf(task, at);
  const strengths = beta?.map(approximate) ?? null;
  const counts = task.positions.map((S) => {
    const count = new Map<number, number>();
    for (const t of S) count.set(at[t], (count.get(at[t]) ?? 0) + 1);
    return [...count];
  });
  return (points) => {
    const values = points.map(psi);
    const z = counts.map((groups, i) =>
      softMinimum(
        groups.map(([k, n]) => [values[k][i], n]),
        strengths?.[i] ?? null,
      ),
    );
    return y(z)[0] - H(target(points))[0];
  };
}

/** Of the points of an input, one moves at a time. */
function remembered<V>(of: (point: Point) => V): (point: Point) => V {
  const known = new Map<string, V>();
  return (point) => {
    const key = point.join();
    const value = known.get(key) ?? of(point);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, value);
    return value;
  };
}

const MOST_REMEMBERED = 4096;

function softMinimum(groups: readonly (readonly [value: number, count: number])[], beta: number | null): number {
  const least = Math.min(...groups.map(([value]) => value));
  if (beta === null) return least;
  let [mass, total] = [0, 0];
  for (const [value, count] of groups) {
    const weight = count * Math.exp(-beta * (value - least));
    mass += weight;
    total += weight * (value - least);
  }
  return least + total / mass;
}
