import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';

const R = doubleIntervals;

/**
 * The range of sum_t w_t v_t / sum_t w_t over weights w_t > 0 and values v_t that lie anywhere in their intervals,
 * rounded outward.
 *
 * The largest mean is reached with the upper value everywhere, the upper weight where the value exceeds the mean and
 * the lower one elsewhere. For any level c the mean is at most c + F(c) / sum_t w_t with
 *   F(c) = max_w sum_t w_t (v_t - c),
 * which is taken term by term; c is found by Dinkelbach's iteration (Management Science 13, 1967) in doubles, which
 * only decides how sharp the bound is.
 *
 * For a soft minimum this is what keeps a large inverse temperature from amplifying the errors of its logits: relative
 * errors u of -beta a_t move the mean by about u beta sum_t p_t a_t |a_t - mean|, where p_t is small unless a_t is within
 * a few 1/beta of the mean, and never past the levels whose logits may have changed places, 2 u max|a| apart.
 */
export function meanRange(weights: readonly Interval[], values: readonly Interval[]): Interval {
  const [least, most] = values.reduce(
    ([lo, hi], v) => [Math.min(lo, v.lo), Math.max(hi, v.hi)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const upper = upperMean(
    weights,
    values.map(({ hi }) => hi),
  );
  const lower = -upperMean(
    weights,
    values.map(({ lo }) => -lo),
  );
  return R.intersect(R.fromDoubles(lower, upper), R.fromDoubles(least, most));
}

const MOST_STEPS = 60;

function upperMean(weights: readonly Interval[], values: readonly number[]): number {
  const total = R.sum(weights.map(({ lo }) => R.fromDoubles(lo, lo)));
  if (!(total.lo > 0)) return values.reduce((a, b) => Math.max(a, b));
  let level = values.reduce((a, b) => Math.min(a, b));
  for (let step = 0; step < MOST_STEPS; step++) {
    let [moment, mass] = [0, 0];
    for (let t = 0; t < values.length; t++) {
      const weight = values[t] > level ? weights[t].hi : weights[t].lo;
      moment += weight * (values[t] - level);
      mass += weight;
    }
    const next = level + moment / mass;
    if (!(next > level)) break;
    level = next;
  }
  const centre = R.fromDoubles(level, level);
  const chosen = values.map((v, t) => (v > level ? weights[t].hi : weights[t].lo));
  const excess = R.dot(
    chosen.map((w) => R.fromDoubles(w, w)),
    values.map((v) => R.sub(R.fromDoubles(v, v), centre)),
  );
  return R.add(centre, R.div(R.max(excess, R.zero), total)).hi;
}
