import { type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  approximate,
  attainRetrieval,
  compile,
  type Fact,
  float64,
  type Network,
  type Rational,
  Tensor,
  toFloat64,
} from '../../../src/index.js';
import { type Candidates, candidatesOf, mixturesOf, type Point, placesOf } from './candidates.js';
import { errorModel, type RetrievalModel, targetOf } from './error-model.js';
import { climb, type FeatureBounds, shortened } from './worst-points.js';

const CLIMBED = 4;
const VERIFIED = 2;
const SWEEPS = 40;

type Points = readonly Point[];
type Goal = (points: Points) => number;

/**
 * The best of the inputs that the proof suggests: from a few starts each place in turn gets the point that makes the error
 * largest, and the points of the best inputs are moved, coordinate by coordinate, where it grows. All of it in doubles; the
 * error of what is returned is proved.
 */
export function retrievalWitness(
  network: Network,
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  model: RetrievalModel,
): Fact | null {
  const places = placesOf(task);
  const error = errorModel(task, places.at, bounds, model);
  const { starts, changes } = candidatesOf(task, places, bounds, model.beta);
  const found = [1, -1].flatMap((sign) => {
    const goal: Goal = (all) => sign * error(all);
    const tops = starts.map((start) => arranged(start, changes, goal)).sort((a, b) => goal(b) - goal(a));
    return tops.slice(0, CLIMBED).map((top) => climbed(task, top, goal));
  });
  found.sort((a, b) => b.value - a.value);
  const bits = bitsFor(model.beta);
  return best(
    network,
    task,
    found.slice(0, VERIFIED).map((one) => inputOf(one.points, places.at, bits)),
  );
}

/** The best input by the network itself, whatever it computes: for networks that no lemma applies to. */
export function anyWitness(network: Network, task: RetrievalTask, bounds: readonly FeatureBounds[]): Fact | null {
  const { T, d, readout } = task;
  const places = placesOf(task);
  const run = compile(network, float64);
  const H = toFloat64([readout], readoutNames(bounds.length));
  const goalAt = (at: readonly number[]): Goal => {
    const target = targetOf(task, at);
    return (points) => {
      const x = new Tensor(
        [T, d],
        at.flatMap((k) => points[k]),
      );
      const [y] = Object.values(run({ x }))[0].dense(0);
      return Math.abs(y - H(target(points))[0]);
    };
  };
  const { starts, changes } = candidatesOf(task, places, bounds, null);
  const mixtures = mixturesOf(bounds);
  const few = mixtures.filter((_, k) => k % Math.ceil(mixtures.length / MOST_RUNS) === 0);
  const inTurn = Array.from({ length: T }, (_, t) => t % 2);
  const [used, mixed] = [goalAt(places.at), goalAt(inTurn)];
  const found = [
    { at: places.at, goal: used, points: arranged(largest(starts, used), changes, used, 1) },
    { at: inTurn, goal: mixed, points: largest(few, mixed) },
  ];
  return best(
    network,
    task,
    found.map(({ at, goal, points }) => inputOf(climbed(task, points, goal, FEW_SWEEPS).points, at, FEWEST_BITS)),
  );
}

function largest(all: readonly Points[], goal: Goal): Points {
  const values = all.map((points) => goal(points)).map((value) => (Number.isNaN(value) ? -1 : value));
  return all[values.indexOf(Math.max(...values))];
}

const MOST_RUNS = 64;
const FEW_SWEEPS = 8;
const MOST_ROUNDS = 16;

/** One change after the other that makes the goal larger, until none does. */
function arranged(start: Points, changes: Candidates['changes'], goal: Goal, rounds = MOST_ROUNDS): Points {
  let points = start;
  let value = goal(points);
  for (let k = 0, before: Points | null = null; k < rounds && before !== points; k++) {
    before = points;
    for (const change of changes) {
      const next = change(points);
      const reached = goal(next);
      if (reached > value || Number.isNaN(value)) [points, value] = [next, reached];
    }
  }
  return points;
}

/** The largest error that is proved of an input X; null where nothing is proved of any. */
function best(network: Network, task: RetrievalTask, inputs: readonly (readonly Rational[])[]): Fact | null {
  const found = inputs.flatMap((x) => attainRetrieval(network, task, x));
  const errorOf = ({ enclosure }: Fact) => enclosure!.lo!;
  return found.reduce<Fact | null>((a, b) => (a && !errorOf(a).lt(errorOf(b)) ? a : b), null);
}

function climbed({ d }: RetrievalTask, points: Points, goal: Goal, sweeps = SWEEPS) {
  const unfold = (flat: readonly number[]) => points.map((_, k) => flat.slice(k * d, (k + 1) * d));
  const ends = points.flat().map(() => [0, 1] as const);
  const found = unfold(climb((all) => goal(unfold(all)), points.flat(), ends, sweeps));
  return { points: found, value: goal(found) };
}

function inputOf(points: Points, at: readonly number[], bits: number): Rational[] {
  const exact = points.map((point) => point.map((x) => shortened(x, bits)));
  return at.flatMap((k) => exact[k]);
}

const FEWEST_BITS = 30;
const MOST_BITS = 60;

/** Levels that are 1/beta apart have to be told from each other. */
function bitsFor(beta: readonly Rational[] | null): number {
  const largest = (beta ?? []).reduce((most, value) => Math.max(most, approximate(value)), 1);
  return Math.min(MOST_BITS, Math.max(FEWEST_BITS, Math.ceil(Math.log2(largest)) + 10));
}
