import { describe, expect, it } from 'vitest';
import { approximate } from '../../../src/numbers/convert.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { Rational } from '../../../src/numbers/rational.js';
import { headError } from '../../../src/proof/rules/gated-mass.js';
import { cases, stream } from '../../numbers/samples.js';

/** The soft minimum by its definition, in floats; the logits are moved so that nothing overflows. */
function softMinimum(values: readonly number[], gates: readonly number[], beta: number): number {
  const logits = values.map((v, t) => -beta * (v + gates[t]));
  const top = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - top));
  const total = powers.reduce((a, b) => a + b);
  return powers.reduce((sum, power, t) => sum + power * values[t], 0) / total;
}

describe('the error of a gated head', () => {
  it('holds at random values, and at those that are meant to break it', () => {
    const random = stream(3);
    let tight = 0;
    for (let n = 0; n < cases(400, 20_000); n++) {
      const T = 1 + Math.floor(random() * 12);
      const S = 1 + Math.floor(random() * T);
      const beta = 2 ** (random() * 10 - 3);
      const R = random() * 3;
      const width = random() * 2;
      const exactly = (x: number) => parseRational(x.toString());
      const bound = headError({ T, S, beta: exactly(beta), R: exactly(R), width: exactly(width) });
      const level = Math.min(width, (1 + Math.log(T)) / beta);
      const candidates = [
        () => random() * width,
        (t: number) => (t === 0 ? 0 : t < S ? level : width),
        (t: number) => (t < S ? width : 0),
        (t: number) => (t < S ? 0 : width),
      ];
      for (const value of candidates) {
        const values = Array.from({ length: T }, (_, t) => value(t));
        const gates = values.map((_, t) => (t < S ? 0 : R + (random() < 0.3 ? random() : 0)));
        const gap = softMinimum(values, gates, beta) - Math.min(...values.slice(0, S));
        expect(gap).toBeLessThanOrEqual(approximate(bound.above) + 1e-12);
        expect(-gap).toBeLessThanOrEqual(approximate(bound.below) + 1e-12);
        if (gap > approximate(bound.above) * 0.9 && S > 1) tight += 1;
      }
    }
    expect(tight).toBeGreaterThan(10);
  });

  it('is lambda/beta where all tokens are open, and 0 for one', () => {
    const beta = Rational.of(100);
    const all = headError({ T: 256, S: 256, beta, R: Rational.zero, width: Rational.one });
    expect(approximate(all.above)).toBeCloseTo(3.336377813597998 / 100, 14);
    expect(parseRational('3.336377813597998408195190071192').div(beta).le(all.above)).toBe(true);
    expect(all.below.isZero()).toBe(true);
    const one = headError({ T: 1, S: 1, beta, R: Rational.zero, width: Rational.one });
    expect([one.above, one.below].map(String)).toEqual(['0', '0']);
  });

  it('is at most the width for gates that are far too small, whatever beta', () => {
    for (const beta of ['1e6', '1e9', '1e30']) {
      const bound = headError({ T: 9, S: 1, beta: parseRational(beta), R: Rational.zero, width: Rational.of(1, 2) });
      expect(bound.below.le(Rational.of(1, 2))).toBe(true);
      expect(Rational.of(49, 100).le(bound.below)).toBe(true);
    }
  });

  it('has short bounds that do not vanish for enormous gates', () => {
    const { above, below } = headError({
      T: 1000,
      S: 1,
      beta: Rational.of(10 ** 6),
      R: Rational.of(9),
      width: Rational.one,
    });
    expect(above.sign()).toBe(1);
    expect(below.equals(above)).toBe(true);
    expect(above.num.toString(2).length).toBeLessThanOrEqual(64);
  });
});
