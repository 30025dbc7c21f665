import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { lehmer } from '../../src/numbers/random.js';
import { audited } from '../generators/audits.js';

const output = (network: Network, shape: readonly number[]) => {
  const value = compile(network, float64);
  return (x: readonly number[]) => value({ x: new Tensor([...shape], x) }).y.dense(0)[0];
};

describe('two-layer-second-largest', () => {
  // W0((T-2)/e) + W0((ceil(T/2) - 1)/e) by mpmath.lambertw.
  it.each([
    [3, 0.2784645427610738 + 0.2784645427610738],
    [16, 1.3436600548713922 + 0.9731387528666061],
    [64, 2.295976250500108 + 1.8297874124435065],
    [4096, 10.607589493012565],
  ])('T = %i: both layers together lose at most (W0((T-2)/e) + W0((T-2)/(2e)))/beta', async (T, constant) => {
    const error = (await audited('two-layer-second-largest', [`T=${T}`, 'eps=1/2', 'beta=1000', 'R=3'])).claim('error');
    expect(approximate(error.enclosure!.hi!) * 1000).toBeCloseTo(constant, 9);
    expect(approximate(error.enclosure!.hi!.div(error.enclosure!.lo!))).toBeLessThan(2);
  });

  it('holds on drawn inputs, ties included', async () => {
    const T = 9;
    const result = await audited('two-layer-second-largest', [`T=${T}`, 'eps=1/20']);
    const y = output(result.built, [T, 1]);
    const hi = approximate(result.claim('error').enclosure!.hi!);
    const random = lehmer(7);
    for (let k = 0; k < 300; k++) {
      const levels = 1 + Math.floor(random() * 12);
      const x = Array.from({ length: T }, () => Math.floor(random() * (levels + 1)) / levels);
      const second = [...x].sort((a, b) => b - a)[1];
      expect(Math.abs(y(x) - second)).toBeLessThanOrEqual(hi);
    }
    expect(result.verdict).toBe('proved');
  });

  it('has as many parameters for every eps', async () => {
    const counts = ['1/10', '1e-6', '1e-30'].map(async (eps) => {
      const result = await audited('two-layer-second-largest', ['T=5', `eps=${eps}`]);
      expect(result.verdict).toBe('proved');
      return result.claim('parameters').enclosure!.hi!.toString();
    });
    expect(await Promise.all(counts)).toEqual(['14', '14', '14']);
  });

  it('is refuted with a tenth of beta, and with an open gate', async () => {
    const verdict = async (choice: string) =>
      (await audited('two-layer-second-largest', ['T=16', 'eps=1/100', choice])).verdict;
    expect(await verdict('beta=31')).toBe('refuted');
    expect(await verdict('R=1/2')).toBe('refuted');
    expect(await verdict('R=0')).toBe('refuted');
  });
});

describe('two-layer-pairwise-max', () => {
  const A = [
    [1, 2],
    [3, -4],
  ];
  const B = [
    [0, 1],
    [1, 0],
  ];
  const largest = (matrix: readonly (readonly number[])[], tokens: readonly (readonly number[])[]) =>
    Math.max(
      ...tokens.flatMap((s) =>
        tokens.map((t) => matrix.reduce((sum, row, a) => sum + row.reduce((z, m, b) => z + s[a] * m * t[b], 0), 0)),
      ),
    );

  it('holds on drawn inputs for a sum of two terms, on [-2, 2]', async () => {
    const [T, r] = [6, 2];
    const params = [`T=${T}`, 'd=2', 'A=["1 2; 3 -4", "0 1; 1 0"]', `r=${r}`, 'eps=1/2'];
    const result = await audited('two-layer-pairwise-max', params);
    expect(result.verdict).toBe('proved');
    const y = output(result.built, [T, 2]);
    const hi = approximate(result.claim('error').enclosure!.hi!);
    const random = lehmer(3);
    for (let k = 0; k < 200; k++) {
      const levels = 1 + Math.floor(random() * 9);
      const tokens = Array.from({ length: T }, () =>
        [0, 1].map(() => r * ((2 * Math.floor(random() * (levels + 1))) / levels - 1)),
      );
      const error = Math.abs(y(tokens.flat()) - largest(A, tokens) - largest(B, tokens));
      expect(error).toBeLessThanOrEqual(hi);
    }
  });

  it('has a bound within twice its witness', async () => {
    const { enclosure } = (await audited('two-layer-pairwise-max', ['T=32', 'd=1', 'A=["1"]', 'eps=1/100'])).claim(
      'error',
    );
    expect(approximate(enclosure!.hi!.div(enclosure!.lo!))).toBeLessThan(2);
  });

  it('needs ten times the pieces for a hundredth of eps', async () => {
    const pieces = ['1/10', '1/1000'].map(async (eps) => {
      const { claim } = await audited('two-layer-pairwise-max', ['T=4', 'd=1', 'A=["1"]', `eps=${eps}`]);
      return Number(claim('parameters').enclosure!.hi!.num);
    });
    // d^2 + 2 + 4 halves + 6 N with N = ceil(sqrt(4/eps)) = 7 and 64.
    expect(await Promise.all(pieces)).toEqual([7 + 42, 7 + 384]);
  });

  it.each(['["0"]', '["1 2"]', '[]', '["x"]'])('refuses A = %s', async (A) => {
    await expect(audited('two-layer-pairwise-max', ['T=4', 'd=1', `A=${A}`, 'eps=1'])).rejects.toThrow(InputError);
  });
});

