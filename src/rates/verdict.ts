import { type Drift, FEWEST_LEVELS, type Fit } from './fit.js';

/**
 * What a sweep can say of a predicted rate.
 * - `proved`: at most the order of the theorem's closed bound, which was proved at every point;
 * - `consistent`: the confidence interval of the slope contains the prediction and is narrower than 5 % of it;
 * - `inconsistent`: slower decay or faster growth than predicted, no rate at all, or a floor;
 * - `suspicious`: faster decay or slower growth than predicted, too good to be true;
 * - `too-few-points`: the values do not decide.
 */
export type RateVerdict = 'proved' | 'consistent' | 'inconsistent' | 'suspicious' | 'too-few-points';

export interface Judgement {
  readonly verdict: RateVerdict;
  readonly reason: string;
}

/** The widest interval that supports a prediction, as a share of it; an absolute width for a prediction of 0. */
const WIDTH = 0.05;

export function widestInterval(predicted: number): number {
  return WIDTH * (predicted === 0 ? 1 : Math.abs(predicted));
}

/** The verdict on "the quantity grows like exp(predicted t)" for t -> infinity; decay is negative growth. */
export function judge(fit: Fit | null, predicted: number): Judgement {
  if (!fit) return { verdict: 'too-few-points', reason: `fewer than ${FEWEST_LEVELS} usable values on the axis` };
  const [lo, hi] = fit.interval;
  if (fit.floor && predicted !== 0) return { verdict: 'inconsistent', reason: 'floor: the values level off' };
  if (lo > 0 && predicted < 0) return { verdict: 'inconsistent', reason: 'diverges: the values grow' };
  const away = fit.drift && recedes(fit.drift, predicted);
  if (away && away < 0) return { verdict: 'suspicious', reason: 'too good to be true, and ever more so' };
  if (away && away > 0) return { verdict: 'inconsistent', reason: 'the slope moves away from the prediction' };
  if (lo <= predicted && predicted <= hi) {
    if (hi - lo < widestInterval(predicted))
      return { verdict: 'consistent', reason: 'the interval contains the prediction' };
    if (predicted < 0 && fit.slope >= 0) return { verdict: 'inconsistent', reason: 'diverges: the values grow' };
    return { verdict: 'too-few-points', reason: 'the interval is wider than 5 % of the prediction' };
  }
  if (fit.drift && approaches(fit.drift, predicted))
    return { verdict: 'too-few-points', reason: 'the slope still moves towards the prediction' };
  if (hi < predicted) return { verdict: 'suspicious', reason: 'too good to be true' };
  if (predicted < 0 && lo <= 0 && hi >= 0) return { verdict: 'inconsistent', reason: 'constant: no decay' };
  return { verdict: 'inconsistent', reason: predicted < 0 ? 'too slow' : 'grows too fast' };
}

/** How much the slope of one half of the range may exceed that of the other where decay of one kind is to be seen. */
const SAME_KIND = 1.25;

/** The verdict on "the quantity falls like exp(-c t) for some c > 0". */
export function judgeDecay(fit: Fit | null): Judgement {
  if (!fit || fit.floor || fit.slope >= 0) return judge(fit, -1);
  const { from, to } = fit.drift ?? { from: fit.slope, to: fit.slope };
  if (SAME_KIND * Math.abs(to) < Math.abs(from))
    return { verdict: 'inconsistent', reason: 'slower than any such order: the slope tends to 0' };
  if (SAME_KIND * Math.abs(from) < Math.abs(to))
    return { verdict: 'suspicious', reason: 'faster than any such order: the slope grows' };
  const judged = judge(fit, fit.slope);
  if (judged.verdict !== 'consistent') return judged;
  return { ...judged, reason: `the values fall like this, with c = ${Number(-fit.slope.toPrecision(4))}` };
}

/** The side on which the slope leaves the prediction behind, 0 when it does not. */
function recedes(drift: Drift, predicted: number): number {
  const isOutside = Math.abs(drift.to - predicted) > drift.error;
  return isOutside && !approaches(drift, predicted) ? Math.sign(drift.to - predicted) : 0;
}

function approaches({ from, to }: Drift, predicted: number): boolean {
  return Math.abs(to - predicted) < Math.abs(from - predicted);
}
