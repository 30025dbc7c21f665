import { describe, expect, test } from 'vitest';
import { lowestBit } from '../../src/numbers/bits.js';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { FORMATS, isNormal } from '../../src/numbers/format.js';
import { cases, stream } from './samples.js';

describe('the lowest set bit', () => {
  test.each([
    [1, 0],
    [-6, 1],
    [0.75, -2],
    [2 ** 53 - 1, 0],
    [2 ** 53 + 2, 1],
    [2 ** 1000, 1000],
    [Number.MIN_VALUE, -1074],
    [2 ** -1022, -1022],
    [Number.MAX_VALUE, 971],
  ])('of %d is 2^%d', (x, exponent) => {
    expect(lowestBit(x)).toBe(exponent);
  });
});

describe('normal numbers of a format', () => {
  test.each(Object.values(FORMATS))('of $name are those that it rounds to themselves', (format) => {
    const random = stream(7);
    for (let k = 0; k < cases(2000, 100_000); k++) {
      const bits = 1 + Math.floor(random() * 30);
      const exponent = format.minExponent - 3 + Math.floor(random() * (format.maxExponent - format.minExponent + 6));
      const x = (random() < 0.5 ? -1 : 1) * Math.floor(1 + random() * 2 ** bits) * 2 ** (exponent - bits);
      if (!Number.isFinite(x) || x === 0) continue;
      const isHeld = toFloat(fromFloat(x), format, 'nearest') === x;
      expect(isNormal(x, format), `${x}`).toBe(isHeld && Math.abs(x) >= 2 ** format.minExponent);
    }
  });

  test('are neither 0 nor infinities nor NaN', () => {
    for (const x of [0, -0, Number.POSITIVE_INFINITY, Number.NaN]) expect(isNormal(x, FORMATS.float64)).toBe(false);
  });
});
