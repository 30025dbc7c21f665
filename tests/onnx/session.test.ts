import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Algebra, unsupported } from '../../src/evaluate/algebra.js';
import { decimal } from '../../src/evaluate/decimal.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { scaledIdentity, sizeOf, sparse, Tensor, tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { encode } from '../../src/onnx/encode.js';
import { builtProviders, openSession, type Provider, type Values } from '../../src/onnx/session.js';
import { BASIC_STEPS, RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { hasVulkan } from './gpu.js';

type RunDtype = 'float64' | 'float32' | 'float16';

/** A bound of |value| at every node, and of how much errors in the inputs of a node can grow. */
const majorant: Algebra<number> = {
  name: 'majorant',
  zero: 0,
  of: (value) => Math.abs(approximate(value)),
  add: (a, b) => a + b,
  sub: (a, b) => a + b,
  mul: (a, b) => a * b,
  min: Math.max,
  max: Math.max,
  relu: (a) => a,
  ...unsupported('majorants'),
  dot: (a, b) => a.reduce((total, x, k) => total + x * b[k], 0),
  sum: (terms) => terms.reduce((total, x) => total + x, 0),
  softmax: (z) => z.map(() => 1 + 2 * Math.max(...z)),
};

const integers = fc.integer({ min: -4, max: 4 }).map((k) => Rational.of(k));
const inputIntegers = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 27, maxLength: 27 });

