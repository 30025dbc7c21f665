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
import type { Arrangement } from './arrangements.js';
import { arrangements, mixtures } from './candidates.js';
import { errorModel, type RetrievalModel, targetOf } from './error-model.js';
import type { FeatureBounds } from './features.js';
import { climb, shortened } from './worst-points.js';

const CLIMBED = 4;
const VERIFIED = 2;
const SWEEPS = 40;

/**
 * The best of the inputs that the proof suggests: every set of positions is used in one of a few ways, tokens of several
 * sets go to the first in some order, and the points of the best arrangements are moved, coordinate by coordinate, where
 * the error grows. All of it in doubles; the error of what is returned is proved.
 */
export function retrievalWitness(
  network: Network,
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  model: RetrievalModel,
): Fact | null {
  const error = errorModel(task, bounds, model);
  const variants = bounds.some(({ others }) => others)
    ? [bounds, bounds.map((bound) => ({ ...bound, ...bound.others }))]
    : [bounds];
  const all = variants.flatMap((variant) => arrangements(task, variant, model.beta));
  const candidates = all.flatMap((arrangement) => {
    const value = error(arrangement.at)(arrangement.points);
    return Number.isNaN(value) ? [] : [{ arrangement, value }];
  });
  const found = [1, -1].flatMap((sign) => {
    const tops = [...candidates].sort((a, b) => sign * (b.value - a.value)).slice(0, CLIMBED);
    return tops.map(({ arrangement }) => climbed(task, arrangement, (points) => sign * error(arrangement.at)(points)));
  });
  found.sort((a, b) => b.value - a.value);
  const bits = bitsFor(model.beta);
  const inputs = found.slice(0, VERIFIED).map(({ arrangement }) => inputOf(arrangement, bits));
  return best(network, task, inputs);
}

/** The best input by the network itself, whatever it computes: for networks that no lemma applies to. */
export function anyWitness(network: Network, task: RetrievalTask, bounds: readonly FeatureBounds[]): Fact | null {
  const { T, d, readout } = task;
  const run = compile(network, float64);
  const target = targetOf(task);
  const H = toFloat64([readout], readoutNames(bounds.length));
  const error = (at: readonly number[]) => (points: readonly (readonly number[])[]) => {
    const x = new Tensor(
      [T, d],
      at.flatMap((k) => points[k]),
    );
    const [y] = Object.values(run({ x }))[0].dense(0);
    return Math.abs(y - H(target(at)(points))[0]);
  };
  const found = [arrangements(task, bounds, null), mixtures(task, bounds)]
    .flatMap((all) => all.filter((_, k) => k % Math.ceil(all.length / MOST_RUNS) === 0))
    .map((arrangement) => ({ arrangement, value: error(arrangement.at)(arrangement.points) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value);
  if (found.length === 0) return null;
  const { arrangement } = climbed(task, found[0].arrangement, error(found[0].arrangement.at), FEW_SWEEPS);
  const inputs = [arrangement, found[0].arrangement].map((each) => inputOf(each, FEWEST_BITS));
  return best(network, task, inputs);
}

const FEW_SWEEPS = 8;
const MOST_RUNS = 64;

/** The largest error that is proved of an input X; null where nothing is proved of any. */
function best(network: Network, task: RetrievalTask, inputs: readonly (readonly Rational[])[]): Fact | null {
  const found = inputs.flatMap((x) => attainRetrieval(network, task, x));
  const errorOf = ({ enclosure }: Fact) => enclosure!.lo!;
  return found.reduce<Fact | null>((a, b) => (a && !errorOf(a).lt(errorOf(b)) ? a : b), null);
}

function climbed(
  { d }: RetrievalTask,
  { points, at }: Arrangement,
  goal: (points: readonly (readonly number[])[]) => number,
  sweeps = SWEEPS,
): { readonly arrangement: Arrangement; readonly value: number } {
  const unfold = (flat: readonly number[]) => points.map((_, k) => flat.slice(k * d, (k + 1) * d));
  const ends = points.flat().map(() => [0, 1] as const);
  const flat = climb((all) => goal(unfold(all)), points.flat(), ends, sweeps);
  return { arrangement: { points: unfold(flat), at }, value: goal(unfold(flat)) };
}

function inputOf({ points, at }: Arrangement, bits: number): Rational[] {
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
