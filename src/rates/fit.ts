import { fitSlope, type Sample } from './slope.js';

/** What the values say of the order at which they grow with t, the end t -> infinity being the one that counts. */
export interface Fit {
  readonly slope: number;
  readonly interval: readonly [number, number];
  /** The t between which the slope was fitted: the values before belong to the pre-asymptotic range. */
  readonly used: readonly [number, number];
  /** Where the values level off after a steady slope, and the value there. */
  readonly floor: { readonly t: number; readonly y: number } | null;
  /** How the slope moves, by more than its uncertainty, from the near half of the used range to the far half. */
  readonly drift: Drift | null;
  readonly local: readonly LocalSlope[];
}

export interface Drift {
  readonly from: number;
  readonly to: number;
  /** What `to` may be off by. */
  readonly error: number;
}

export interface LocalSlope {
  readonly from: number;
  readonly to: number;
  readonly slope: number;
}

/** Distinct t that a fit needs. */
export const FEWEST_LEVELS = 4;

/**
 * Fits the slope where it is settled: the first values are left out, as pre-asymptotic, until the interval is narrower
 * than `width` (whatever slope it contains), or as many of them as make it narrowest. Values after a floor are left out too.
 * Null for fewer than four distinct t.
 */
export function fitRate(samples: readonly Sample[], width: number): Fit | null {
  const local = localSlopes(samples);
  const levels = levelsOf(samples);
  const floor = findFloor(local);
  const last = floor ? levels.indexOf(local[floor].from) : levels.length - 1;
  let best: Estimate | null = null;
  for (let first = 0; last - first + 1 >= FEWEST_LEVELS; first++) {
    const found = estimate(samples, levels.slice(first, last + 1));
    if (found && (!best || span(found.interval) < span(best.interval))) best = found;
    if (best && span(best.interval) < width) break;
  }
  if (!best) return null;
  const bottom = floor ? samples.filter(({ t }) => t === levels[levels.length - 1]) : [];
  return { ...best, floor: floor ? { t: local[floor].to, y: mean(bottom.map(({ y }) => y)) } : null, local };
}

type Estimate = Pick<Fit, 'slope' | 'interval' | 'used' | 'drift'>;

/**
 * The interval joins what the fit leaves open with what its drift does. If the deviation from the limit at least halves
 * from the near half of the range to the far half, as it does for corrections that are powers, then the limit is no
 * further from the far slope than the near slope is.
 */
function estimate(samples: readonly Sample[], levels: readonly number[]): Estimate | null {
  const between = (lo: number, hi: number) => samples.filter(({ t }) => t >= lo && t <= hi);
  const [start, end] = [levels[0], levels[levels.length - 1]];
  const half = Math.ceil(levels.length / 2);
  const whole = fitSlope(between(start, end));
  if (!whole) return null;
  const [nearSamples, farSamples] = [between(start, levels[half - 1]), between(levels[levels.length - half], end)];
  const [near, far] = [nearSamples, farSamples].map((part) => fitSlope(part));
  const [nearSlope, farSlope] = [nearSamples, farSamples].map((part) =>
    mean(localSlopes(part).map(({ slope }) => slope)),
  );
  const [from, to] = [near?.slope ?? nearSlope, far?.slope ?? farSlope];
  const drift = Math.abs(from - to);
  const error = whole.scatter + whole.data;
  const farError = far ? far.scatter + far.data : error;
  const halves = near && far ? near.scatter + near.data + farError : error;
  return {
    slope: whole.slope,
    interval: [Math.min(whole.slope - error, to - drift), Math.max(whole.slope + error, to + drift)],
    used: [start, end],
    drift: drift > halves ? { from, to, error: farError } : null,
  };
}

/** Slopes between neighbouring t, averaged over the groups that have both. */
export function localSlopes(samples: readonly Sample[]): LocalSlope[] {
  const levels = levelsOf(samples);
  const rows = new Map(levels.map((t) => [t, new Map<number, number>()]));
  for (const { t, group, y } of samples) rows.get(t)!.set(group, y);
  return levels.slice(1).flatMap((to, i) => {
    const from = levels[i];
    const steps = [...rows.get(to)!].flatMap(([group, y]) => {
      const before = rows.get(from)!.get(group);
      return before === undefined ? [] : [(y - before) / (to - from)];
    });
    return steps.length > 0 ? [{ from, to, slope: mean(steps) }] : [];
  });
}

/** How far slopes of a steady stretch may be from their median, and slopes on a floor from 0, as shares of it. */
const STEADY = 0.25;
const LEVEL = 0.125;

/** Index of the local slope that ends a steady stretch of three or more and is followed by two or more near 0. */
function findFloor(local: readonly LocalSlope[]): number | null {
  const slopes = local.map(({ slope }) => slope);
  // Of the last three one is flat against the steepest of all, where there is a floor; mostly there is none.
  const steepest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  if (!slopes.slice(-3).some((slope) => Math.abs(slope) <= LEVEL * steepest)) return null;
  for (let split = 3; split <= slopes.length - 2; split++) {
    const head = slopes.slice(0, split);
    const steady = median(head);
    const isSteady = head.every((slope) => Math.abs(slope - steady) <= STEADY * Math.abs(steady));
    const tail = slopes.slice(split);
    const flat = tail.filter((slope) => Math.abs(slope) <= LEVEL * Math.abs(steady)).length;
    const isBend = tail.slice(0, tail.length - flat).every((slope) => Math.abs(slope) < Math.abs(steady));
    if (isSteady && flat >= 2 && flat >= tail.length - 2 && isBend && steady !== 0) return split;
  }
  return null;
}

function levelsOf(samples: readonly Sample[]): number[] {
  return [...new Set(samples.map(({ t }) => t))].sort((a, b) => a - b);
}

function span([lo, hi]: readonly [number, number]): number {
  return hi - lo;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
