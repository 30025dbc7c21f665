import { describe, expect, it } from 'vitest';
import { ballIntervals } from '../../src/numbers/balls.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  differentiate,
  enclose,
  parseExpression,
  secondDerivativeByJets,
  valueBounds,
} from '../../src/symbolic/index.js';
import { audited } from '../generators/audits.js';

/** Functions whose values drown in the rounding of doubles, or leave their range on the way, and where. */
const BLURRED: readonly (readonly [f: string, a: string, b: string])[] = [
  ['exp(x)-2+exp(-x)', '1e-8', '1e-6'],
  ['exp(1000*x)*exp(-1000*x)', '-1', '1'],
  ['log(1+x)/x', '1e-12', '1e-11'],
  ['(1-cos(x))/x^2', '1e-9', '1e-6'],
  ['tanh(x)-1', '20', '30'],
  // Siblings.
  ['(exp(x)-1)/x', '1e-10', '1e-9'],
  ['1 - tanh(x)', '100', '101'],
  ['sqrt(1+x)-1-x/2', '1e-9', '1e-8'],
  ['sin(x)/x', '1e-7', '2e-7'],
  ['exp(800*x)*exp(-799*x)', '0', '1'],
  ['sin(x)^2+cos(x)^2', '0', '1'],
  ['exp(-1000*x)', '1', '2'],
];

describe('a network off by the rounding of its values alone', () => {
  it.each(BLURRED)('proves its theorem for %s on [%s, %s]', async (f, a, b) => {
    const result = await audited('hat-interpolation', [`f=${f}`, `a=${a}`, `b=${b}`, 'N=4']);
    for (const id of ['error', 'range', 'parameters', 'weight']) expect(result.claim(id).verdict, id).toBe('proved');
    const { predicted, enclosure } = result.claim('error');
    expect(predicted!.sign()).toBe(1);
    expect(enclosure!.lo!.le(enclosure!.hi!)).toBe(true);
    for (const fact of result.claim('error').facts ?? []) expect(fact).not.toMatch(/ = .* in /);
  });

  it('is refuted when it is off by more', async () => {
    const stated = { bounds: { error: '1e-17' } };
    const result = await audited('hat-interpolation', ['f=(1-cos(x))/x^2', 'a=1e-9', 'b=1e-6', 'N=4'], stated);
    expect(result.claim('error').verdict).toBe('refuted');
  });
});

describe('valueBounds', () => {
  it.each([
    ['log(1+x)/x', '1e-12', '0.99999999999950000000000033333333333308333333333353333'],
    ['(1-cos(x))/x^2', '1e-9', '0.49999999999999999995833333333333333333472222222222222'],
    ['exp(1000*x)*exp(-1000*x)', '1/3', '1'],
    ['exp(x)-2+exp(-x)', '1e-8', '1.0000000000000000083333333333333333611111e-16'],
  ])('of %s at %s are tight around %s', (f, x, value) => {
    const { lo, hi } = valueBounds(parseExpression(f, ['x']), new Map([['x', parseRational(x)]]));
    const expected = parseRational(value);
    expect(lo.le(hi)).toBe(true);
    for (const end of [lo, hi])
      expect(
        end
          .sub(expected)
          .abs()
          .le(expected.mul(Rational.pow2(-98))),
      ).toBe(true);
  });
});

describe('second derivatives by Taylor coefficients', () => {
  const A = ballIntervals(256);
  it.each([
    'exp(x)*sin(2*x)',
    'log(1+x)/x',
    'tanh(x)^3',
    'erf(x)*x',
    'sqrt(x+1/7)',
    '(x+1)^(-5/3)',
    'cos(x)/(1+x^2)',
    'max(x, -1)*pi',
    'abs(x-5)^3',
    '1/x^2',
    'min(x^2, exp(x))',
  ])('of %s hold those at every point', (f) => {
    const e = parseExpression(f, ['x']);
    const enclosed = secondDerivativeByJets(e, 'x', A)(parseRational('1/2'), parseRational('5/9'))!;
    const second = differentiate(differentiate(e, 'x'), 'x');
    for (let k = 0; k <= 8; k++) {
      const x = Rational.of(1, 2).add(Rational.of(k, 8 * 18));
      const value = enclose(second, A, new Map([['x', A.of(x)]]));
      expect(A.less(value, enclosed) === true || A.less(enclosed, value) === true).toBe(false);
    }
    const [lo, hi] = [A.lower(enclosed)!, A.upper(enclosed)!];
    const { lo: at } = valueBounds(second, new Map([['x', Rational.of(1, 2)]]));
    expect(lo.le(at) && at.le(hi)).toBe(true);
  });

  it('are unknown at kinks and poles', () => {
    expect(secondDerivativeByJets(parseExpression('abs(x)', ['x']), 'x', A)(Rational.of(-1), Rational.one)).toBeNull();
    expect(secondDerivativeByJets(parseExpression('1/x', ['x']), 'x', A)(Rational.of(-1), Rational.one)).toBeNull();
    expect(secondDerivativeByJets(parseExpression('sqrt(x)', ['x']), 'x', A)(Rational.zero, Rational.one)).toBeNull();
  });
});
