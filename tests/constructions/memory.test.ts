import { expect, test } from 'vitest';
import { bestSection } from '../../constructions/memory.js';
import { parseRational } from '../../src/numbers/parse.js';

test.each(['1e-300', '1/1000'])('spreads times of a section where decay is slow: p = %s', (p) => {
  const { times } = bestSection({ family: 'polynomial', p: parseRational(p) }, 4);
  expect(times.length).toBeGreaterThan(4);
  expect(times.every((t, k) => k === 0 || times[k - 1] < t)).toBe(true);
});
