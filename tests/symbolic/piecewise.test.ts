import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rational } from '../../src/numbers/rational.js';
import {
  constant,
  evaluateExact,
  isPiecewiseLinear,
  knotsOf,
  parseExpression,
  toText,
  variable,
} from '../../src/symbolic/index.js';
import { expressions } from './arbitrary.js';

const read = (text: string) => parseExpression(text, ['x']);
const knots = (text: string, lo = 0, hi = 1) =>
  knotsOf(read(text), 'x', Rational.of(lo), Rational.of(hi))
    ?.map(({ x, y }) => `${x}:${y}`)
    .join(' ');

describe('knotsOf', () => {
  it.each([
    ['2*x - 1', '0:-1 1:1'],
    ['abs(x - 1/3)', '0:1/3 1/3:0 1:2/3'],
    ['min(2*x, 2 - 2*x)', '0:0 1/2:1 1:0'],
    ['abs(x - 1/4) - abs(x - 1/4) + 0.1', '0:1/10 1:1/10'],
    ['max(x, 1/2) + min(x, 1/2)', '0:1/2 1:3/2'],
    ['abs(abs(x - 1/2) - 1/4)', '0:1/4 1/4:0 1/2:1/4 3/4:0 1:1/4'],
    ['max(0, 3*x - 1, 2*x - 1/2)', '0:0 1/4:0 1/2:1/2 1:2'],
  ])('of %s', (text, expected) => {
    expect(knots(text)).toBe(expected);
  });

  it('is undefined for what is not piecewise linear', () => {
    for (const text of ['x^2', 'abs(x)*x', 'exp(x)', 'abs(sin(x))', '1/x']) expect(knots(text)).toBeUndefined();
  });

  it('interpolates to the exact value everywhere', () => {
    const piecewise = expressions({ exponents: [Rational.one], functions: ['abs', 'min', 'max'], quotients: false });
    const unit = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constant(60)).map(([p, q]) => Rational.of(p, q));
    fc.assert(
      fc.property(piecewise, unit, (e, at) => {
        const inX = parseExpression(toText(e).replaceAll('z_1', '(x/2 - 1)').replaceAll('y', '(1/3)'), ['x']);
        const curve = knotsOf(inX, 'x', Rational.zero, Rational.one);
        expect(curve !== undefined).toBe(isPiecewiseLinear(inX, ['x']));
        fc.pre(curve !== undefined);
        const right = curve.findIndex(({ x }) => at.le(x));
        const [from, to] = [curve[Math.max(0, right - 1)], curve[right]];
        const share = right === 0 ? Rational.zero : at.sub(from.x).div(to.x.sub(from.x));
        const value = from.y.add(share.mul(to.y.sub(from.y)));
        expect(value.toString()).toBe(evaluateExact(inX, new Map([['x', at]])).toString());
      }),
      { numRuns: 500 },
    );
  });

  it('takes many kinks in little time', () => {
    const text = Array.from({ length: 500 }, (_, i) => `abs(x - ${i + 1}/501)`).join(' + ');
    expect(knotsOf(read(text), 'x', Rational.zero, Rational.one)).toHaveLength(502);
  });
});

describe('isPiecewiseLinear', () => {
  it('knows several variables', () => {
    const judge = (text: string) => isPiecewiseLinear(parseExpression(text, ['x', 'y']), ['x', 'y']);
    expect(judge('max(x, y, abs(x - 2*y))/3 + (x + 1)^2 - x^2')).toBe(true);
    expect(judge('max(x, y)*y')).toBe(false);
    expect(isPiecewiseLinear(constant(Rational.one), [])).toBe(true);
    expect(isPiecewiseLinear(variable('q'), ['x'])).toBe(false);
  });
});