describe('onnxruntime on the CPU', () => {
  test.each(['float64', 'float32', 'float16'] as const)('computes integers exactly in %s', async (dtype) => {
    const operations = RATIONAL_STEPS;
    const networks = randomNetworks({ operations, weights: integers, steps: 6 });
    await fc.assert(
      fc.asyncProperty(networks, fc.array(inputIntegers, { minLength: 1, maxLength: 3 }), async (network, batch) => {
        const everything = network.upTo(...network.nodes);
        const size = largest(compile(everything, majorant)(inputsOf(everything, () => 4)));
        fc.pre(size <= 2 ** FORMATS[dtype].precision);
        const outputs = await runBatch(network, dtype, batch);
        const evaluate = compile(network, exact);
        batch.forEach((entries, example) => {
          const expected = evaluate(inputsOf(network, (k) => Rational.of(entries[k])));
          for (const { name, node } of network.outputs) {
            const actual = slice(outputs[name], node.batched ? batch.length : 1, node.batched ? example : 0);
            expect(actual).toEqual(expected[name].dense(Rational.zero).map((entry) => approximate(entry)));
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  test('computes products with a factor that has one entry in each column', async () => {
    const b = new Builder();
    const x = b.input('x', { m: 2, n: 70 });
    const entries = Array.from({ length: 70 }, (_, k) => [((7 * k) % 40) * 70 + k, Rational.of(k - 35)] as const);
    const network = b.network({
      y: b.matmul(
        x,
        b.constant(
          sparse(
            [70, 70],
            entries.sort(([a], [c]) => a - c),
          ),
        ),
        'y',
      ),
    });
    const batch = [1, 2].map((factor) => Array.from({ length: 140 }, (_, k) => factor * (k % 9)));
    const { y } = await runBatch(network, 'float32', batch);
    const expected = batch.flatMap((row) =>
      [0, 1].flatMap((m) => Array.from({ length: 70 }, (_, k) => row[m * 70 + ((7 * k) % 40)] * (k - 35) + 0)),
    );
    expect([...y.data].map((value) => value + 0)).toEqual(expected);
  });

  test('agrees with 40 digits to a few units in the last place of float64', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomNetworks({ operations: BASIC_STEPS }),
        fc.array(inputIntegers, { minLength: 1, maxLength: 3 }),
        async (network, batch) => {
          const everything = network.upTo(...network.nodes);
          const size = largest(compile(everything, majorant)(inputsOf(everything, () => 4)));
          fc.pre(size < 1e100);
          const outputs = await runBatch(network, 'float64', batch);
          const evaluate = compile(network, decimal(40));
          const { of, zero } = decimal(40);
          batch.forEach((entries, example) => {
            const expected = evaluate(inputsOf(network, (k) => of(Rational.of(entries[k]))));
            for (const { name, node } of network.outputs) {
              const actual = slice(outputs[name], node.batched ? batch.length : 1, node.batched ? example : 0);
              expected[name].dense(zero).forEach((value, k) => {
                expect(Math.abs(value.sub(actual[k]).toNumber())).toBeLessThanOrEqual(500 * 2 ** -53 * (1 + size));
              });
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('rounds inputs to nearest even and gives outputs back as they are', async () => {
    const b = new Builder();
    const network = b.network({ y: b.relu(b.input('x', { n: 4 })) });
    const data = Float64Array.of(0.1, 2049, 2051, 2 ** -25 * 1.5);
    const run = async (dtype: RunDtype) => (await runOnce(network, dtype, { x: { dims: [1, 4], data } })).y.data;
    expect([...(await run('float16'))]).toEqual([0.0999755859375, 2048, 2052, 2 ** -24]);
    expect([...(await run('float32'))]).toEqual([...Float32Array.from(data)]);
    expect([...(await run('float64'))]).toEqual([...data]);
  });
});

describe('a session refuses, in one message,', () => {
  const b = new Builder();
  const network = b.network({ y: b.relu(b.input('x', { n: 2 })) });
  const { model } = encode(network, { dtype: 'float16' });
  const opened = openSession(model, { provider: 'cpu', threads: 1 });
  afterAll(async () => (await opened).release());

  test.each<[string, Record<string, Values>, RegExp]>([
    ['a missing input', {}, /no value for input 'x'; allowed: shape \[batch, 2\]/],
    ['an unknown input', { z: { dims: [1], data: new Float64Array(1) } }, /'z'; allowed: x/],
    ['another shape', { x: { dims: [1, 3], data: new Float64Array(3) } }, /\[1, 3\]; allowed: shape \[batch, 2\]/],
    ['data that do not fill the shape', { x: { dims: [2, 2], data: new Float64Array(3) } }, /\[2, 2\]/],
    ['an empty batch', { x: { dims: [0, 2], data: new Float64Array(0) } }, /\[0, 2\]/],
    ['NaN', { x: { dims: [1, 2], data: Float64Array.of(0, Number.NaN) } }, /entry 1 equal to NaN/],
    ['numbers beyond float16', { x: { dims: [1, 2], data: Float64Array.of(65520, 0) } }, /equal to 65520.*float16/],
  ])('%s', async (_, inputs, message) => {
    const session = await opened;
    await expect(session.run(inputs)).rejects.toThrow(message);
    await expect(session.run(inputs)).rejects.toMatchObject({ name: 'InputError' });
  });

  test('bytes that are no model', async () => {
    const opening = openSession(Uint8Array.of(1, 2, 3), { provider: 'cpu' });
    await expect(opening).rejects.toMatchObject({ name: 'InputError', message: expect.stringMatching(/protobuf/) });
  });

  test('a provider that does not exist or was not built in', async () => {
    await expect(openSession(model, { provider: 'abacus' as Provider })).rejects.toThrow(/'abacus'; allowed: cpu, /);
    if (!(await builtProviders()).includes('cuda')) {
      await expect(openSession(model, { provider: 'cuda' })).rejects.toThrow(/ONNXRUNTIME_NODE_INSTALL=cuda12/);
    }
  });
});

describe.skipIf(!hasVulkan)('onnxruntime on WebGPU', () => {
  test('agrees with the exact values of an attention head in float32', async () => {
    const b = new Builder();
    const x = b.input('x', { token: 4, coordinate: 2 });
    const offsets = tensor(
      [4, 2],
      [1, -2, 3, 0, 5, 1, 0, 2].map((k) => Rational.of(k, 8)),
    );
    const shifted = b.sub(b.matmul(x, b.constant(scaledIdentity(2, Rational.of(3, 2)))), b.constant(offsets));
    const scores = b.matmul(shifted, b.transpose(b.relu(shifted), [1, 0]));
    const network = b.network({ y: b.matmul(b.softmax(b.mul(scores, b.scalar(Rational.zero)), 1), shifted) });
    const entries = Array.from({ length: 8 }, (_, k) => Rational.of(k, 4));
    const expected = compile(network, exact)({ x: tensor([4, 2], entries) }).y.data.map((entry) => approximate(entry));
    const data = Float64Array.from(entries, (entry) => approximate(entry));
    const { y } = await runOnce(network, 'float32', { x: { dims: [1, 4, 2], data } }, 'webgpu');
    y.data.forEach((value, k) => {
      expect(Math.abs(value - expected[k])).toBeLessThanOrEqual(2 ** -21);
    });
  });

  test('runs constants that are stored sparse', async () => {
    const b = new Builder();
    const d = b.constant(scaledIdentity(3, Rational.of(2)));
    const network = b.network({ y: b.add(b.input('x', { row: 3, column: 3 }), d), s: b.reduceSum(d, 0) });
    const { y } = await runOnce(network, 'float32', { x: { dims: [1, 3, 3], data: new Float64Array(9) } }, 'webgpu');
    expect([...y.data]).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2]);
  });

  test('refuses what the device would leave to the CPU', async () => {
    const b = new Builder();
    const network = b.network({ y: b.relu(b.input('x', { n: 2 })) });
    const { model } = encode(network, { dtype: 'float64' });
    await expect(openSession(model, { provider: 'webgpu' })).rejects.toThrow(/'webgpu' lacks an operator/);
  });
});

async function runOnce(network: Network, dtype: RunDtype, inputs: Record<string, Values>, provider: Provider = 'cpu') {
  const session = await openSession(encode(network, { dtype }).model, { provider, threads: 1 });
  try {
    return await session.run(inputs);
  } finally {
    await session.release();
  }
}

/** Every input takes its entries from the front of each example. */
function runBatch(network: Network, dtype: RunDtype, batch: readonly (readonly number[])[]) {
  const inputs = network.inputs.map((node): [string, Values] => {
    const shape = sizes(node.shape);
    const data = Float64Array.from(batch.flatMap((entries) => entries.slice(0, sizeOf(shape))));
    return [node.name, { dims: [batch.length, ...shape], data }];
  });
  return runOnce(network, dtype, Object.fromEntries(inputs));
}

function inputsOf<S>(network: Network, entry: (k: number) => S) {
  return Object.fromEntries(
    network.inputs.map((node) => {
      const dims = sizes(node.shape);
      return [
        node.name,
        new Tensor(
          dims,
          Array.from({ length: sizeOf(dims) }, (_, k) => entry(k)),
        ),
      ];
    }),
  );
}

function slice({ data }: Values, parts: number, part: number): number[] {
  const length = data.length / parts;
  return [...data.subarray(part * length, (part + 1) * length)].map((value) => value + 0);
}

function largest(values: Readonly<Record<string, Tensor<number>>>): number {
  return Object.values(values).reduce((most, { data }) => data.reduce((a, b) => Math.max(a, b), most), 0);
}
