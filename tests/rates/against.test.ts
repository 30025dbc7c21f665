import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Rational } from '../../src/numbers/rational.js';
import { logAgainst, readAgainst, valueAgainst } from '../../src/rates/against.js';

describe('what a quantity is held against', () => {
  test('a parameter by its value, if that is positive', () => {
    const against = readAgainst('eps', ['eps', 'T']);
    expect(valueAgainst(against, Rational.of(1, 1000))?.toString()).toBe('1/1000');
    expect(valueAgainst(against, 64)?.toString()).toBe('64');
    expect(valueAgainst(against, Rational.zero)).toBeNull();
    expect(valueAgainst(against, Rational.of(-2))).toBeNull();
    expect(valueAgainst(against, 'z1 + z2')).toBeNull();
  });

  test('a power of an integer parameter, exactly', () => {
    const against = readAgainst(' 3/2^m ', ['m']);
    expect(against).toMatchObject({ text: '3/2^m', parameter: 'm' });
    expect(valueAgainst(against, 3)?.toString()).toBe('27/8');
    expect(valueAgainst(against, -2)?.toString()).toBe('4/9');
    expect(valueAgainst(against, Rational.of(1, 2))).toBeNull();
    expect(valueAgainst(against, 10_001)).toBeNull();
  });

  test.each([
    ['exp(m)', 9, 9],
    ['exp(sqrt(m))', 9, 3],
    ['exp(pi*sqrt(m/2))', 8, 2 * Math.PI],
    ['exp(2*m^(1/3))', 8, 4],
  ])('%s at %d has the logarithm %d', (text, m, log) => {
    const against = readAgainst(text, ['m']);
    expect(logAgainst(against, m)).toBeCloseTo(log, 12);
    expect(valueAgainst(against, m)).toBeNull();
    expect(logAgainst(against, Rational.zero)).toBeNull();
  });

  test.each(['exp(-m)', 'exp(1)', 'exp(m + 1)', 'exp(m*k)', 'exp(log(m))', 'exp(m) + 1', 'exp(x)'])(
    '%j is bad input',
    (text) => {
      expect(() => readAgainst(text, ['m', 'k'])).toThrow(InputError);
    },
  );

  test.each(['N', '2^N', 'x^m', '1^m', '1/2^m', 'm^2', ''])('%j is bad input that names the axes', (text) => {
    expect(() => readAgainst(text, ['m'])).toThrow(InputError);
  });
});
