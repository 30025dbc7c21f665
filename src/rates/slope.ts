import { studentQuantile } from './student.js';

/** One value on logarithmic scales: y lies within e > 0 of its true value, and groups have intercepts of their own. */
export interface Sample {
  readonly t: number;
  readonly y: number;
  readonly e: number;
  readonly group: number;
}

/** A slope, and what it may be off by: from scatter at 95 %, and from the certified errors of the values. */
export interface Slope {
  readonly slope: number;
  readonly scatter: number;
  readonly data: number;
}

const CONFIDENCE = 0.95;

/**
 * The common slope of y over t by weighted least squares with an intercept for each group. A value weighs
 * 1/(e^2 + r^2), r the residual standard deviation of the unweighted fit, so that neither wide enclosures nor exact
 * values dominate. Scatter is Student's t times the standard error; data is the most that the true values within their
 * enclosures can move the slope, sum |a_i| e_i for the slope sum a_i y_i. Null without a degree of freedom.
 */
export function fitSlope(samples: readonly Sample[]): Slope | null {
  const sizes = new Map<number, number>();
  for (const { group } of samples) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const used = samples.filter(({ group }) => sizes.get(group)! > 1);
  const degrees = used.length - new Set(used.map(({ group }) => group)).size - 1;
  if (degrees < 1) return null;
  const unweighted = weightedFit(used, () => 1);
  if (!unweighted) return null;
  const variance = unweighted.squares / degrees;
  const fit = weightedFit(used, ({ e }) => 1 / (e * e + variance))!;
  const standardError = Math.sqrt(fit.squares / degrees / fit.spread);
  return { slope: fit.slope, scatter: studentQuantile(CONFIDENCE, degrees) * standardError, data: fit.data };
}

/** Slope, weighted sum of squared residuals, weighted spread of t, and sum |a_i| e_i; null where all t are equal. */
function weightedFit(samples: readonly Sample[], weight: (sample: Sample) => number) {
  const largest = samples.reduce((most, sample) => Math.max(most, weight(sample)), 0);
  const weights = samples.map((sample) => weight(sample) / largest);
  const sums = new Map<number, { w: number; t: number; y: number }>();
  samples.forEach(({ group, t, y }, i) => {
    const { w, t: wt, y: wy } = sums.get(group) ?? { w: 0, t: 0, y: 0 };
    sums.set(group, { w: w + weights[i], t: wt + weights[i] * t, y: wy + weights[i] * y });
  });
  const centred = samples.map(({ group, t, y, e }, i) => {
    const mean = sums.get(group)!;
    return { w: weights[i], t: t - mean.t / mean.w, y: y - mean.y / mean.w, e };
  });
  const spread = centred.reduce((sum, { w, t }) => sum + w * t * t, 0);
  if (spread === 0) return null;
  const slope = centred.reduce((sum, { w, t, y }) => sum + w * t * y, 0) / spread;
  const squares = centred.reduce((sum, { w, t, y }) => sum + w * (y - slope * t) ** 2, 0);
  const data = centred.reduce((sum, { w, t, e }) => sum + Math.abs((w * t) / spread) * e, 0);
  return { slope, squares, spread, data };
}
