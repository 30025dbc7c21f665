import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  DomainError,
  evaluateExact,
  lipschitzConstant,
  lipschitzConstants,
  NotRational,
  parseExpression,
} from '../../src/symbolic/index.js';
import { EXACT, expressions, VARIABLES } from './arbitrary.js';

const boxOf = (sides: Record<string, readonly [string, string]>) =>
  new Map(Object.entries(sides).map(([name, [lo, hi]]) => [name, { lo: parseRational(lo), hi: parseRational(hi) }]));
const UNIT = boxOf({ z1: ['0', '1'], z2: ['0', '1'] });
const constantOf = (text: string, box = UNIT) => lipschitzConstant(parseExpression(text, [...box.keys()]), box);

describe('lipschitzConstant', () => {
  it.each([
    ['z1 + z2/3 - 7', '4/3'],
    ['5', '0'],
    ['z1*z2', '2'],
    ['((z1 - 0.3)^2 + (z2 - 0.7)^2)/2', '7/5'],
    ['(z1 - z2)^2', '4'],
    ['max(z1, z2/2)', '1'],
    ['abs(z1 - z2)*z1', '3'],
    ['z1^2*z2', '3'],
    ['min(z1, z2, 1/2)', '1'],
    ['max(z1^2, 0)', '2'],
  ])('of %s is exactly %s', (text, expected) => {
    const { lower, upper } = constantOf(text);
    expect([lower, upper].map(String)).toEqual([expected, expected]);
  });

  it.each([
    ['exp(z1)', Math.E],
    ['sin(2*pi*z1)/2 + z2', Math.PI + 1],
    ['sqrt(z1 + 1/4)', 1],
    ['log(1/10 + z1)', 10],
    ['tanh(3*z1 - 1)', 3],
    ['max(z1/3, z2/7)', 1 / 3],
  ])('of %s is close to %f', (text, expected) => {
    const { lower, upper } = constantOf(text);
    expect(lower.le(upper)).toBe(true);
    expect(approximate(upper) / expected - 1).toBeGreaterThan(-1e-15);
    expect(approximate(upper) / expected - 1).toBeLessThan(1e-8);
    expect(approximate(lower) / expected - 1).toBeLessThan(1e-15);
    expect(approximate(lower) / expected - 1).toBeGreaterThan(-1e-8);
  });

  it('bounds each variable alone', () => {
    const e = parseExpression('z1*z2 - 3*z2', ['z1', 'z2']);
    expect(lipschitzConstants(e, UNIT).map(({ upper }) => upper.toString())).toEqual(['1', '3']);
  });

  it('bounds every difference quotient', () => {
    const share = fc.integer({ min: 0, max: 12 }).map((k) => Rational.of(k, 12));
    const points = fc.array(share, { minLength: 6, maxLength: 6 });
    const unit = new Map(VARIABLES.map((name) => [name, { lo: Rational.zero, hi: Rational.one }]));
    fc.assert(
      fc.property(expressions(EXACT), points, (e, shares) => {
        const [from, to] = [shares.slice(0, 3), shares.slice(3)];
        const distance = from.map((x, i) => x.sub(to[i]).abs()).reduce((a, b) => a.max(b));
        fc.pre(!distance.isZero());
        try {
          const value = (at: Rational[]) => evaluateExact(e, new Map(VARIABLES.map((name, i) => [name, at[i]])));
          const { lower, upper } = lipschitzConstant(e, unit);
          expect(lower.le(upper)).toBe(true);
          expect(value(from).sub(value(to)).abs().le(upper.mul(distance))).toBe(true);
        } catch (error) {
          const isRefused = error instanceof DomainError || error instanceof NotRational || error instanceof InputError;
          if (!isRefused) throw error;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes boxes that doubles cannot hold', () => {
    const thin = boxOf({ z1: ['1/3', '1/3'], z2: ['0', '1/3'] });
    const { lower, upper } = constantOf('exp(z1)*z2^3', thin);
    const exact = Math.exp(1 / 3) * (1 / 27 + 1 / 3);
    expect(lower.le(upper)).toBe(true);
    expect(Math.abs(approximate(upper) / exact - 1)).toBeLessThan(1e-12);
  });

  it('refuses unbounded slopes and undefined values', () => {
    expect(() => constantOf('sqrt(z1)')).toThrow(DomainError);
    expect(() => constantOf('sqrt(z1)')).toThrow('1/sqrt(z1)');
    expect(() => constantOf('(z1 + 1)^9000')).toThrow('beyond the range of doubles');
    expect(() => constantOf('log(z1 - 1/2)')).toThrow('log(z1 - 1/2)');
    expect(() => constantOf('z1 + 0*log(z2 - 2)')).toThrow(DomainError);
    expect(() => parseExpression('z3', ['z1'])).toThrow(InputError);
  });
});
