import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { erfDown, erfNear, erfUp } from '../../src/numbers/erf.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { cases } from './samples.js';

/** erf at decimal arguments to 40 digits (NIST Digital Library of Mathematical Functions, 7.23, and mpmath). */
const KNOWN: readonly (readonly [string, string])[] = [
  ['0.5', '0.5204998778130465376827466538919645287365'],
  ['1', '0.8427007929497148693412206350826092592961'],
  ['2', '0.9953222650189527341620692563672529286109'],
  ['3', '0.9999779095030014145586272238704176796202'],
  ['0.0009765625', '0.001101932430071814704171253496118573693837'],
];

test('balls contain values known from elsewhere, at any precision', () => {
  for (const precision of [64, 160, 1000]) {
    const A = ballIntervals(precision);
    const unit = parseRational('1e-39');
    for (const [x, value] of KNOWN) {
      const y = A.erf(A.of(parseRational(x)));
      const known = parseRational(value);
      expect(A.lower(y)!.le(known.add(unit)) && known.sub(unit).le(A.upper(y)!), `erf ${x}`).toBe(true);
      expect(
        A.upper(y)!
          .sub(A.lower(y)!)
          .le(Rational.pow2(8 - precision)),
        `width at ${x}`,
      ).toBe(true);
    }
  }
});

test('two precisions overlap, and the identity erf(-x) = -erf(x) holds', () => {
  const [coarse, fine] = [ballIntervals(64), ballIntervals(700)];
  fc.assert(
    fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
      const exact = fromFloat(x);
      const [a, b] = [coarse.erf(coarse.of(exact)), fine.erf(fine.of(exact))];
      expect(coarse.lower(a)!.le(fine.upper(b)!) && fine.lower(b)!.le(coarse.upper(a)!)).toBe(true);
      const c = fine.neg(fine.erf(fine.of(exact.neg())));
      expect(fine.lower(c)!.le(fine.upper(b)!) && fine.lower(b)!.le(fine.upper(c)!)).toBe(true);
    }),
    { numRuns: cases(300, 20_000) },
  );
});

test('doubles are rounded outward, by a few units', () => {
  const A = ballIntervals(160);
  const anywhere = fc.double({ noNaN: true, noDefaultInfinity: true });
  const near = fc.double({ min: -7, max: 7, noNaN: true });
  const corners = fc
    .tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -2, max: 2 }))
    .map(([k, j]) => k / 32 + j * 2 ** -50);
  fc.assert(
    fc.property(fc.oneof(anywhere, near, near, corners), (x) => {
      const y = A.erf(A.of(fromFloat(x)));
      const [lo, hi] = [erfDown(x), erfUp(x)];
      expect(fromFloat(lo).le(A.lower(y)!) || Math.abs(x) > 6, `${lo} for erf ${x}`).toBe(true);
      expect(A.upper(y)!.le(fromFloat(hi)) || Math.abs(x) > 6, `${hi} for erf ${x}`).toBe(true);
      expect(lo >= -1 && hi <= 1 && lo <= hi).toBe(true);
      if (Math.abs(x) > 2 ** -1000) expect(hi - lo).toBeLessThanOrEqual(2 ** -47 * Math.abs(hi) + 2 ** -1060);
      expect((lo <= erfNear(x) && erfNear(x) <= hi) || Math.abs(x) > 6).toBe(true);
    }),
    { numRuns: cases(3000, 200_000) },
  );
  expect([erfUp(Number.POSITIVE_INFINITY), erfDown(Number.NEGATIVE_INFINITY), erfDown(0), erfUp(0)]).toEqual([
    1, -1, 0, 0,
  ]);
  expect(erfDown(100) < 1 && erfDown(100) > 0.9999).toBe(true);
});
