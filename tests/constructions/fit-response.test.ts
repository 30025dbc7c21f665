import { describe, expect, it } from 'vitest';
import { fitResponse } from '../../constructions/fit-response.js';
import { InputError } from '../../src/errors.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';

/** 3 * 0.9^t - 2 * 0.5^t + 2 Re((1 + i/2) (0.4 + 0.7i)^t), by the recurrence of its powers. */
function sample(count: number): Rational[] {
  let [a, b] = [1, 0];
  return Array.from({ length: count }, (_, t) => {
    const value = 3 * 0.9 ** t - 2 * 0.5 ** t + 2 * (a - b / 2);
    [a, b] = [0.4 * a - 0.7 * b, 0.7 * a + 0.4 * b];
    return Rational.of(BigInt(Math.round(value * 2 ** 50)), 2n ** 50n);
  });
}

describe('fitResponse', () => {
  it('finds the poles and residues of a sum of exponentials, conjugates in pairs', () => {
    const modes = fitResponse(sample(40), 4).map(({ pole, residue }) =>
      [pole.re, pole.im, residue.re, residue.im].map(approximate),
    );
    modes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const expected = [
      [0.4, -0.7, 1, -0.5],
      [0.4, 0.7, 1, 0.5],
      [0.5, 0, -2, 0],
      [0.9, 0, 3, 0],
    ];
    modes.forEach((mode, k) => {
      mode.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[k][j], 8);
      });
    });
  });

  it('keeps poles inside the unit circle, even for a growing response', () => {
    const growing = Array.from({ length: 12 }, (_, t) => Rational.of(3n ** BigInt(t), 2n ** BigInt(t)));
    for (const { pole } of fitResponse(growing, 2)) expect(pole.squaredModulus().lt(Rational.one)).toBe(true);
  });

  it('gives modes for a response that is 0', () => {
    expect(fitResponse(new Array(8).fill(Rational.zero), 3)).toHaveLength(3);
  });

  it('refuses too few values', () => {
    expect(() => fitResponse(sample(7), 4)).toThrow(InputError);
    expect(() => fitResponse(sample(7), 4)).toThrow(/at least 2 N = 8/);
  });
});
