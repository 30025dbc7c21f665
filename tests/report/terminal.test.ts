import { describe, expect, it } from 'vitest';
import { resultText } from '../../src/report/terminal.js';
import { audited } from '../generators/audits.js';

describe('the enclosure of a claim, as text', () => {
  it.each([
    ['M=4', '{0.125}'],
    ['M=3', '[0.166666, 0.166667]'],
  ])('with %s is rounded outward, and in braces where nothing is rounded: %s', async (M, shown) => {
    const text = resultText(await audited('threshold-min', ['S=2', M]), { isTTY: false } as typeof process.stdout);
    expect(text).toMatch(new RegExp(`error: .*\\n.*\\n +in ${shown.replaceAll(/[[\]{}.]/g, '\\$&')}, predicted`));
  });
});
