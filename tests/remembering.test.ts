import { expect, test } from 'vitest';
import { rememberingRecent } from '../src/remembering.js';

test('what was asked lately is answered from memory, and nothing is answered for something else', () => {
  let asked = 0;
  const sum = rememberingRecent((a: number, b: number) => {
    asked += 1;
    return a + b;
  });
  for (let k = 0; k < 1000; k++) expect([sum(k, 1), sum(1, k), sum(1, 1)]).toEqual([k + 1, k + 1, 2]);
  // Each pair was asked once, but for (1, 1), which stands among them.
  expect(asked).toBe(1999);
  expect(sum(999, 1)).toBe(1000);
  expect(asked).toBe(1999);
  expect(sum(0, 1)).toBe(1);
  expect(asked).toBe(2000);
});

test('a fault is no answer, and long texts are not kept', () => {
  let asked = 0;
  const size = rememberingRecent((text: string) => {
    asked += 1;
    if (text === '') throw new Error('empty');
    return text.length;
  });
  for (let k = 0; k < 3; k++) {
    expect(() => size('')).toThrow('empty');
    expect(size('x'.repeat(10_000))).toBe(10_000);
  }
  expect(asked).toBe(6);
});
