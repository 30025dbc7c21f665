import { expect, test } from 'vitest';
import { fromFloat } from '../../src/numbers/convert.js';
import { convolutionBounds } from '../../src/numbers/convolution.js';
import { Rational } from '../../src/numbers/rational.js';
import { cases, stream } from './samples.js';

test('bounds of convolutions are above the exact sums, and close', () => {
  const random = stream(4);
  for (let run = 0; run < cases(60, 1000); run++) {
    const [count, length] = [1 + Math.floor(4 * random()), 1 + Math.floor(20 * random())];
    const width = 1 + Math.floor(3 * random());
    const vectors = () =>
      Float64Array.from({ length: width * length }, () => (random() < 0.2 ? 0 : random() * 10 ** (30 * random() - 20)));
    const pairs = Array.from({ length: count }, () => [vectors(), vectors()] as const);
    convolutionBounds(pairs, length).forEach((bound, t) => {
      let exact = Rational.zero;
      for (const [a, b] of pairs)
        for (let s = 0; s <= t; s++)
          for (let i = 0; i < width; i++)
            exact = exact.add(fromFloat(a[(t - s) * width + i]).mul(fromFloat(b[s * width + i])));
      expect(exact.le(fromFloat(bound))).toBe(true);
      const slack = exact.mul(Rational.one.add(Rational.of(4 * (count * width + t) + 8).mul(Rational.pow2(-52))));
      expect(fromFloat(bound).le(slack.add(Rational.pow2(-1050)))).toBe(true);
    });
  }
});

test('products that underflow are counted', () => {
  const tiny = Float64Array.of(2 ** -600);
  expect(convolutionBounds([[tiny, tiny]], 1)[0]).toBeGreaterThan(0);
});

test('vectors of different widths or over other times are refused', () => {
  for (const [a, b] of [
    [2, 4],
    [3, 3],
  ])
    expect(() => convolutionBounds([[new Float64Array(a), new Float64Array(b)]], 2)).toThrow(RangeError);
});
