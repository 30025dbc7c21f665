import { expect, test } from 'vitest';
import { descend } from '../../constructions/descent.js';

test('finds the bottom of a bowl', () => {
  const [x, y] = descend(([x, y]) => (x - 3) ** 2 + (y + 1) ** 2, [0, 0], [0.5, 0.25]);
  expect([x, y].map((value) => Math.round(value * 100) / 100)).toEqual([3, -1]);
});

test('ends where the function falls all the way to infinity', () => {
  const [x] = descend(([x, y]) => y * y - x, [0, 0], [1, 1]);
  expect(Number.isFinite(x)).toBe(true);
});
