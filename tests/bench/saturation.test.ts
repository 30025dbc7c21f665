import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Column, measuredError, plot, type Saturation, table } from '../../bench/saturation.js';
import { ROOT } from '../cli/exhibit.js';

const read = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');
const committed: Saturation = JSON.parse(read('saturation.json'));

describe('the page on large beta', () => {
  test('is made from its data', async () => {
    expect(await plot(committed)).toBe(read('saturation.svg'));
    expect(table(committed)).toBe(read('saturation.md'));
  });
});

/** W0(3/e), T = 4, from mpmath.lambertw(3/e). */
const GAP = 0.6035;
const U: Readonly<Record<Column, number>> = {
  'float16-stepwise': 2 ** -11,
  float16: 2 ** -11,
  float32: 2 ** -24,
  float64: 2 ** -53,
};

describe('the error of an executed soft minimum', () => {
  test.each<[Column, string]>([
    ['float32', '178'],
    ['float32', '10000'],
    ['float64', '178'],
    ['float64', '5620000000'],
  ])('in %s with beta = %s is that of exact arithmetic', async (column, beta) => {
    const error = (await measuredError(beta, column)) * Number(beta);
    expect(error / GAP).toBeGreaterThan(0.98);
    expect(error / GAP).toBeLessThan(1.02);
  });

  test.each<[Column, string]>([
    ['float16-stepwise', '31600'],
    ['float32', '100000000'],
    ['float32', '10000000000'],
    ['float64', '31600000000000000'],
    ['float64', '1000000000000000000'],
  ])('in %s with beta = %s stays at 2u', async (column, beta) => {
    const error = await measuredError(beta, column);
    expect(error).toBeGreaterThanOrEqual(U[column] / 2);
    expect(error).toBeLessThanOrEqual(3 * U[column]);
  });
});
