import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited, encloses, ends, relativeWidth } from '../generators/audits.js';

describe('softmin-gap', () => {
  // W0((T-1)/e) by mpmath.lambertw at 30 digits.
  const table: [number, number][] = [
    [2, 0.2784645427610738],
    [8, 0.9731387528666061],
    [64, 2.307130278037048],
    [1000, 4.420501603942927],
    [1000000, 10.46725750571983],
  ];

  it.each(table)('T = %i: W0((T-1)/e) from both sides, to 1e-9 and better', async (T, constant) => {
    for (const beta of [100, 1e9]) {
      const error = (await audited('softmin-gap', [`T=${T}`, `beta=${beta}`])).claim('error');
      expect(error.verdict).toBe('proved');
      expect(encloses(error, constant / beta, 1e-14)).toBe(true);
      expect(relativeWidth(error).le(Rational.of(1, 10n ** 25n))).toBe(true);
    }
  });

  it('takes the supremum over the cube where the extremal input of R^T lies outside', async () => {
    const result = await audited('softmin-gap', ['T=8', 'beta=1/2']);
    // 7 e^(-1/2) / (1 + 7 e^(-1/2)) by mpmath.
    expect(encloses(result.claim('error'), 0.8093682037961363, 1e-14)).toBe(true);
    expect(result.claim('rate')).toBeUndefined();
  });

  it('decides bounds next to the supremum', async () => {
    const params = ['T=64', 'beta=10'];
    const verdictOf = async (bound: string) =>
      (await audited('softmin-gap', params, { bounds: { error: bound } })).claim('error').verdict;
    expect(await verdictOf('0.23071302780370479620')).toBe('proved');
    expect(await verdictOf('0.23071302780370479619')).toBe('refuted');
  });

  it('proves a million tokens in milliseconds', async () => {
    const start = performance.now();
    await audited('softmin-gap', ['T=1000000', 'beta=1e9']);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('hat-interpolation', () => {
  it.each([1, 2, 7, 64])('attains max|f"| (b-a)^2/(8 N^2) for 3 x^2 on [-1, 2] with N = %i', async (N) => {
    const error = (await audited('hat-interpolation', ['f=3*x^2', 'a=-1', 'b=2', `N=${N}`])).claim('error');
    const exact = Rational.of(6 * 9, 8 * N * N).toString();
    expect(ends(error)).toEqual([exact, exact]);
    expect(error.verdict).toBe('proved');
    expect(error.predicted!.toString()).toBe(exact);
  });

  it('is exact for a kink between knots', async () => {
    const error = (await audited('hat-interpolation', ['f=abs(x-1/3)', 'a=0', 'b=1', 'N=2'])).claim('error');
    // On [0, 1/2] the chord runs from 1/3 to 1/6; at 1/3 it has the height 2/9.
    expect(ends(error)).toEqual(['2/9', '2/9']);
  });

  // The error on the piece [p, q] of exp is largest where e^x is the slope; sup over pieces by mpmath at 30 digits.
  it('encloses the error of exp, and proves the bound of the theorem', async () => {
    const result = await audited('hat-interpolation', ['f=exp(x)', 'a=0', 'b=1', 'N=7']);
    expect(encloses(result.claim('error'), 0.006460015421108489, 2e-6)).toBe(true);
    expect(result.verdict).toBe('proved');
  });

  it('keeps rounded values inside the range of f', async () => {
    for (const f of ['exp(x)', 'exp(-x)', 'sin(3*x)', '-exp(x)', 'tanh(5*x - 2)']) {
      const range = (await audited('hat-interpolation', [`f=${f}`, 'a=0', 'b=1', 'N=13'])).claim('range');
      expect([f, range.verdict]).toEqual([f, 'proved']);
    }
  });

  it('finds the exact error of the root, which has no Lipschitz constant, and asks for a bound', async () => {
    const params = ['f=sqrt(x)', 'a=0', 'b=1', 'N=4'];
    expect((await audited('hat-interpolation', params)).claim('error').verdict).toBe('undecided');
    const verdicts = ['1/8', '0.12499'].map(
      async (bound) =>
        (await audited('hat-interpolation', params, { bounds: { error: bound } })).claim('error').verdict,
    );
    expect(await Promise.all(verdicts)).toEqual(['proved', 'refuted']);
  });

  it.each(['1/(x-1/4)', 'log(x)', 'x + y', '1/x'])('refuses %s on [0, 1]', async (f) => {
    await expect(audited('hat-interpolation', [`f=${f}`, 'a=0', 'b=1', 'N=6'])).rejects.toThrow(InputError);
  });
});

describe('yarotsky-square', () => {
  it.each(Array.from({ length: 20 }, (_, k) => k + 1))('has the error 2^(-2m-2) exactly, m = %i', async (m) => {
    const result = await audited('yarotsky-square', [`m=${m}`]);
    const exact = Rational.of(1, 4n ** BigInt(m + 1)).toString();
    expect(ends(result.claim('error'))).toEqual([exact, exact]);
    expect(result.verdict).toBe('proved');
    expect(ends(result.claim('one-sided'))).toEqual(['0', '0']);
  });

  it('refutes any smaller bound', async () => {
    const bounds = { error: `1/${4n ** 11n + 1n}` };
    expect((await audited('yarotsky-square', ['m=10'], { bounds })).verdict).toBe('refuted');
  });
});

describe('relu-product', () => {
  it.each([1, 2, 7, 20])('has the error 2^(-2m-2) exactly, m = %i', async (m) => {
    const exact = Rational.of(1, 4n ** BigInt(m + 1)).toString();
    expect(ends((await audited('relu-product', [`m=${m}`])).claim('error'))).toEqual([exact, exact]);
  });

  it.each([
    [1, 2],
    [2, 3],
    [9, 2],
    [16, 5],
  ])('has the error U^2/(4 N^2) exactly, N = %i, U = %i', async (N, U) => {
    const exact = Rational.of(U * U, 4 * N * N).toString();
    expect(ends((await audited('relu-product', [`N=${N}`, `U=${U}`])).claim('error'))).toEqual([exact, exact]);
  });

  it('wants one way of making squares', async () => {
    await expect(audited('relu-product', [])).rejects.toThrow('either m, for squares of m layers on [-1,1]^2, or N');
    await expect(audited('relu-product', ['m=3', 'U=4'])).rejects.toThrow('U = 2 with m');
  });
});

describe('threshold-min', () => {
  it.each([
    [1, 5],
    [2, 1],
    [5, 10],
    [300, 70],
  ])('has the error (1 - 1/S)/M exactly, S = %i, M = %i', async (S, M) => {
    const result = await audited('threshold-min', [`S=${S}`, `M=${M}`]);
    const exact = Rational.of(S - 1, S * M).toString();
    expect(ends(result.claim('error'))).toEqual([exact, exact]);
    expect(result.verdict).toBe('proved');
  });
});

describe('relu-min-tree', () => {
  it.each([1, 2, 3, 100, 1000])('is exact, S = %i', async (S) => {
    const result = await audited('relu-min-tree', [`S=${S}`]);
    expect(ends(result.claim('error'))).toEqual(['0', '0']);
    expect(ends(result.claim('units'))).toEqual([String(S - 1), String(S - 1)]);
    expect(result.verdict).toBe('proved');
  });
});

describe('mcshane-extension', () => {
  it('has the exact error of the square in one dimension', async () => {
    const result = await audited('mcshane-extension', ['F=z1^2', 'D=1', 'N=16']);
    // At 0 the nearest cone is that of 1/32: (1/32)^2 + 2/32.
    expect(ends(result.claim('error'))).toEqual(['65/1024', '65/1024']);
    expect(result.verdict).toBe('proved');
  });

  it.each([
    ['exp(-z1)*z2', 2, 8],
    ['max(z1, z2, z3) - z1/2', 3, 4],
    ['(z1+z2+z3+z4)/4', 4, 3],
  ])('proves F <= Fhat <= F + L/N for %s', async (F, D, N) => {
    expect((await audited('mcshane-extension', [`F=${F}`, `D=${D}`, `N=${N}`])).verdict).toBe('proved');
  });

  it('is below F at a corner of a cell with cones that are flatter than F', async () => {
    const { verdict, witness } = (await audited('mcshane-extension', ['F=2*z1', 'D=1', 'N=600', 'L=1'])).claim(
      'one-sided',
    );
    // At the right end the next centre is 1/1200 away: its cone is 2 (1 - 1/1200) + 1/1200 < 2.
    expect([verdict, witness]).toEqual(['refuted', { x: '1' }]);
  });
});

describe('telgarsky-sawtooth', () => {
  it('bounds the L1 distance of shallow nets from below', async () => {
    const result = await audited('telgarsky-sawtooth', ['k=10', 'N=64']);
    expect(ends(result.claim('error'))).toEqual(['7/32', '1/4']);
    expect(ends(result.claim('uniform'))).toEqual(['1/2', '1/2']);
    expect(result.verdict).toBe('proved');
  });

  it('integrates the distance to a competitor exactly', async () => {
    const first = 'max(0, 1-abs(8*x-1)) + max(0, 1-abs(8*x-3))';
    const cases = [
      // Two of four teeth are followed; the others are a triangle of area 1/8 each above 0.
      [`phi=${first}`, 'N=5', '1/4'],
      // Then a constant 1/2 from where the third tooth reaches it: 1/8 less the triangle of area 1/64.
      [`phi=${first} + max(0, min(8*x - 4, 1/2))`, 'N=6', '7/64'],
      // All four teeth.
      [`phi=${first} + max(0, 1-abs(8*x-5)) + max(0, 1-abs(8*x-7))`, 'N=8', '0'],
    ];
    for (const [phi, N, distance] of cases) {
      const error = (await audited('telgarsky-sawtooth', ['k=3', N, phi])).claim('error');
      expect([phi, error.enclosure!.hi!.toString()]).toEqual([phi, distance]);
    }
  });
});
