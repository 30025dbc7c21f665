import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMost, overall, point, type Verdict } from '../../src/proof/verdict.js';
import { smallRational } from '../generators/numbers.js';

describe('overall', () => {
  it('is the worst verdict: refuted, then undecided, then proved', () => {
    const verdict = fc.constantFrom<Verdict>('proved', 'refuted', 'undecided', 'observed');
    fc.assert(
      fc.property(fc.array(verdict), (verdicts) => {
        const worst = overall(verdicts);
        if (worst === 'proved') expect(verdicts.every((each) => each === 'proved' || each === 'observed')).toBe(true);
        if (worst === 'undecided') expect(verdicts.includes('undecided') && !verdicts.includes('refuted')).toBe(true);
        if (worst === 'refuted') expect(verdicts).toContain('refuted');
      }),
    );
  });
});

describe('atMost', () => {
  it('decides only what the enclosure decides', () => {
    const end = fc.option(smallRational);
    fc.assert(
      fc.property(end, end, smallRational, (lo, hi, bound) => {
        const verdict = atMost({ lo, hi }, bound);
        if (verdict === 'proved') expect(hi!.compare(bound)).toBeLessThanOrEqual(0);
        if (verdict === 'refuted') expect(lo!.compare(bound)).toBeGreaterThan(0);
        if (verdict === 'undecided') {
          expect(hi === null || hi.compare(bound) > 0).toBe(true);
          expect(lo === null || lo.compare(bound) <= 0).toBe(true);
        }
      }),
    );
  });

  it('decides a point', () => {
    fc.assert(
      fc.property(smallRational, smallRational, (value, bound) => {
        expect(atMost(point(value), bound)).toBe(value.le(bound) ? 'proved' : 'refuted');
      }),
    );
  });
});
