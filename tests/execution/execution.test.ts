import { beforeEach, describe, expect, test, vi } from 'vitest';
import { softMinimumNet } from '../../constructions/soft-min.js';
import type { Accuracy } from '../../src/evaluate/accuracy.js';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { intervals } from '../../src/evaluate/intervals.js';
import type { Target } from '../../src/evaluate/target.js';
import { enclosedExpectation } from '../../src/execution/drawn.js';
import { type Expectation, quantisationError, runSamples } from '../../src/execution/execution.js';
import { Builder } from '../../src/network/builder.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { approximate } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { dyadicFraction, lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';

const device = vi.hoisted(() => ({ accuracy: null as Accuracy | null }));
vi.mock(import('../../src/evaluate/accuracy.js'), async (original) => {
  const { ACCURACY } = await original();
  const cpu = () => device.accuracy ?? ACCURACY.cpu;
  return {
    ACCURACY: {
      ...ACCURACY,
      get cpu() {
        return cpu() as typeof ACCURACY.cpu;
      },
    },
  };
});
beforeEach(() => {
  device.accuracy = null;
});

const T = 8;
const context = { theorem: 'softmin-gap', progress: () => {} };

/** Inputs of 8 tokens in [0, 1] with what the network is at each, by balls. */
function samplesOf(
  beta: Rational,
  count: number,
): { network: ReturnType<typeof softMinimumNet>; samples: Expectation[] } {
  const network = softMinimumNet(T, beta);
  const A = ballIntervals(200);
  const value = compile(network, intervals(A));
  const random = lehmer(11);
  const samples = Array.from({ length: count }, () => {
    const x = new Tensor(
      [T, 1],
      Array.from({ length: T }, () => dyadicFraction(random, 8)),
    );
    const y = value({ x: x.map(A.of) }).y.data[0];
    return { inputs: { x }, expected: A.lower(y)!, uncertainty: A.upper(y)!.sub(A.lower(y)!) };
  });
  return { network, samples };
}

const run = async (beta: Rational, dtype: Target['dtype']) => {
  const { network, samples } = samplesOf(beta, 40);
  return runSamples(network, 'y', samples, { provider: 'cpu', dtype }, context);
};

describe('an execution', () => {
  test('of an output that no input reaches is compared with each sample', async () => {
    const b = new Builder();
    const x = b.input('x', { token: 2 });
    const y = b.relu(
      b.constant(
        tensor(
          [3],
          [1, -1, 2].map((n) => Rational.of(n)),
        ),
      ),
    );
    const network = b.network({ y, z: b.relu(x) });
    const inputs = { x: tensor([2], [Rational.one, Rational.zero]) };
    const samples = [1, 2, 3].map(() => ({ inputs, expected: [Rational.one, Rational.zero, Rational.of(2)] }));
    const target = { provider: 'cpu', dtype: 'float32' } as const;
    const finding = await runSamples(network, 'y', samples, target, context);
    expect(finding).toMatchObject({ verdict: 'observed' });
    expect(finding.enclosure?.lo?.isZero()).toBe(true);
  });

  test.each(['float64', 'float32', 'float16'] as const)('in %s stays within quantisation + rounding', async (dtype) => {
    const finding = await run(Rational.of(1001, 10), dtype);
    expect(finding.verdict).toBe('observed');
    const term = (id: string) => finding.steps.find((step) => step.id === id)!.enclosure!.hi!;
    const [measured, bound] = [finding.enclosure!.lo!, finding.enclosure!.hi!];
    expect(measured.le(bound)).toBe(true);
    expect(bound.le(term('quantisation').add(term('rounding')))).toBe(true);
    expect(term('measured').equals(measured)).toBe(true);
    expect(measured.sign()).toBe(1);
    const slack = approximate(bound.div(measured));
    expect(slack).toBeGreaterThan(1);
    expect(slack).toBeLessThan(dtype === 'float16' ? 200 : 60);
  });

  test('of exact weights has no quantisation error', async () => {
    const { network, samples } = samplesOf(Rational.of(64), 5);
    const error = quantisationError(network, 'y', samples, FORMATS.bfloat16)!;
    expect(approximate(error)).toBeLessThan(1e-12);
    expect(quantisationError(network, 'y', samplesOf(Rational.of(70000), 5).samples, FORMATS.float16)).not.toBeNull();
    expect(quantisationError(softMinimumNet(T, Rational.of(70000)), 'y', samples, FORMATS.float16)).toBeNull();
  });

  test('whose values may overflow has no bound and is still measured', async () => {
    const network = softMinimumNet(T, Rational.of(65000));
    const { samples } = samplesOf(Rational.of(65000), 5);
    const doubled = samples.map(({ inputs, expected }) => ({
      inputs: { x: inputs.x.map((entry) => entry.add(Rational.of(2))) },
      expected: (expected as Rational).add(Rational.of(2)),
    }));
    const finding = await runSamples(network, 'y', doubled, { provider: 'cpu', dtype: 'float16' }, context);
    expect(finding).toMatchObject({ verdict: 'observed', predicted: null });
    expect(finding.statement).toMatch(/may overflow/);
  });
});

test('an input at which no number bounds the output leaves an execution open', () => {
  const b = new Builder();
  const x = b.input('x', { axis: 1 });
  const tower = b.apply('exp', b.apply('exp', b.mul(x, b.constant(tensor([], [Rational.of(1000)])))));
  const value = enclosedExpectation(ballIntervals(256), b.network({ y: b.add(tower, b.relu(x)) }));
  expect(value({ x: tensor([1], [Rational.zero]) }).expected).toHaveLength(1);
  expect(() => value({ x: tensor([1], [Rational.one]) })).toThrow(UnsupportedOperation);
});

/** In float64 the arithmetic of the bounds is as coarse as the device: there a bound cannot be that much too small. */
describe('a bound that is too small', () => {
  const broken: Accuracy = {
    basic: 2 ** -12,
    quotient: 2 ** -12,
    exactReciprocals: true,
    functions: null,
    exp: { ulps: 0, perUnit: 0, exactAtZero: true },
    flushes: false,
    source: 'made up',
    assumed: {},
  };

  test.each(['float32', 'float16'] as const)('is caught in %s', async (dtype) => {
    device.accuracy = broken;
    const finding = await run(Rational.of(1001, 10), dtype);
    expect(finding.verdict).toBe('refuted');
    expect(finding.facts!.join()).toMatch(/outputs lie outside their bounds/);
  });
});
