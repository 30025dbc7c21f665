import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differentiable } from '../../src/enclose/reverse.js';
import * as E from '../../src/symbolic/index.js';
import { cases } from '../numbers/samples.js';
import { EVERYTHING, expressions, VARIABLES } from '../symbolic/arbitrary.js';

const coordinate = fc
  .tuple(fc.double({ min: 0.01, max: 3, noNaN: true }), fc.constantFrom(-1, 1))
  .map(([size, sign]) => sign * size);

describe('reverse-mode differentiation', () => {
  it('agrees with symbolic derivatives and with differences', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        expressions(EVERYTHING),
        fc.tuple(coordinate, coordinate, coordinate).map((x) => Float64Array.from(x)),
        (expression, x) => {
          const f = differentiable(expression, VARIABLES);
          const gradient = new Float64Array(3);
          const value = f.valueAndGradient(x, gradient);
          const plain = E.toFloat64([expression, ...E.gradient(expression, VARIABLES)], VARIABLES);
          const [expected, ...slopes] = plain(x);
          if (!slopes.every((s) => Math.abs(s) < 1e4) || !(Math.abs(expected) < 1e4) || isNearKink(plain, x)) return;
          if (!gradient.every(Number.isFinite) || !slopes.every((slope, i) => isSlope(plain, x, i, slope))) return;
          compared += 1;
          expect(value).toBeCloseTo(expected, 6);
          expect(f.value(x)).toBe(value);
          slopes.forEach((slope, i) => {
            expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-2 * (1 + Math.abs(slope)));
          });
        },
      ),
      { numRuns: cases(500, 20_000), seed: 5 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('agrees with finite differences on a net', () => {
    const text = 'max(x - y, 0)*exp(-z_1) + min(x, y/3 + z_1) - abs(z_1)*sin(x*y)/(2 + x)';
    const f = differentiable(E.parseExpression(text, VARIABLES), VARIABLES);
    const gradient = new Float64Array(3);
    for (const point of [
      [0.3, 0.1, 0.7],
      [1.2, -0.4, -0.9],
      [-0.5, 0.8, 0.33],
    ]) {
      const x = Float64Array.from(point);
      f.valueAndGradient(x, gradient);
      const found = [...gradient];
      found.forEach((slope, i) => {
        const at = (by: number) => f.value(x.map((entry, j) => (i === j ? entry + by : entry)));
        expect(slope).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
      });
    }
  });

  it('gives the winner of a tie the derivative, once', () => {
    const f = differentiable(E.parseExpression('max(x, y)', ['x', 'y']), ['x', 'y']);
    const gradient = new Float64Array(2);
    expect(f.valueAndGradient(Float64Array.of(2, 2), gradient)).toBe(2);
    expect(gradient[0] + gradient[1]).toBe(1);
  });
});

/** Whether differences agree with a slope: not so next to a kink, and where floats cancel. */
function isSlope(plain: (x: Float64Array) => number[], x: Float64Array, i: number, slope: number): boolean {
  const at = (by: number) => plain(x.map((entry, j) => (i === j ? entry + by : entry)))[0];
  const steps = [(at(1e-5) - at(0)) / 1e-5, (at(0) - at(-1e-5)) / 1e-5];
  return steps.every((difference) => Math.abs(difference - slope) < 1e-2 * (1 + Math.abs(slope)));
}

/** Whether a slope jumps next to the point. */
function isNearKink(plain: (x: Float64Array) => number[], x: Float64Array): boolean {
  const at = (by: number) => plain(x.map((entry, i) => entry + by * (1 + i / 7)));
  const [before, after] = [at(-1e-5), at(1e-5)];
  return before.some((b, k) => !(Math.abs(b - after[k]) < 1e-3 * (1 + Math.abs(b))));
}
