import { describe, expect, test } from 'vitest';
import { greatestMean, leastMean, massesOf, timesCount, type Weight } from '../../src/evaluate/soft-mean.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import type { Interval } from '../../src/numbers/interval.js';
import { sum } from '../../src/numbers/rational.js';
import { cases, stream } from '../numbers/samples.js';

const R = doubleIntervals;
const one = R.one;

/** The largest and least mean over all choices of ends, which is where the extremes are. */
function corners(exponents: readonly (readonly [number, number])[], values: readonly (readonly [number, number])[]) {
  const n = exponents.length;
  const means = Array.from({ length: 4 ** n }, (_, choice) => {
    const bit = (k: number) => (choice >> k) & 1;
    const w = exponents.map((ends, t) => Math.exp(ends[bit(t)]));
    const v = values.map((ends, t) => ends[bit(n + t)]);
    return w.reduce((sum, x, t) => sum + x * v[t], 0) / w.reduce((sum, x) => sum + x, 0);
  });
  return [Math.min(...means), Math.max(...means)] as const;
}

/** Both ends, of weights and values that each stand for so many. */
function meanRange(weights: readonly Weight[], values: readonly Interval[], counts?: readonly number[]) {
  const masses = massesOf(weights)?.map((mass, t) => (counts ? timesCount(mass, counts[t]) : mass)) ?? null;
  const [lo, hi] = [Float64Array.from(values, (v) => v.lo), Float64Array.from(values, (v) => v.hi)];
  return { lo: leastMean(masses, lo), hi: greatestMean(masses, hi) };
}

describe('the range of a weighted mean', () => {
  test('is the hull over all corners, and hardly more', () => {
    const random = stream(17);
    for (let run = 0; run < cases(200, 5000); run++) {
      const n = 1 + Math.floor(random() * 4);
      const pair = (scale: number, width: number) =>
        Array.from({ length: n }, () => {
          const lo = (random() - 0.5) * scale;
          return [lo, lo + random() * width] as const;
        });
      const exponents = pair(20, 10 ** (1 - 6 * random()));
      const values = pair(2, 10 ** (-8 * random()));
      const interval = ([lo, hi]: readonly [number, number]) => R.fromDoubles(lo, hi);
      const { lo, hi } = meanRange(
        exponents.map((ends) => ({ exponent: interval(ends), factor: one })),
        values.map(interval),
      );
      const [least, most] = corners(exponents, values);
      expect(lo).toBeLessThanOrEqual(least + 1e-13);
      expect(hi).toBeGreaterThanOrEqual(most - 1e-13);
      expect(lo).toBeGreaterThan(least - 1e-12);
      expect(hi).toBeLessThan(most + 1e-12);
    }
  });

  test('is never left by a mean of exact numbers', () => {
    const random = stream(23);
    for (let run = 0; run < cases(200, 5000); run++) {
      const n = 2 + Math.floor(random() * 2);
      const masses = Array.from({ length: n }, () => {
        const lo = random();
        return { lo, hi: lo * (1 + random() * 10 ** (-16 * random())) };
      });
      const values = Float64Array.from({ length: n }, () => random() - 0.5);
      const means = Array.from({ length: 2 ** n }, (_, choice) => {
        const w = masses.map(({ lo, hi }, t) => fromFloat((choice >> t) & 1 ? hi : lo));
        return sum(w.map((weight, t) => weight.mul(fromFloat(values[t])))).div(sum(w));
      });
      const [least, most] = [leastMean(masses, values), greatestMean(masses, values)].map(fromFloat);
      for (const mean of means) expect(least.le(mean) && mean.le(most)).toBe(true);
    }
  });

  test('with counts is that of as many weights and values', () => {
    const random = stream(19);
    for (let run = 0; run < cases(200, 5000); run++) {
      const pair = (scale: number) => {
        const lo = (random() - 0.5) * scale;
        return R.fromDoubles(lo, lo + random());
      };
      const kinds = Array.from({ length: 3 }, () => ({
        weight: { exponent: pair(20), factor: one },
        value: pair(2),
        count: 1 + Math.floor(random() * 5),
      }));
      const all = kinds.flatMap((kind) => new Array<typeof kind>(kind.count).fill(kind));
      const range = (list: typeof kinds, counts?: readonly number[]) =>
        meanRange(
          list.map(({ weight }) => weight),
          list.map(({ value }) => value),
          counts,
        );
      const together = range(
        kinds,
        kinds.map(({ count }) => count),
      );
      const apart = range(all);
      expect(together.lo).toBeCloseTo(apart.lo, 12);
      expect(together.hi).toBeCloseTo(apart.hi, 12);
    }
  });

  test('knows which values are out of reach when exponents are beyond doubles', () => {
    const weight = (lo: number, hi: number) => ({ exponent: R.fromDoubles(lo, hi), factor: one });
    const values = [1, 2, 5].map((v) => R.fromDoubles(v, v));
    const { lo, hi } = meanRange([weight(-1e6, 0), weight(-1e6, 0), weight(-1e9, -1e8)], values);
    expect(lo).toBe(1);
    expect(hi).toBeGreaterThanOrEqual(2);
    expect(hi).toBeLessThan(2 + 1e-9);
  });
});
