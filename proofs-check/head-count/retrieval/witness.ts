import { coordinateNames, type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  type Arithmetic,
  approximate,
  ballIntervals,
  compile,
  doubleIntervals,
  type Expression,
  enclose,
  float64,
  gapConstant,
  intervalAlgebra,
  type Network,
  Rational,
  Tensor,
  toFloat64,
} from '../../../src/index.js';
import { type Arrangement, arrange, ordersOf, type Pair, pairOf, useLists } from './arrangements.js';
import type { FeatureBounds } from './features.js';
import { climb, shortened } from './worst-points.js';

/** An input X [T, d] and a proved lower bound of |y(X) - H(X)|. */
export interface RetrievalWitness {
  readonly x: readonly Rational[];
  readonly error: Rational;
}

/** What a search in doubles needs of the network. */
export interface RetrievalModel {
  /** Inverse temperatures; null where a minimum is taken exactly. */
  readonly beta: readonly Rational[] | null;
  /** The output in z1, ..., zD. */
  readonly output: Expression;
}

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
): RetrievalWitness {
  const error = errorModel(task, bounds, model);
  const candidates = arrangements(task, bounds, model.beta).flatMap((arrangement) => {
    const value = error(arrangement.at)(arrangement.points);
    return Number.isNaN(value) ? [] : [{ arrangement, value }];
  });
  const found = [1, -1].flatMap((sign) => {
    const tops = [...candidates].sort((a, b) => sign * (b.value - a.value)).slice(0, CLIMBED);
    return tops.map(({ arrangement }) => climbed(task, arrangement, (points) => sign * error(arrangement.at)(points)));
  });
  found.sort((a, b) => b.value - a.value);
  const inputs = found.slice(0, VERIFIED).map(({ arrangement }) => inputOf(arrangement));
  return best(inputs.map((x) => ({ x, error: errorAt(network, task, x) })));
}

/** The best arrangement by the network itself, whatever it computes: for networks that no lemma applies to. */
export function anyWitness(
  network: Network,
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
): RetrievalWitness | null {
  const { T, d, readout } = task;
  const run = compile(network, float64);
  const target = targetOf(task);
  const all = arrangements(task, bounds, null);
  const stride = Math.ceil(all.length / MOST_RUNS);
  const H = toFloat64([readout], readoutNames(bounds.length));
  const found = all
    .filter((_, k) => k % stride === 0)
    .map(({ points, at }) => {
      const x = new Tensor(
        [T, d],
        at.flatMap((k) => points[k]),
      );
      const [y] = Object.values(run({ x }))[0].dense(0);
      return { arrangement: { points, at }, value: Math.abs(y - H(target(at)(points))[0]) };
    })
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value);
  const inputs = found.slice(0, VERIFIED).map(({ arrangement }) => inputOf(arrangement));
  return inputs.length === 0 ? null : best(inputs.map((x) => ({ x, error: errorAt(network, task, x) })));
}

const MOST_RUNS = 64;

const MOST_ARRANGEMENTS = 1021;

function best(found: readonly RetrievalWitness[]): RetrievalWitness {
  return found.reduce((a, b) => (a.error.lt(b.error) ? b : a));
}

function arrangements(
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  beta: readonly Rational[] | null,
): Arrangement[] {
  const soft = bounds.map((bound, i) => softPair(task, bound, beta && levelOf(task.positions[i].length, beta[i])));
  const D = bounds.length;
  const all = useLists(D).flatMap((uses) => ordersOf(task).map((order) => ({ uses, order })));
  const stride = Math.ceil(all.length / MOST_ARRANGEMENTS);
  return all
    .filter((_, k) => k % stride === 0)
    .map(({ uses, order }) => {
      const pairs = uses.map((use, i) => pairOf(use, bounds[i], soft[i]));
      return arrange(task, pairs, order);
    });
}

/** How far the other values stand above the least in the extremal input of the soft minimum: (1 + lambda)/beta. */
function levelOf(S: number, beta: Rational): number {
  return S === 1 ? 0 : approximate(gapConstant(S, 64).hi.add(Rational.one).div(beta));
}

/** A point where Psi - f is large, and one towards where Psi is largest at which it has risen by the level. */
function softPair({ d }: RetrievalTask, bound: FeatureBounds, level: number | null): Pair {
  const psi = toFloat64([bound.expression], coordinateNames(d));
  const [worst, least, top] = [bound.worstAbove, bound.minimiser, bound.maximiser].map((point) =>
    point.map(approximate),
  );
  if (level === null) return [worst, top];
  const goal = (start: readonly number[]) => psi(start)[0] + level;
  const first = goal(worst) <= psi(top)[0] ? worst : least;
  const at = (s: number) => first.map((a, j) => a + (top[j] - a) * s);
  let [below, above] = [0, 1];
  for (let k = 0; k < 60; k++) {
    const middle = (below + above) / 2;
    if (psi(at(middle))[0] < goal(first)) below = middle;
    else above = middle;
  }
  return [first, at(above)];
}

