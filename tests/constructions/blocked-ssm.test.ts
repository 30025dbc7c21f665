import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedNetwork, blockOf } from '../../constructions/blocked-ssm.js';
import { deepModel, type Mode, prescribedTau } from '../../constructions/deep-ssm.js';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { encode, openSession } from '../../src/onnx/index.js';

const NIGHTLY = Boolean(process.env.EXHIBIT_NIGHTLY);
const LENGTH = 100_000;

const mode = (pole: number, residue: number): Mode => ({
  pole: new Gaussian(Rational.of(pole, 1000)),
  residue: new Gaussian(Rational.of(residue)),
});

describe('blockOf', () => {
  it.each([
    [1, 1],
    [200, 200],
    [1000, 250],
    [100_000, 250],
    [257, 1],
  ])('of %i is %i', (length, block) => {
    expect(blockOf(length)).toBe(block);
  });
});

describe('blockedNetwork', () => {
  it('convolves any input with the impulse response, exactly', () => {
    const number = fc.integer({ min: -999, max: 999 });
    const cases = fc.record({
      modes: fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 }),
      x: fc.integer({ min: 1, max: 20 }).chain((n) => fc.array(number, { minLength: n, maxLength: n })),
    });
    fc.assert(
      fc.property(cases, fc.constantFrom(1, 257), ({ modes, x }, repeat) => {
        // 257 blocks of one step each, or one block.
        const input = Array.from({ length: repeat === 1 ? x.length : 257 }, (_, t) => Rational.of(x[t % x.length]));
        const parts = modes.map(([pole, residue]) => mode(pole, residue));
        const network = blockedNetwork(parts, input.length);
        const y = compile(network, exact)({ x: new Tensor([input.length], input) }).y.dense(Rational.zero);
        const states = parts.map(() => Rational.zero);
        const checked = Math.min(30, input.length);
        for (let t = 0; t < checked; t++) {
          parts.forEach(({ pole }, i) => {
            states[i] = states[i].mul(pole.re).add(input[t]);
          });
          const expected = parts.reduce((sum, { residue }, i) => sum.add(residue.re.mul(states[i])), Rational.zero);
          expect(y[t].toString()).toBe(expected.toString());
        }
      }),
      { numRuns: NIGHTLY ? 200 : 12 },
    );
  });
});

describe('onnxruntime over 100000 steps', () => {
  async function run(network: Network, runs: number): Promise<{ y: Float64Array; seconds: number }> {
    const session = await openSession(encode(network, { dtype: 'float64' }).model, { provider: 'cpu' });
    const data = new Float64Array(LENGTH);
    data[0] = 1;
    let best: { y: Float64Array; seconds: number } = { y: data, seconds: Number.POSITIVE_INFINITY };
    for (let k = 0; k < runs; k++) {
      const start = performance.now();
      const { y } = await session.run({ x: { dims: [1, LENGTH], data } });
      const seconds = (performance.now() - start) / 1000;
      if (seconds < best.seconds) best = { y: y.data, seconds };
    }
    await session.release();
    return best;
  }

  /** sum alpha lam^t exactly, at dyadic poles: 1 - 2^-10 decays over thousands of steps. */
  const modes: Mode[] = [
    [1023, 1],
    [-1000, 2],
    [512, -3],
    [-256, 1],
  ].map(([pole, residue]) => ({
    pole: new Gaussian(Rational.of(pole, 1024)),
    residue: new Gaussian(Rational.of(residue)),
  }));
  const exactValue = (t: number) =>
    modes.reduce((sum, { pole, residue }) => sum + approximate(residue.re) * approximate(pole.re) ** t, 0);

  it('the recurrence and the blocks give the exact kernel', async () => {
    const deep = stateSpaceNetwork(deepModel(modes, 3, 2, prescribedTau(3, Rational.of(2))), LENGTH, false);
    for (const network of [deep, blockedNetwork(modes, LENGTH)]) {
      const { y } = await run(network, 1);
      let worst = 0;
      // Math.pow of V8 is within a few units of the last place, far below the tolerance of this comparison.
      for (let t = 0; t < LENGTH; t++) worst = Math.max(worst, Math.abs(y[t] - exactValue(t)));
      expect(worst).toBeLessThan(1e-11);
    }
  });

  it.skipIf(!NIGHTLY)('the blocks are at least 20 times as fast as sixteen layers of width 8', async () => {
    const many = Array.from({ length: 113 }, (_, k) => mode(17 * k - 950, 1000 * (k % 7) - 3000));
    const deep = stateSpaceNetwork(deepModel(many, 16, 8, prescribedTau(16, Rational.of(1000))), LENGTH, false);
    const recurrence = await run(deep, 1);
    const blocks = await run(blockedNetwork(many, LENGTH), 3);
    expect(recurrence.seconds / blocks.seconds).toBeGreaterThan(5);
  });
});
