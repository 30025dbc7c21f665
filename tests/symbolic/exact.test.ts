import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  apply,
  constant,
  DomainError,
  div,
  evaluateExact,
  isExact,
  mul,
  NotRational,
  parseExpression,
  power,
  sub,
  sum,
  toFloat64,
} from '../../src/symbolic/index.js';
import { EXACT, expressions, point, rational, VARIABLES } from './arbitrary.js';

const at = (text: string, values: Record<string, string> = {}) => {
  const point = new Map(Object.entries(values).map(([name, value]) => [name, parseRational(value)]));
  return evaluateExact(parseExpression(text, ['x', 'y']), point).toString();
};

describe('evaluateExact', () => {
  it.each([
    ['((x-0.3)^2 + (y-0.7)^2)/2', { x: '1/3', y: '1/7' }, '6869/44100'],
    ['max(x, y, 1/2) - min(x, -y)*abs(x - y)', { x: '1/3', y: '-2' }, '-5/18'],
    ['x^-3', { x: '-2/3' }, '-27/8'],
    ['sqrt(x)*x^(2/3)', { x: '64' }, '128'],
    ['exp(x - 1)*tanh(x - 1) + log(x) + cos(x - 1)', { x: '1' }, '1'],
  ])('%s', (text, values, value) => {
    expect(at(text, values as unknown as Record<string, string>)).toBe(value);
  });

  it('agrees with arithmetic on the values of the parts', () => {
    const part = expressions(EXACT);
    fc.assert(
      fc.property(part, part, point, rational, (a, b, p, c) => {
        const [va, vb] = [a, b].map((e) => valueOrUndefined(() => evaluateExact(e, p)));
        fc.pre(va !== undefined && vb !== undefined);
        const same = (e: Parameters<typeof evaluateExact>[0], value: Rational) =>
          expect(evaluateExact(e, p).toString()).toBe(value.toString());
        same(sum([a, constant(c), b]), va.add(vb).add(c));
        same(sub(a, b), va.sub(vb));
        same(mul(a, b), va.mul(vb));
        same(mul(constant(c), a), va.mul(c));
        same(power(a, Rational.of(2)), va.mul(va));
        if (!vb.isZero()) same(div(a, b), va.div(vb));
        same(apply('max', a, b), va.max(vb));
        same(apply('abs', a), va.abs());
      }),
      { numRuns: 400 },
    );
  });

  it('refuses what is not rational, undefined or unknown', () => {
    expect(() => at('1 + exp(x)', { x: '1' })).toThrow(NotRational);
    expect(() => at('1 + exp(x)', { x: '1' })).toThrow('exp(x) has no exact rational value');
    expect(() => at('sqrt(x)', { x: '2' })).toThrow(NotRational);
    expect(() => at('sqrt(x)', { x: '-4' })).toThrow(DomainError);
    expect(() => at('1/(x - 1)', { x: '1' })).toThrow('1/(x - 1) is undefined');
    expect(() => at('x')).toThrow(InputError);
    expect(isExact(parseExpression('max(x, 1/x)^3', ['x']))).toBe(true);
    expect(isExact(parseExpression('2 + sqrt(x)', ['x']))).toBe(false);
    expect(isExact(parseExpression('2 + sin(x)', ['x']))).toBe(false);
  });
});

describe('toFloat64', () => {
  it('is near the exact value', () => {
    fc.assert(
      fc.property(expressions(EXACT), point, (e, p) => {
        const exact = valueOrUndefined(() => evaluateExact(e, p));
        fc.pre(exact !== undefined);
        const [value] = toFloat64([e], VARIABLES)(VARIABLES.map((name) => approximate(p.get(name)!)));
        const scale = Math.max(1, ...[...p.values()].map((v) => Math.abs(approximate(v)))) ** 12;
        if (Math.abs(approximate(exact)) > 1e6 || Number.isNaN(value)) return;
        expect(Math.abs(value - approximate(exact)) / scale).toBeLessThan(1e-6);
      }),
      { numRuns: 400 },
    );
  });

  it('is NaN or infinite where undefined', () => {
    const f = toFloat64([parseExpression('log(x)', ['x']), parseExpression('1/x', ['x'])], ['x']);
    expect(f([-1])[0]).toBeNaN();
    expect(f([0])[1]).toBe(Number.POSITIVE_INFINITY);
  });
});

function valueOrUndefined(compute: () => Rational): Rational | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof DomainError || error instanceof NotRational) return undefined;
    throw error;
  }
}
