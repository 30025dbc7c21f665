import fc from 'fast-check';
import { expect, it } from 'vitest';
import { doubleIntervals as D } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const positive = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 99 }));
const number = fc.double({ min: -20, max: 20, noNaN: true });

const range = (e: E.Expression, lo: number, hi: number) => E.toIntervals([e], ['u'], D)([D.fromDoubles(lo, hi)])[0];

it('is the same function, with the same slopes', () => {
  fc.assert(
    fc.property(positive, positive, fc.constantFrom('u', '-u', '2*u - 3', 'u^2'), number, ([a, b], [c, d], v, u) => {
      const e = E.parseExpression(`u*exp(${v})/(${c}/${d} + ${a}/${b}*exp(${v})) + exp(${v})`, ['u']);
      const own = E.withShares(e);
      expect(own).not.toBe(e);
      const [f, g] = [e, own].map((side) => [side, E.differentiate(side, 'u')]);
      for (const [k, side] of f.entries()) {
        const [x, y] = [range(side, u, u), range(g[k], u, u)];
        expect(D.isEmpty(D.intersect(x, y))).toBe(false);
        expect(y.hi - y.lo).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(y.lo)));
      }
    }),
    { numRuns: 100 },
  );
});

it('has the range of a share over an interval, and a slope within [-1/4, 0]', () => {
  const e = E.withShares(E.parseExpression('999*exp(-u)/(1 + 999*exp(-u))', ['u']));
  const { lo, hi } = range(e, 0, 20);
  expect(lo).toBeCloseTo(999 * Math.exp(-20), 10);
  expect(hi).toBeCloseTo(0.999, 10);
  const slope = range(E.differentiate(e, 'u'), 6, 8);
  expect(slope.lo).toBeGreaterThan(-0.6);
  expect(slope.hi).toBeLessThan(0);
});

it('leaves other expressions as they are', () => {
  for (const text of [
    'exp(u)/(1 - exp(u))',
    'exp(u)/(exp(2*u) + 1)',
    'u/(1 + u^2)',
    'exp(u)/(u + exp(u))',
    '1/(1 + exp(u))',
  ]) {
    const e = E.parseExpression(text, ['u']);
    expect(E.withShares(e)).toBe(e);
  }
  expect(E.toText(E.withShares(E.constant(Rational.one)))).toBe('1');
});
