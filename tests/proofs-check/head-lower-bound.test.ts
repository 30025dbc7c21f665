import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { audited, ends } from '../generators/audits.js';
import { thinned } from '../generators/thinned.js';

const audit = (T: number, D: number, s: number, n: number, ...others: string[]) =>
  audited('head-lower-bound', [`T=${T}`, `D=${D}`, `s=${s}`, `n=${n}`, ...others]);

describe('head-lower-bound', () => {
  // The table of the least T with k > 0 for four features; one token less gives k = 0 exactly.
  const thresholds = [
    [2, 1, 33],
    [2, 3, 65],
    [8, 1, 57],
    [8, 3, 137],
    [32, 1, 153],
    [32, 3, 425],
  ];
  it.each(thinned(thresholds, 2))('is vacuous below its threshold: n = %i, s = %i, T = %i', async (n, s, T) => {
    const at = await audit(T, 4, s, n, 'beta=8');
    expect(at.claim('exponent').verdict).toBe('proved');
    expect(at.claim('threshold')).toMatchObject({
      verdict: 'proved',
      statement: expect.stringContaining(`${T} <= ${T}`),
    });
    const before = await audit(T - 1, 4, s, n, 'beta=8');
    expect(before.claim('exponent').verdict).toBe('refuted');
    expect(ends(before.claim('exponent'))).toEqual(['0', '0']);
  });

  it('computes k exactly', async () => {
    // (100/4 - 2 - 3 + 1)/(5 * 2 + 1) - 1 = 21/11 - 1.
    const result = await audit(100, 3, 2, 4, 'beta=8');
    expect(ends(result.claim('exponent'))).toEqual(['10/11', '10/11']);
    expect(result.claim('exponent').claim.trust).toBe('paper');
  });

  it('finds two inputs that the heads do not tell apart, and bounds the slope by them', async () => {
    const eps = 0.01;
    const result = await audit(12, 2, 1, 2, 'beta=20');
    const { witness, enclosure } = result.claim('collision');
    const inputOf = (runs: readonly string[]) =>
      runs.flatMap((run) => {
        const [, count, value] = /^(\d+) x \((.*)\)$/.exec(run)!;
        return Array.from({ length: Number(count) }, () => approximate(parseRational(value)));
      });
    const [x, other] = [witness!.x, witness!["x'"]].map((texts) => inputOf(texts as string[]));
    const H = (z: readonly number[]) => (z[0] - 1 / 3) ** 2 + (z[6] - 2 / 3) ** 2;
    const heads = compile(result.built, float64);
    const [y, z] = [x, other].map((input) => heads({ x: new Tensor([12, 1], input) }).y.dense(0));
    const distance = Math.max(...y.map((entry, k) => Math.abs(entry - z[k])));
    const gap = Math.abs(H(x) - H(other));
    expect(gap).toBeGreaterThanOrEqual(3 * eps);
    expect(approximate(enclosure!.lo!)).toBeCloseTo((gap - 2 * eps) / (2 * distance), 3);
  });

  it('warns where the hypotheses of the theorem fail', async () => {
    const linear = await audit(64, 2, 1, 2, 'beta=8', 'features=["x1", "1 - x1"]');
    const verdicts = new Map(linear.hypotheses.map(({ id, verdict }) => [id, verdict]));
    expect([verdicts.get('minimiser1'), verdicts.get('positions')]).toEqual(['fails', 'holds']);
  });

  it('refuses as many heads as features', async () => {
    await expect(audit(64, 2, 2, 2)).rejects.toThrow(InputError);
    await expect(audit(64, 2, 1, 2, 'features=["x1"]')).rejects.toThrow('D = 2');
    await expect(audit(64, 2, 1, 2, 'features=["2*x1", "x1"]')).rejects.toThrow('above 1');
  });
});