describe('single-layer-barrier', () => {
  // By mpmath at 25 digits.
  const AT_069 = 1.0233934701939904;
  const derivative = (beta: number, x: readonly number[]) => {
    const weights = x.map((a) => Math.exp(beta * (a - x[0])));
    const total = weights.reduce((a, b) => a + b);
    const y = x.reduce((sum, a, t) => sum + a * weights[t], 0) / total;
    return (weights[1] / total) * (1 + beta * (x[1] - y));
  };

  it('contains the derivative at the point that refutes e^{-beta g} (1 + beta g)', async () => {
    const x = [1, 1, ...Array.from({ length: 998 }, () => 0.69)];
    expect(derivative(20, x)).toBeCloseTo(AT_069, 12);
    const params = ['T=1000', 'beta=20', 'gap=0'];
    const { enclosure, verdict } = (await audited('single-layer-barrier', params)).claim('error');
    expect(verdict).toBe('proved');
    expect(approximate(enclosure!.lo!)).toBeGreaterThan(AT_069);
    const tempting = await audited('single-layer-barrier', params, { bounds: { error: '1' } });
    expect(tempting.claim('error').verdict).toBe('refuted');
  });

  it.each([
    [2, 3, 0],
    [3, 10, 0.25],
    [12, 10, 0.1],
    [50, 30, 0.05],
    [6, 20, 0.4],
  ])(
    'bounds the derivative on drawn inputs and is nearly attained: T = %i, beta = %i, gap %f',
    async (T, beta, gap) => {
      const { enclosure } = (await audited('single-layer-barrier', [`T=${T}`, `beta=${beta}`, `gap=${gap}`])).claim(
        'error',
      );
      const [lo, hi] = [approximate(enclosure!.lo!), approximate(enclosure!.hi!)];
      expect(lo).toBeGreaterThan(0.99 * hi);
      const random = lehmer(11);
      for (let k = 0; k < 2000; k++) {
        const u = gap + (random() ** 3 * 8) / beta;
        const others = u + (random() * 8) / beta;
        const spread = random() < 0.5 ? 0 : random() / beta;
        const x = [0, -u, ...Array.from({ length: T - 2 }, () => -others - spread * random())];
        expect(Math.abs(derivative(beta, x))).toBeLessThanOrEqual(hi * (1 + 1e-12));
      }
    },
  );
});

describe('infoflow-calculus', () => {
  const verdict = async (layers: string, task: string) =>
    (await audited('infoflow-calculus', ['T=64', 'd=2', 'E=8', `layers=${layers}`, `task=${task}`])).verdict;
  const retrievals = (D: number) => JSON.stringify(Array.from({ length: D }, () => 'argmax(self)'));

  it.each([1, 2, 5, 8])('needs D heads for D retrievals in one layer, D = %i', async (D) => {
    expect(await verdict(`["${D} x argmax"]`, retrievals(D))).toBe('proved');
    if (D > 1) expect(await verdict(`["${D - 1} x argmax"]`, retrievals(D))).toBe('refuted');
    expect(await verdict(`["${Math.ceil(D / 2)} x argmax", "${Math.floor(D / 2) || 1} x argmax"]`, retrievals(D))).toBe(
      'proved',
    );
  });

  it('needs two layers for an induction head and k for the k-th largest', async () => {
    expect(await verdict('["select -1, argmax"]', '["argmax(self, offset -1)"]')).toBe('refuted');
    expect(await verdict('["select -1", "argmax"]', '["argmax(self, offset -1)"]')).toBe('proved');
    expect(await verdict('["select 1", "argmax"]', '["argmax(self, offset -1)"]')).toBe('refuted');
    const third = '["argmax(self, argmax(self, argmax(self)))"]';
    expect(await verdict('["9 x argmax", "9 x argmax"]', third)).toBe('refuted');
    expect(await verdict('["argmax", "argmax", "argmax"]', third)).toBe('proved');
  });

  it('puts the heads where they are needed first', async () => {
    // The chain must start in layer 1; the plain retrieval can wait for layer 2.
    const task = '["argmax(self)", "argmax(self, argmax(self))"]';
    expect(await verdict('["argmax", "2 x argmax"]', task)).toBe('proved');
    expect(await verdict('["argmax", "argmax"]', task)).toBe('refuted');
  });

  it('predicts |I| d/E where averaging is left', async () => {
    const params = ['T=64', 'd=2', 'E=8', 'layers=["average"]', 'task=["argmax(self)"]'];
    const { claim } = await audited('infoflow-calculus', params);
    expect(claim('cost').enclosure!.hi!.toString()).toBe('16');
    expect(claim('reach').witness!.sets).toEqual(['{t}', '[T]']);
  });
});
