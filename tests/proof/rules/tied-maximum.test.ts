import { describe, expect, it } from 'vitest';
import { approximate } from '../../../src/numbers/convert.js';
import { Rational } from '../../../src/numbers/rational.js';
import { tiedLoss } from '../../../src/proof/rules/tied-maximum.js';
import { stream } from '../../numbers/samples.js';

/** max g over the k-th largest entry, less the soft maximum, in units of 1/beta. */
function loss(levels: readonly number[], k: number): number {
  const weights = levels.map((u) => Math.exp(-u));
  const mass = weights.reduce((a, b) => a + b);
  const mean = levels.reduce((sum, u, s) => sum + u * weights[s], 0) / mass;
  return mean - [...levels].sort((a, b) => a - b)[k - 1];
}

describe.each([
  [2, 2],
  [3, 2],
  [8, 2],
  [64, 2],
  [9, 3],
  [5, 5],
])('a soft maximum of %i entries with a tie of %i', (T, k) => {
  it('loses no more than the bound, for any entries, and almost that much for some', () => {
    const bound = approximate(tiedLoss(T, k, Rational.one));
    const random = stream(T * k);
    let most = 0;
    for (let n = 0; n < 4000; n++) {
      const scale = 6 * random();
      const levels = Array.from({ length: T }, (_, s) => (s < k ? random() * 0.2 * (n % 3) : scale * random()));
      expect(loss(levels, k)).toBeLessThanOrEqual(bound + 1e-12);
    }
    for (let u = 0; u < 8; u += 0.01) {
      const levels = Array.from({ length: T }, (_, s) => (s < k ? 0 : u));
      most = Math.max(most, loss(levels, k));
    }
    expect(most).toBeLessThanOrEqual(bound + 1e-12);
    if (T % k === 0) expect(most).toBeGreaterThanOrEqual(bound * 0.999);
  });
});
