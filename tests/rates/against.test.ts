import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Rational } from '../../src/numbers/rational.js';
import { readAgainst, valueAgainst } from '../../src/rates/against.js';

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

  test.each(['N', '2^N', 'x^m', '1^m', '1/2^m', 'm^2', ''])('%j is bad input that names the axes', (text) => {
    expect(() => readAgainst(text, ['m'])).toThrow(InputError);
  });
});
