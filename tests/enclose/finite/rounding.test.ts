import { describe, expect, it } from 'vitest';
import { adderNet } from '../../../constructions/adder.js';
import { executed } from '../../../src/enclose/finite/rounding.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { type Generation, proveGeneration } from '../../../src/proof/rules/sequences/generation.js';

const FLOAT32 = { provider: 'cpu', dtype: 'float32' } as const;

/** Scores of a token that lead by 1, beside a large number that they have in common. */
function copier(common: number): Network {
  const b = new Builder();
  const rows = [common + 1, common, common, common + 1].map((entry) => Rational.of(entry));
  return b.network({ logits: b.matmul(b.input('s', { T: 2, V: 2 }), b.constant(tensor([2, 2], rows))) });
}

const COPY: Generation = {
  variable: 's',
  prompts: '{0} x {0..1}',
  output: 'logits',
  text: [{ places: '1', token: 's[2]' }],
};

const ids = (network: Network, task: Generation) => proveGeneration(network, task).map(({ id, kind }) => [kind, id]);

describe('execution in float32', () => {
  it('keeps the lead of the adder, for all pairs', () => {
    const task: Generation = {
      variable: 's',
      prompts: '{12} x {0..9} x {10} x {0..9} x {11}',
      output: 'logits',
      text: [
        { places: '1', token: 'mod(s[2] + s[4], 10)' },
        { places: '2', token: 'carry(s[2..2], s[4..4])' },
      ],
    };
    const { network } = adderNet({ n: 1 });
    const [exact, float] = [undefined, FLOAT32].map((execution) => {
      const outcomes = proveGeneration(network, { ...task, ...(execution && { execution }) });
      return outcomes.find(({ id }) => id === 'lead')!.enclosure!.lo!;
    });
    expect(float.sign()).toBe(1);
    expect(float.lt(exact)).toBe(true);
  });

  it('loses a lead that rounding takes away, and shows where', () => {
    expect(ids(copier(2 ** 25), COPY)).toContainEqual(['fact', 'text']);
    expect(ids(copier(2 ** 25), { ...COPY, execution: FLOAT32 })).toEqual([['fact', 'deviation']]);
    expect(ids(copier(2 ** 10), { ...COPY, execution: FLOAT32 })).toContainEqual(['fact', 'text']);
  });

  it('bounds sums and means as float32 computes them', () => {
    const { sumError, meanError } = executed(FLOAT32);
    const [n, random] = [50, (k: number) => ((k * 7919) % 1009) / 1009 - 0.5];
    const values = Array.from({ length: n }, (_, k) => Math.fround(10 * random(k)));
    const logits = Array.from({ length: n }, (_, k) => Math.fround(20 * random(3 * k + 1)));
    const total = values.reduce((sum, value) => Math.fround(sum + value), 0);
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const exact = values.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(total - exact)).toBeLessThan(sumError(n, size));
    const top = Math.max(...logits);
    const weights = logits.map((z) => Math.exp(z - top));
    const whole = weights.reduce((a, b) => a + b, 0);
    const mean = weights.reduce((sum, weight, k) => sum + (weight / whole) * values[k], 0);
    const powers = logits.map((z) => Math.fround(Math.exp(Math.fround(z - top))));
    const powerSum = powers.reduce((a, b) => Math.fround(a + b), 0);
    const rounded = powers.reduce(
      (sum, power, k) => Math.fround(sum + Math.fround(Math.fround(power / powerSum) * values[k])),
      0,
    );
    const distance = weights.reduce((sum, weight, k) => sum + (weight / whole) * (top - logits[k]), 0);
    const error = meanError(n, distance, 5);
    expect(Math.abs(rounded - mean)).toBeLessThan(error);
    expect(error).toBeLessThan(1e-4);
  });
});
