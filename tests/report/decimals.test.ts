import { expect, test } from 'vitest';
import { withDecimals } from '../../src/report/decimals.js';
import { shortNumber } from '../../src/report/short-number.js';

test('every fraction of a witness has a decimal beside it, and what is none stays as it is', () => {
  expect(withDecimals({ x: ['1/3', ['-2/7', '5']], row: 4, text: 'a/b' })).toEqual({
    x: ['1/3 (0.333333)', ['-2/7 (-0.285714)', '5']],
    row: 4,
    text: 'a/b',
  });
});

test.each([
  ['0.00035654103976796134', 'up', '3.5655', -4],
  ['0.00035654103976796134', 'down', '3.5654', -4],
  ['0.078240141', 'up', '0.078241', 0],
  ['-0.078240141', 'up', '-0.07824', 0],
  ['123456789', 'up', '1.2346', 8],
  ['0', 'down', '0', 0],
] as const)('%s in five digits, %s, is %s times ten to the %i', (text, direction, mantissa, exponent) => {
  expect(shortNumber(text, 5, direction)).toEqual({ mantissa, exponent });
});

test.each(['1e999', '-1e999', 'NaN', '', '<b>', '1e-999', '1/0'])('%j is no number to be shortened', (text) => {
  expect(shortNumber(text, 5, 'up')).toBeNull();
});