type Valued<V> = (at: readonly number[]) => (points: readonly (readonly number[])[]) => V;

/** z_1, ..., z_D in doubles. */
function targetOf({ d, features, positions }: RetrievalTask): Valued<number[]> {
  const f = remembered(toFloat64(features, coordinateNames(d)));
  return (at) => {
    const seen = positions.map((S) => [...new Set(S.map((t) => at[t]))]);
    return (points) => {
      const values = points.map(f);
      return seen.map((used, i) => Math.min(...used.map((k) => values[k][i])));
    };
  };
}

/** y - H in doubles, tokens outside S_i left out. */
function errorModel(
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  { beta, output }: RetrievalModel,
): Valued<number> {
  const names = coordinateNames(task.d);
  const psi = remembered(
    toFloat64(
      bounds.map(({ expression }) => expression),
      names,
    ),
  );
  const [y, H] = [output, task.readout].map((e) => toFloat64([e], readoutNames(bounds.length)));
  const target = targetOf(task);
  const strengths = beta?.map(approximate) ?? null;
  return (at) => {
    const counts = task.positions.map((S) => {
      const count = new Map<number, number>();
      for (const t of S) count.set(at[t], (count.get(at[t]) ?? 0) + 1);
      return [...count];
    });
    const exact = target(at);
    return (points) => {
      const values = points.map(psi);
      const z = counts.map((groups, i) =>
        softMinimum(
          groups.map(([k, n]) => [values[k][i], n]),
          strengths?.[i] ?? null,
        ),
      );
      return y(z)[0] - H(exact(points))[0];
    };
  };
}

/** Of the points of an input, one moves at a time. */
function remembered<V>(of: (point: readonly number[]) => V): (point: readonly number[]) => V {
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

function climbed(
  { d }: RetrievalTask,
  { points, at }: Arrangement,
  goal: (points: readonly (readonly number[])[]) => number,
): { readonly arrangement: Arrangement; readonly value: number } {
  const unfold = (flat: readonly number[]) => points.map((_, k) => flat.slice(k * d, (k + 1) * d));
  const ends = points.flat().map(() => [0, 1] as const);
  const flat = climb((all) => goal(unfold(all)), points.flat(), ends, SWEEPS);
  return { arrangement: { points: unfold(flat), at }, value: goal(unfold(flat)) };
}

function inputOf({ points, at }: Arrangement): Rational[] {
  const exact = points.map((point) => point.map(shortened));
  return at.flatMap((k) => exact[k]);
}

/** A proved lower bound of the error at one input: in doubles, or in balls where these do not see it. */
export function errorAt(network: Network, task: RetrievalTask, x: readonly Rational[]): Rational {
  const first = errorIn(doubleIntervals, network, task, x);
  const isSharp = first.lo.sign() > 0 && first.hi !== null && first.hi.le(first.lo.mul(Rational.of(101, 100)));
  return isSharp ? first.lo : errorIn(ballIntervals(256), network, task, x).lo.max(first.lo);
}

function errorIn<I>(A: Arithmetic<I>, network: Network, task: RetrievalTask, x: readonly Rational[]) {
  const { T, d, features, positions, readout } = task;
  const algebra = intervalAlgebra(A);
  const input = new Tensor(
    [T, d],
    x.map((entry) => A.of(entry)),
  );
  const y = compile(network, algebra)({ x: input }).y.dense(A.zero)[0];
  const names = coordinateNames(d);
  const values = features.map((feature, i) => {
    const at = (t: number) => enclose(feature, A, new Map(names.map((name, j) => [name, input.data[t * d + j]])));
    const seen = new Map<string, I>();
    for (const t of positions[i]) {
      const key = x.slice(t * d, (t + 1) * d).join(' ');
      if (!seen.has(key)) seen.set(key, at(t));
    }
    return [...seen.values()].reduce((a, b) => A.min(a, b));
  });
  const target = enclose(readout, A, new Map(values.map((z, i) => [`z${i + 1}`, z])));
  const error = A.abs(A.sub(y, target));
  return { lo: A.mark(error) === 0 ? A.lower(error)! : Rational.zero, hi: A.upper(error) ?? null };
}

/** Runs of equal tokens as "count x token". */
export function compress(x: readonly Rational[], d: number): string[] {
  const runs: { token: string; count: number }[] = [];
  for (let t = 0; t < x.length; t += d) {
    const token = x.slice(t, t + d).join(' ');
    const last = runs.at(-1);
    if (last?.token === token) last.count += 1;
    else runs.push({ token, count: 1 });
  }
  return runs.map(({ token, count }) => `${count} x (${token})`);
}
