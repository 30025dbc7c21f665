import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { softMinimumNet } from '../../constructions/soft-min.js';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { Rational } from '../../src/numbers/rational.js';
import { encode, openSession, type Provider } from '../../src/onnx/index.js';
import { exhibit, INSTANCES, scratch } from '../cli/exhibit.js';
import { hasVulkan } from './gpu.js';

const folder = scratch();

/** Claims of an audit by id. */
interface Claims {
  readonly [id: string]: {
    readonly verdict: string;
    readonly enclosure: [string, string];
    readonly steps: readonly { readonly id: string; readonly enclosure: [string | null, string] }[];
  };
}

async function verified(args: readonly string[]): Promise<Claims> {
  const { stdout, stderr, code } = await exhibit(['verify', ...args, '--json', '--quiet']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return Object.fromEntries(JSON.parse(stdout).claims.map((claim: { id: string }) => [claim.id, claim]));
}

describe.skipIf(!hasVulkan)('on WebGPU in float32', () => {
  const target = ['--provider', 'webgpu', '--dtype', 'float32'];
  const task = ['T=8', 'd=1', 'eps=1/20', 'features=["x1"]', 'positions=["1..4"]', 'readout=z1'];

  test.each<[string, readonly string[]]>([
    ['soft minimum', ['softmin-gap', '-p', 'T=64', '-p', 'beta=100.1']],
    ['memorised data', [join(INSTANCES, 'memorize-one-sequence.yaml')]],
    ['retrieval', ['multi-head-retrieval', ...task.flatMap((param) => ['-p', param])]],
  ])('the %s is observed within its bound', async (_, instance) => {
    const claims = await verified([...instance, ...target]);
    const { verdict, enclosure, steps } = claims['execution.webgpu.float32'];
    expect(verdict).toBe('observed');
    expect(Number(enclosure[0])).toBeLessThanOrEqual(Number(enclosure[1]));
    expect(steps.map(({ id }) => id)).toEqual(['approximation', 'quantisation', 'rounding', 'measured']);
  });

  test('a model runs, with one line on stdout and nothing on stderr', async () => {
    const model = join(folder, 'soft-minimum.onnx');
    await exhibit(['build', 'softmin-gap', '-p', 'T=4', '-p', 'beta=1e6', '--dtype', 'float32', '-o', model]);
    const run = ['run', model, '--input', '-', '--provider', 'webgpu'];
    const { stdout, stderr, code } = await exhibit(run, { stdin: '[[[0.5], [0.25], [0.75], [1]]]' });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ provider: 'webgpu', dtype: 'float32', outputs: { y: [[0.25]] } });
  });

  test('float64 is refused, with one message', async () => {
    const { stdout, stderr, code } = await exhibit([
      ...[
        'verify',
        'softmin-gap',
        '-p',
        'T=4',
        '-p',
        'beta=2',
        '--provider',
        'webgpu',
        '--dtype',
        'float64',
        '--quiet',
      ],
    ]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 });
    expect(stderr).toMatch(
      /^error: [^\n]*'webgpu' lacks an operator[^\n]*choose the provider 'cpu', or the dtype float32\n$/,
    );
  });
});

describe('without a Vulkan driver', () => {
  test.runIf(process.platform === 'linux')('WebGPU is refused with one message that says how to mend it', async () => {
    const env = { VK_DRIVER_FILES: join(folder, 'missing.json') };
    const args = ['verify', 'softmin-gap', '-p', 'T=4', '-p', 'beta=2', '--provider', 'webgpu', '--quiet'];
    const { stdout, stderr, code } = await exhibit(args, { env });
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 });
    expect(stderr).toMatch(/^error: onnxruntime \(webgpu\): no Vulkan driver[^\n]*VK_DRIVER_FILES[^\n]*\n$/);
  });
});

/**
 * With logits (x, 0) and x < -17 the sum of the powers rounds to 1 in float32, so the share of the first is exp(x) as
 * the provider computes it, and with values (1, 0) so is the soft minimum's mean.
 */
async function expErrors(provider: Provider, xs: readonly number[]): Promise<number[]> {
  const session = await openSession(encode(softMinimumNet(2, Rational.one), { dtype: 'float32' }).model, { provider });
  try {
    const data = Float64Array.from(xs.flatMap((x) => [-x, 0]));
    const { y } = await session.run({ x: { dims: [xs.length, 2, 1], data } });
    return xs.map((x, k) => {
      const exact = Math.exp(x);
      const ulp = 2 ** (Math.floor(Math.log2(exact)) - 23);
      return Math.abs(y.data[k] / -x - exact) / ulp;
    });
  } finally {
    await session.release();
  }
}

describe('exp in float32 is as accurate as stated', () => {
  const xs = Array.from({ length: 5_000 }, (_, k) => Math.fround(-18 - (65 * k) / 5_000));
  const providers: readonly (readonly [Provider & keyof typeof ACCURACY, boolean])[] = [
    ['cpu', true],
    ['webgpu', hasVulkan],
  ];

  for (const [provider, isHere] of providers) {
    test.skipIf(!isHere)(`by the provider ${provider}`, async () => {
      const { ulps, perUnit } = ACCURACY[provider].exp;
      const errors = await expErrors(provider, xs);
      // The share is multiplied by the value and divided by it again: one ulp more.
      expect(errors.filter((error, k) => !(error <= ulps + perUnit * -xs[k] + 1))).toEqual([]);
    });
  }
});
