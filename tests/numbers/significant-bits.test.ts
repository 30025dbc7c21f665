import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bitLength } from '../../src/numbers/bits.js';
import { Rational } from '../../src/numbers/rational.js';
import { statable } from '../../src/numbers/significant-bits.js';

it('puts a number between two that a statement can hold, or says that there is none', () => {
  const digits = fc.bigInt({ min: -(2n ** 2100n), max: 2n ** 2100n });
  const exponents = fc.oneof(fc.integer({ min: -6000, max: 6000 }), fc.integer({ min: -90_000, max: 90_000 }));
  const property = fc.property(digits, exponents, fc.bigInt({ min: 1n, max: 2n ** 1500n }), (num, exponent, den) => {
    const x = Rational.of(num, den).mul(Rational.pow2(exponent));
    const [lo, hi] = [statable(x, 'down', 40_000), statable(x, 'up', 40_000)];
    for (const end of [lo, hi])
      if (end) expect(bitLength(end.abs().num) + bitLength(end.den)).toBeLessThanOrEqual(42_000);
    expect(lo === null || lo.le(x)).toBe(true);
    expect(hi === null || x.le(hi)).toBe(true);
    expect(lo === null && hi === null).toBe(false);
  });
  fc.assert(property, { numRuns: 300 });
});
