import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitRate } from '../../src/rates/fit.js';
import { fitSlope, type Sample } from '../../src/rates/slope.js';
import { judge, widestInterval } from '../../src/rates/verdict.js';

const TWOS = Array.from({ length: 12 }, (_, k) => 2 ** (k + 1));
const TINY = 1e-15;

/** The verdict on quantity ~ N^predicted, for exact values f(N). */
function verdictOn(f: (N: number) => number, predicted: number, values: readonly number[] = TWOS) {
  const samples = values.map((N) => ({ t: Math.log(N), y: Math.log(f(N)), e: TINY, group: 0 }));
  const fit = fitRate(samples, widestInterval(predicted));
  return { fit, ...judge(fit, predicted) };
}

describe('planted rates', () => {
  test.each([
    ['the predicted rate', (N: number) => 3 * N ** -2, -2, 'consistent', /contains/],
    ['an exponent too small by 0.2', (N: number) => 3 * N ** -1.8, -2, 'inconsistent', /too slow/],
    ['an exponent too large by 0.2', (N: number) => 3 * N ** -2.2, -2, 'suspicious', /too good/],
    ['divergence', (N: number) => N ** 0.5, -0.5, 'inconsistent', /diverges/],
    ['divergence at the predicted size', (N: number) => N ** 2, -2, 'inconsistent', /diverges/],
    ['slow divergence', (N: number) => Math.log(N + 1), -2, 'inconsistent', /diverges/],
    ['a floor', (N: number) => N ** -2 + 1e-12, -2, 'inconsistent', /floor/],
    ['a constant', () => 0.25, -2, 'inconsistent', /constant/],
    ['a constant where one is predicted', () => 0.25, 0, 'consistent', /contains/],
    ['growth where a constant is predicted', (N: number) => N ** 0.2, 0, 'inconsistent', /too fast/],
    ['growth by 0.2 too fast', (N: number) => N ** 1.2, 1, 'inconsistent', /too fast/],
    ['growth by 0.2 too slow', (N: number) => N ** 0.8, 1, 'suspicious', /too good/],
    ['an exponential where a power is predicted', (N: number) => Math.exp(-N / 50), -2, 'suspicious', /too good/],
    ['a logarithm beside the power', (N: number) => Math.log(N) / N, -1, 'too-few-points', /moves towards/],
  ] as const)('%s', (name, f, predicted, verdict, reason) => {
    const values = name === 'a floor' ? Array.from({ length: 26 }, (_, k) => 2 ** (k + 1)) : TWOS;
    const judged = verdictOn(f, predicted, values);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).toMatch(reason);
  });

  test('the floor is found where it is, and the slope before it is fitted', () => {
    const values = Array.from({ length: 26 }, (_, k) => 2 ** (k + 1));
    const { fit } = verdictOn((N) => N ** -2 + 1e-12, -2, values);
    expect(Math.exp(fit!.floor!.y)).toBeCloseTo(1e-12, 15);
    expect(fit!.slope).toBeCloseTo(-2, 1);
    const from = Math.exp(fit!.floor!.t);
    expect(from).toBeGreaterThan(2 ** 17);
    expect(from).toBeLessThan(2 ** 22);
  });

  test('lower-order terms before the asymptotic range are left out', () => {
    const { fit, verdict } = verdictOn((N) => N ** -1 * (1 + 8 / N), -1);
    expect(verdict).toBe('consistent');
    expect(Math.exp(fit!.used[0])).toBeGreaterThan(8);
    expect(fit!.interval[0]).toBeLessThanOrEqual(-1);
    expect(fit!.interval[1]).toBeGreaterThanOrEqual(-1);
  });

  test('an exponent off by 0.2 is never consistent, whatever lower-order term hides it', () => {
    const predicted = fc.constantFrom(-0.5, -1, -2, -3, 0, 1);
    const off = fc.constantFrom(-0.2, 0.2);
    const term = fc.double({ min: -0.9, max: 20, noNaN: true });
    fc.assert(
      fc.property(predicted, off, term, fc.constantFrom(0.5, 1, 2), (p, delta, a, order) => {
        const values = TWOS.map((N) => 2 * N);
        const { verdict } = verdictOn((N) => N ** (p + delta) * (1 + a / N ** order), p, values);
        expect(verdict).not.toBe('consistent');
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, 1, 2, 3])('%i values are too few', (count) => {
    expect(verdictOn((N) => N ** -2, -2, TWOS.slice(0, count)).verdict).toBe('too-few-points');
  });

  test('scattered values that allow several slopes are too few', () => {
    const wild = (N: number) => N ** -2 * (1 + 0.3 * Math.cos(Math.PI * Math.log2(N)));
    expect(verdictOn(wild, -2, TWOS.slice(0, 5)).verdict).toBe('too-few-points');
  });
});

describe('the interval', () => {
  const exponent = fc.double({ min: -4, max: 4, noNaN: true });
  const steps = fc.array(fc.double({ min: 0.05, max: 3, noNaN: true }), { minLength: 4, maxLength: 20 });

  test('contains the exponent of an exact power law, at any ratios between the points', () => {
    fc.assert(
      fc.property(exponent, steps, fc.double({ min: -20, max: 20, noNaN: true }), (slope, gaps, c) => {
        let t = 0;
        const samples = gaps.map((gap) => ({ t: (t += gap), y: c + slope * t, e: 1e-13, group: 0 }));
        const fit = fitRate(samples, widestInterval(slope))!;
        expect(fit.interval[0]).toBeLessThanOrEqual(slope);
        expect(fit.interval[1]).toBeGreaterThanOrEqual(slope);
        expect(fit.interval[1] - fit.interval[0]).toBeLessThan(1e-9);
      }),
    );
  });

  test('contains the exponent however the true values lie in their enclosures', () => {
    const sample = fc.record({
      gap: fc.double({ min: 0.1, max: 1, noNaN: true }),
      e: fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
      at: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(exponent, fc.array(sample, { minLength: 4, maxLength: 12 }), (slope, items) => {
        let t = 0;
        const samples = items.map(({ gap, e, at }) => ({ t: (t += gap), y: slope * t + at * e, e, group: 0 }));
        const fit = fitSlope(samples)!;
        expect(Math.abs(fit.slope - slope)).toBeLessThanOrEqual(fit.data * (1 + 1e-9) + 1e-9);
      }),
    );
  });

  test('covers the exponent under random scatter at least as often as it says', () => {
    let seed = 1;
    const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    let covered = 0;
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      const samples = Array.from({ length: 8 }, (_, k) => ({ t: k, y: -k + 0.1 * normal(), e: 1e-12, group: 0 }));
      const { slope, scatter, data } = fitSlope(samples)!;
      if (Math.abs(slope + 1) <= scatter + data) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.94);
    expect(covered / trials).toBeLessThan(0.96);
  });

  test('groups have intercepts of their own', () => {
    const lines = [5, -3, 0].map((c, group) =>
      TWOS.map((N) => ({ t: Math.log(N), y: c - 2 * Math.log(N), e: TINY, group })),
    );
    const { slope, scatter, data } = fitSlope(lines.flat())!;
    expect(slope).toBeCloseTo(-2, 10);
    expect(scatter + data).toBeLessThan(1e-10);
  });

  test('groups of one value, and equal t, say nothing', () => {
    const alone: Sample[] = [0, 1, 2, 3].map((group) => ({ t: group, y: group, e: TINY, group }));
    expect(fitSlope(alone)).toBeNull();
    expect(fitSlope(alone.map((sample) => ({ ...sample, t: 1, group: 0 })))).toBeNull();
  });

  test('agrees with weighted least squares in closed form', () => {
    // Equal weights 1/(e^2 + r^2): for t = 0, 1, 2, 3 and y = 0, 1, 1, 3 the slope is 0.9, the residuals' sum of squares
    // 0.7, the standard error sqrt(0.35/5).
    const samples = [0, 1, 1, 3].map((y, t) => ({ t, y, e: 1e-12, group: 0 }));
    const { slope, scatter } = fitSlope(samples)!;
    expect(slope).toBeCloseTo(0.9, 12);
    expect(scatter).toBeCloseTo(4.302653 * Math.sqrt(0.35 / 5), 5);
  });
});
