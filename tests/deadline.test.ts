import { expect, test } from 'vitest';
import { isOver, isPast, within } from '../src/deadline.js';

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
