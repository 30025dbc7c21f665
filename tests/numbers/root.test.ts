import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Rational } from '../../src/numbers/rational.js';
import { integerRoot, rootBounds } from '../../src/numbers/root.js';

const positive = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 60n }), fc.bigInt({ min: 1n, max: 10n ** 60n }))
  .map(([p, q]) => Rational.of(p, q));
const degree = fc.integer({ min: 1, max: 40 });

it('encloses the root between neighbours of that many bits, or is exact', () => {
  fc.assert(
    fc.property(positive, degree, fc.integer({ min: 1, max: 80 }), (value, k, bits) => {
      const { lo, hi } = rootBounds(value, k, bits);
      expect(lo.pow(k).le(value) && value.le(hi.pow(k))).toBe(true);
      if (lo.equals(hi)) expect(lo.pow(k).equals(value)).toBe(true);
      else expect(hi.sub(lo).le(lo.mul(Rational.pow2(1 - bits)))).toBe(true);
    }),
  );
});

it('finds exact roots', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 6 }), fc.integer({ min: 1, max: 20 }), degree, (p, e, k) => {
      const root = Rational.of(p, 2 ** e);
      const { lo, hi } = rootBounds(root.pow(k), k, 32);
      expect([lo.toString(), hi.toString()]).toEqual([root.toString(), root.toString()]);
    }),
  );
});

it('integerRoot is the largest integer whose power is at most n', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 300n }), degree, (n, k) => {
      const root = integerRoot(n, k);
      expect(root ** BigInt(k) <= n && n < (root + 1n) ** BigInt(k)).toBe(true);
    }),
  );
});

it('integerRoot is quick for a high degree', () => {
  const n = 3n ** 60_000n;
  expect(integerRoot(n, 1000)).toBe(3n ** 60n);
});
