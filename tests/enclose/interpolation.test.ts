import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolationError } from '../../src/enclose/interpolation.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { parseExpression } from '../../src/symbolic/index.js';

const knotsOf = (ys: readonly number[]) =>
  ys.map((y, k) => ({ x: Rational.of(k, ys.length - 1), y: Rational.of(Math.round(y * 1000), 1000) }));
const g = (text: string) => parseExpression(text, ['u']);

describe('interpolationError', () => {
  it('is exact for squares: interpolation on N pieces is too large by at most 1/(4 N^2)', () => {
    for (const N of [1, 2, 5]) {
      const knots = Array.from({ length: N + 1 }, (_, k) => ({ x: Rational.of(k, N), y: Rational.of(k * k, N * N) }));
      const { lo, hi } = interpolationError(knots, g('u^2'), 'u')!;
      expect([lo.toString(), hi.toString()]).toEqual(['0', `1/${4 * N * N}`]);
    }
  });

  it('is exact for kinks', () => {
    const knots = knotsOf([0, 0.5, 1]);
    const { lo, hi } = interpolationError(knots, g('abs(u - 1/4)'), 'u')!;
    expect([lo.toString(), hi.toString()]).toEqual(['-1/4', '1/4']);
  });

  it.each([
    ['exp(-u)', (u: number) => Math.exp(-u)],
    ['sin(3*u)', (u: number) => Math.sin(3 * u)],
    ['1/(1 + u)', (u: number) => 1 / (1 + u)],
    ['u^3 - u', (u: number) => u ** 3 - u],
  ])('holds p - (%s) at every point, and not much more', (text, value) => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 }), (ys) => {
        const knots = knotsOf(ys);
        const { lo, hi } = interpolationError(knots, g(text), 'u')!;
        let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let n = 0; n <= 400; n++) {
          const u = n / 400;
          const j = Math.min(knots.length - 2, Math.floor(u * (knots.length - 1)));
          const [from, to] = [approximate(knots[j].y), approximate(knots[j + 1].y)];
          const error = from + (to - from) * (u * (knots.length - 1) - j) - value(u);
          [least, most] = [Math.min(least, error), Math.max(most, error)];
        }
        expect(least).toBeGreaterThanOrEqual(approximate(lo) - 1e-12);
        expect(most).toBeLessThanOrEqual(approximate(hi) + 1e-12);
        const second = { 'exp(-u)': 1, 'sin(3*u)': 9, '1/(1 + u)': 2, 'u^3 - u': 6 }[text]!;
        const slack = second / (8 * (knots.length - 1) ** 2) + 0.02;
        expect(approximate(hi) - most).toBeLessThan(slack);
        expect(least - approximate(lo)).toBeLessThan(slack);
      }),
      { numRuns: 60 },
    );
  });

  it('is unknown where the second derivative is not bounded', () => {
    expect(interpolationError(knotsOf([0, 1]), g('sqrt(u)'), 'u')).toBeNull();
    expect(interpolationError(knotsOf([0, 1]), g('abs(sin(3*u) - 1/2)'), 'u')).toBeNull();
  });
});
