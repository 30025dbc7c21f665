import { describe, expect, test } from 'vitest';
import { partialSums } from '../../src/evaluate/summation.js';
import { point } from '../../src/numbers/interval.js';
import { cases, stream } from '../numbers/samples.js';

/** The largest sum of |result| over all ways to add up: every pair of what is left, in turn. */
function worst(terms: readonly number[]): number {
  if (terms.length < 2) return 0;
  let most = 0;
  for (let i = 0; i < terms.length; i++) {
    for (let j = 0; j < i; j++) {
      const sum = terms[i] + terms[j];
      const rest = terms.filter((_, k) => k !== i && k !== j);
      most = Math.max(most, Math.abs(sum) + worst([...rest, sum]));
    }
  }
  return most;
}

describe('partial sums', () => {
  test('of up to six integers are bounded for every order', () => {
    const random = stream(8);
    for (let run = 0; run < cases(40, 400); run++) {
      const terms = Array.from({ length: 2 + Math.floor(random() * 5) }, () => Math.round(200 * random() - 100));
      expect(worst(terms)).toBeLessThanOrEqual(partialSums(terms.map(point)));
    }
  });

  test('are attained where all terms have one sign', () => {
    const random = stream(9);
    for (let run = 0; run < cases(20, 100); run++) {
      const terms = Array.from({ length: 2 + Math.floor(random() * 4) }, () => Math.round(100 * random()));
      expect(worst(terms)).toBe(partialSums(terms.map(point)));
    }
  });

  test('of intervals take each end for its sign', () => {
    const terms = [
      { lo: -1, hi: 4, mark: 0 },
      { lo: -5, hi: -2, mark: 0 },
      { lo: 3, hi: 6, mark: 0 },
    ];
    expect(partialSums(terms)).toBe(10 + 10);
  });

  test('of one term are none', () => {
    expect(partialSums([point(3)])).toBe(0);
  });
});
