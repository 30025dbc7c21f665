import { expect, test } from 'vitest';
import { studentQuantile } from '../../src/rates/student.js';

/** Two-sided 95 % quantiles of Student's distribution, from published tables. */
const TABLE = [
  [1, 12.706205],
  [2, 4.302653],
  [3, 3.182446],
  [4, 2.776445],
  [5, 2.570582],
  [10, 2.228139],
  [29, 2.04523],
  [30, 2.042272],
  [100, 1.983972],
  [1000, 1.962339],
] as const;

test.each(TABLE)('with %i degrees of freedom the quantile is %f', (degrees, quantile) => {
  expect(studentQuantile(0.95, degrees)).toBeCloseTo(quantile, 5);
});

test('with one and two degrees it has closed forms', () => {
  for (const p of [0.1, 0.5, 0.9, 0.99, 0.999]) {
    expect(studentQuantile(p, 1) / Math.tan((Math.PI * p) / 2)).toBeCloseTo(1, 12);
    expect(studentQuantile(p, 2) / (p * Math.sqrt(2 / (1 - p * p)))).toBeCloseTo(1, 12);
  }
});

test('with very many degrees it stays above the normal quantile', () => {
  expect(studentQuantile(0.95, 1_000_000)).toBeGreaterThan(1.959964);
});
