import { expect, test } from 'vitest';
import { isOver, isPast, Unfinished, within } from '../src/deadline.js';
import { airyBounds } from '../src/numbers/airy.js';
import { inverse, rank } from '../src/numbers/elimination.js';
import { inertia } from '../src/numbers/inertia.js';
import { Rational } from '../src/numbers/rational.js';
import { identityMatrix } from '../src/numbers/rational-matrix.js';

test.each([
  ['before its end', 60_000, [false, false]],
  ['just after its end, searches stop and what they found is still said', -100, [true, false]],
  ['well after its end', -5000, [true, true]],
])('a time limit, %s', (_, left, expected) => {
  expect(within(Date.now() + left, () => [isPast(), isOver()])).toEqual(expected);
});

test('without a time limit nothing is over', () => {
  expect([isPast(), isOver(), isPast(Date.now() - 1)]).toEqual([false, false, true]);
});

test.each([
  ['inertia', inertia],
  ['inverse', inverse],
  ['rank', rank],
  ['a value of the Airy function', () => airyBounds(Rational.one)],
])('%s is given up when the time is over', (_, work) => {
  const matrix = identityMatrix(3);
  expect(() => within(Date.now() - 5000, () => work(matrix))).toThrow(Unfinished);
  expect(() => within(Date.now() + 60_000, () => work(matrix))).not.toThrow();
});
