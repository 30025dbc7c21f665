import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { LowerSum } from '../numbers/lower-sum.js';
import { addUp, divUp, mulDown, mulUp, subUp } from '../numbers/rounding.js';
import { remembering } from '../remembering.js';

const R = doubleIntervals;

/** A weight e^x f for some x and some f > 0 in intervals: exponents may be far beyond those of doubles. */
export interface Weight {
  readonly exponent: Interval;
  readonly factor: Interval;
}

/** A weight relative to the largest lower one of its set, in [lo, hi] with lo >= 0. */
export interface Mass {
  readonly lo: number;
  readonly hi: number;
}

/** The weights of one set relative to the largest lower one; null where that is beyond all doubles. Equal ones are one object. */
export function massesOf(weights: readonly Weight[]): readonly Mass[] | null {
  const shift = weights.reduce((most, { exponent }) => Math.max(most, exponent.lo), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(shift)) return null;
  const origin = R.fromDoubles(shift, shift);
  return weights.map(
    remembering(({ exponent, factor }: Weight): Mass => {
      const { lo, hi } = R.mul(R.exp(R.sub(exponent, origin)), factor);
      return { lo: Math.max(lo, 0), hi };
    }),
  );
}

/** So many weights that each lie where one does. */
export function timesCount({ lo, hi }: Mass, count: number): Mass {
  return { lo: mulDown(lo, count), hi: mulUp(hi, count) };
}

const MOST_STEPS = 60;
/** Sums of so large weights stay finite. */
const LARGEST_WEIGHT = 2 ** 900;

/** The lower end of the range of means over masses of values that are at least these. Masses null may be any. */
export function leastMean(masses: readonly Mass[] | null, values: Float64Array): number {
  return -greatestMean(
    masses,
    values.map((value) => -value),
  );
}

/**
 * The upper end of the range of sum_t w_t v_t / sum_t w_t over weights w_t > 0 in their masses and values v_t that are at most
 * these, rounded up. Masses null may be any.
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
export function greatestMean(masses: readonly Mass[] | null, values: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!masses || least === most) return most;
  const total = new LowerSum();
  let level = least;
  for (let t = 0; t < values.length; t++) {
    total.add(masses[t].lo);
    if (!(masses[t].hi <= LARGEST_WEIGHT)) level = Math.max(level, values[t]);
  }
  const mass = total.bound();
  if (!(mass > 0)) return most;
  const weightAt = (t: number) => (values[t] > level ? masses[t].hi : Math.min(masses[t].lo, LARGEST_WEIGHT));
  for (let step = 0; step < MOST_STEPS; step++) {
    let [moment, sum] = [0, 0];
    for (let t = 0; t < values.length; t++) {
      const weight = weightAt(t);
      moment += weight * (values[t] - level);
      sum += weight;
    }
    const next = level + moment / sum;
    if (!(next > level)) break;
    level = next;
  }
  const excess = new LowerSum();
  for (let t = 0; t < values.length; t++) excess.addProduct(-weightAt(t), subUp(values[t], level));
  const above = Math.max(-excess.bound(), 0);
  return above < Number.POSITIVE_INFINITY ? Math.min(addUp(level, divUp(above, mass)), most) : most;
}
