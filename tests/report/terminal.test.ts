import { describe, expect, it } from 'vitest';
import { Rational } from '../../src/numbers/rational.js';
import { endsText } from '../../src/report/ends.js';
import { resultText } from '../../src/report/terminal.js';
import { audited } from '../generators/audits.js';

describe('the enclosure of a claim, as text', () => {
  it.each([
    ['M=4', '{0.125}'],
    ['M=3', '{1/6 (0.166667)}'],
  ])('with %s is exact and in braces where it is one number: %s', async (M, shown) => {
    const text = resultText(await audited('threshold-min', ['S=2', M]), (_, text) => text);
    expect(text).toMatch(new RegExp(`error: .*\\n.*\\n +in ${shown.replaceAll(/[[\]{}().]/g, '\\$&')}, predicted`));
  });

  it.each([
    ['0', '1', 17, '[0, 1]'],
    ['1/3', '2/3', 17, '[0.333333, 0.666667]'],
    ['1/3', '3333334/10000000', 17, '[0.3333333, 0.3333334]'],
    ['1/3', '3333334/10000000', 3, '[0.333, 0.334]'],
    ['1/3', '1/3', 3, '{1/3 (0.333)}'],
    ['1/3', null, 17, '[0.333333, inf]'],
  ])('between %s and %s has the digits that tell its ends apart, at most %i: %s', (lo, hi, most, shown) => {
    const number = (text: string) => {
      const [num, den = '1'] = text.split('/');
      return Rational.of(BigInt(num), BigInt(den));
    };
    expect(endsText({ lo: number(lo), hi: hi === null ? null : number(hi) }, most)).toBe(shown);
  });
});
