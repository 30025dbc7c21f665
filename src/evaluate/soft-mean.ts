import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { remembering } from '../remembering.js';

const R = doubleIntervals;

/** A weight e^x f for some x and some f > 0 in intervals: exponents may be far beyond those of doubles. */
export interface Weight {
  readonly exponent: Interval;
  readonly factor: Interval;
}

/**
 * The range of sum_t w_t v_t / sum_t w_t over weights w_t > 0 and values v_t that lie anywhere in their intervals,
 * rounded outward; with `counts`, each weight and value stands for so many t, each of which has numbers of its own.
 *
 * The largest mean is reached with the upper value everywhere, the upper weight where the value exceeds the mean and
 * the lower one elsewhere. For any level c the mean is at most c + max(0, F(c)) / sum_t w_t with
 *   F(c) = max_w sum_t w_t (v_t - c),
 * which is taken term by term; c is found by Dinkelbach's iteration (Management Science 13, 1967) in doubles, which
 * only decides how sharp the bound is. Weights are taken relative to the largest lower one; where an upper one is then
 * too large for a double, c starts at its value.
 *
 * For a soft minimum this is what keeps a large inverse temperature from amplifying the errors of its logits: relative
 * errors u of -beta a_t move the mean by about u beta sum_t p_t a_t |a_t - mean|, where p_t is small unless a_t is within
 * a few 1/beta of the mean, and never past the levels whose logits may have changed places, 2 u max|a| apart.
 */
export function meanRange(
  weights: readonly Weight[],
  values: readonly Interval[],
  counts: readonly number[] = weights.map(() => 1),
): Interval {
  const shift = weights.reduce((most, { exponent }) => Math.max(most, exponent.lo), Number.NEGATIVE_INFINITY);
  const least = values.reduce((lo, v) => Math.min(lo, v.lo), Number.POSITIVE_INFINITY);
  const most = values.reduce((hi, v) => Math.max(hi, v.hi), Number.NEGATIVE_INFINITY);
  const hull = R.fromDoubles(least, most);
  if (!Number.isFinite(shift)) return hull;
  const origin = R.fromDoubles(shift, shift);
  const boundOf = remembering(({ exponent, factor }: Weight) => R.mul(R.exp(R.sub(exponent, origin)), factor));
  const bounds = weights.map((weight, t) => {
    const bound = boundOf(weight);
    return counts[t] === 1 ? bound : R.mul(bound, R.fromDoubles(counts[t], counts[t]));
  });
  const upper = upperMean(
    bounds,
    values.map(({ hi }) => hi),
  );
  const lower = -upperMean(
    bounds,
    values.map(({ lo }) => -lo),
  );
  return R.intersect(R.fromDoubles(lower, upper), hull);
}

const MOST_STEPS = 60;
/** Sums of so large weights stay finite. */
const LARGEST_WEIGHT = 2 ** 900;

function upperMean(weights: readonly Interval[], values: readonly number[]): number {
  const total = R.sum(weights.map(({ lo }) => R.fromDoubles(Math.max(lo, 0), Math.max(lo, 0))));
  if (!(total.lo > 0)) return values.reduce((a, b) => Math.max(a, b));
  const unbounded = values.filter((_, t) => !(weights[t].hi <= LARGEST_WEIGHT));
  let level = unbounded.length > 0 ? Math.max(...unbounded) : values.reduce((a, b) => Math.min(a, b));
  const weightAt = (t: number) =>
    values[t] > level ? weights[t].hi : Math.min(Math.max(weights[t].lo, 0), LARGEST_WEIGHT);
  for (let step = 0; step < MOST_STEPS; step++) {
    let [moment, mass] = [0, 0];
    for (let t = 0; t < values.length; t++) {
      moment += weightAt(t) * (values[t] - level);
      mass += weightAt(t);
    }
    const next = level + moment / mass;
    if (!(next > level)) break;
    level = next;
  }
  const centre = R.fromDoubles(level, level);
  const excess = R.dot(
    values.map((_, t) => R.fromDoubles(weightAt(t), weightAt(t))),
    values.map((v) => R.sub(R.fromDoubles(v, v), centre)),
  );
  return R.add(centre, R.div(R.max(excess, R.zero), total)).hi;
}
