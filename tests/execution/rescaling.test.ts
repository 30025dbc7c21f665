import { describe, expect, test } from 'vitest';
import { deepModel, type Mode, prescribedTau, shallowModel } from '../../constructions/deep-ssm.js';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { executionBounds } from '../../src/execution/bounds.js';
import { runSamples } from '../../src/execution/execution.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';

const LENGTH = 16;
const OUTPUT = 'y';
const modes: readonly Mode[] = [
  ['1/2', 80000],
  ['-1/4', -40000],
  ['1/3', 60000],
].map(([pole, residue]) => {
  const [p, q] = String(pole).split('/').map(Number);
  return { pole: new Gaussian(Rational.of(p, q)), residue: new Gaussian(Rational.of(Number(residue))) };
});
const network = (model: ReturnType<typeof shallowModel>) => stateSpaceNetwork(model, LENGTH, false);
const inputs = {
  x: new Tensor(
    [LENGTH],
    Array.from({ length: LENGTH }, (_, t) => Rational.of(t % 3 === 0 ? 1 : -1, 256)),
  ),
};
const target = { provider: 'cpu', dtype: 'float16' } as const;

function samplesOf(model: Network) {
  return [{ inputs, expected: compile(model, exact)(inputs)[OUTPUT].dense(Rational.zero) }];
}

/** The same impulse response, by weights up to 80000, up to 313, and up to 2^(1/3) 283^(2/3) < 55 in two layers. */
describe('a state-space model whose residues are beyond float16', () => {
  const plain = network(shallowModel(modes, Rational.one));
  const balanced = network(shallowModel(modes, Rational.of(256)));
  const deep = network(deepModel(modes, 2, 2, prescribedTau(2, Rational.of(283))));

  test('computes the same in all three forms', () => {
    const [expected] = samplesOf(plain);
    for (const other of [balanced, deep]) {
      const [{ expected: found }] = samplesOf(other);
      found.forEach((value, t) => {
        expect(value.equals(expected.expected[t])).toBe(true);
      });
    }
  });

  test('cannot be held as it is, but balanced or factorised, with a bound and within it', async () => {
    expect(executionBounds(plain, OUTPUT, samplesOf(plain), target)).toMatchObject({
      ranges: null,
      quantisation: null,
    });
    for (const model of [balanced, deep]) {
      const finding = await runSamples(model, OUTPUT, samplesOf(model), target, {
        theorem: 'test',
        progress: () => {},
      });
      expect(finding.verdict).toBe('observed');
      const { lo, hi } = finding.enclosure!;
      expect(lo!.le(hi!)).toBe(true);
      expect(approximate(hi!)).toBeLessThan(40);
    }
  });
});

describe('a network with a weight beyond float16', () => {
  const b = new Builder();
  const numbers = (...entries: number[]) => entries.map((entry) => Rational.of(entry));
  const hidden = b.relu(b.mul(b.input('x', { entry: 2 }), b.constant(tensor([2], numbers(100_000, -90_000)), 'W_1')));
  const network = b.network({ y: b.matmul(hidden, b.constant(tensor([2, 1], numbers(1, 2)), 'W_2')) });
  const samples = [[1, -2] as const, [3, 5] as const].map((x) => {
    const value = tensor(
      [2],
      x.map((entry) => Rational.of(entry, 4096)),
    );
    return { inputs: { x: value }, expected: compile(network, exact)({ x: value }).y.dense(Rational.zero) };
  });

  test('is executed in an equivalent form, with its bound', async () => {
    const context = { theorem: 'test', progress: () => {} };
    const finding = await runSamples(network, 'y', samples, target, context);
    expect(finding).toMatchObject({ verdict: 'observed', statement: 'float16 cannot hold this network' });
    expect(finding.facts!.join()).toMatch(
      /rescaled weights .* fit float16 \(W_1 by 2\^-1, W_2 by 2\^1\): .*measured error/,
    );
    const wide = await runSamples(network, 'y', samples, { ...target, dtype: 'float32' }, context);
    expect(wide.facts!.join()).not.toMatch(/rescaled/);
  });
});

test('an input beyond a format is a reported fact, of the whole sample', async () => {
  const b = new Builder();
  const network = b.network({ y: b.relu(b.input('x', { entry: 2 })) });
  const x = tensor([2], [Rational.of(1), Rational.of(70_000)]);
  const samples = [{ inputs: { x }, expected: x.data }];
  const context = { theorem: 'test', progress: () => {} };
  const finding = await runSamples(network, OUTPUT, samples, { provider: 'cpu', dtype: 'float16' }, context);
  expect(finding).toMatchObject({
    verdict: 'observed',
    statement: 'float16 cannot hold its inputs',
    facts: ["input 'x' has an entry 70000, beyond the range of float16"],
  });
  const wider = await runSamples(network, OUTPUT, samples, { provider: 'cpu', dtype: 'float32' }, context);
  expect(wider.enclosure!.hi!.isZero()).toBe(true);
});
