import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  type Arithmetic,
  approximate,
  ballIntervals,
  compile,
  doubleIntervals,
  enclose,
  fromFloat,
  intervalAlgebra,
  type Network,
  Rational,
  separableSupremum,
  Tensor,
  toFloat64,
  unitBox,
} from '../../../src/index.js';
import type { FeatureBounds } from './features.js';

/** An input X [T, d] and a proved lower bound of |y(X) - H(X)|. */
export interface RetrievalWitness {
  readonly x: readonly Rational[];
  readonly error: Rational;
}

/** How head i is driven: its soft minimum as far above the minimum as it goes, or its feature net below the feature. */
type Drive = 'above' | 'below';

/**
 * The best of a few inputs that the proof suggests. Above: one token of S_i where Psi_i - f_i is largest, the others
 * where Psi_i is larger by (1 + lambda)/beta, the extremal levels of the soft minimum. Below: all tokens of S_i where
 * f_i - Psi_i is largest. Heads are driven one way where the readout rises and the other way where it falls.
 */
export function retrievalWitness(
  network: Network,
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  levels: readonly Rational[],
): RetrievalWitness {
  const rising = risingIn(task);
  const candidates = [
    rising.map((up): Drive => (up ? 'above' : 'below')),
    rising.map((up): Drive => (up ? 'below' : 'above')),
  ];
  const inputs = candidates.map((drives) => arrange(task, bounds, levels, drives));
  const found = inputs.map((x) => ({ x, error: errorAt(network, task, x) }));
  return found.reduce((best, next) => (best.error.lt(next.error) ? next : best));
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

function arrange(
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  levels: readonly Rational[],
  drives: readonly Drive[],
): Rational[] {
  const { T, d, positions } = task;
  const tokens = new Array<readonly Rational[] | undefined>(T).fill(undefined);
  positions.forEach((S, i) => {
    const { worstBelow } = bounds[i];
    const { first, others } =
      drives[i] === 'above' ? extremal(task, bounds[i], levels[i]) : { first: worstBelow, others: worstBelow };
    S.filter((t) => !tokens[t]).forEach((t, k) => {
      tokens[t] = k === 0 ? first : others;
    });
  });
  const idle = Array.from({ length: d }, () => Rational.one);
  return tokens.flatMap((token) => token ?? idle);
}

/** A token where the soft minimum's least value stands, and one for all others: Psi is higher there by about `level`. */
interface Extremal {
  readonly first: readonly Rational[];
  readonly others: readonly Rational[];
}

/** Starts where Psi - f is largest, or where Psi is least when there is no room above, and goes to where Psi is largest. */
function extremal(
  task: RetrievalTask,
  { expression, worstAbove, minimiser }: FeatureBounds,
  level: Rational,
): Extremal {
  const names = coordinateNames(task.d);
  const psi = toFloat64([expression], names);
  const top = separableSupremum(expression, unitBox(names), { absoluteWidth: Rational.of(1, 100) }).witness;
  const value = (point: readonly Rational[]) => psi(point.map(approximate))[0];
  const goal = (start: readonly Rational[]) => value(start) + approximate(level);
  const first = goal(worstAbove) <= value(top) ? worstAbove : minimiser;
  const at = (s: number) => first.map((a, j) => a.add(top[j].sub(a).mul(fromFloat(s))));
  let [below, above] = [0, 1];
  for (let k = 0; k < 100; k++) {
    const middle = (below + above) / 2;
    if (value(at(middle)) < goal(first)) below = middle;
    else above = middle;
  }
  return { first, others: at(above) };
}

function risingIn({ features, readout }: RetrievalTask): boolean[] {
  const names = features.map((_, i) => `z${i + 1}`);
  const f = toFloat64([readout], names);
  const centre = names.map(() => 0.5);
  return names.map((_, i) => f(centre.map((z, j) => (i === j ? z + 1e-3 : z)))[0] >= f(centre)[0]);
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
