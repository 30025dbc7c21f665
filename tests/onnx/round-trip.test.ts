import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { sha256 } from '../../src/network/canonical.js';
import { isOp, type Network } from '../../src/network/network.js';
import { scaledIdentity, sparse, tensor } from '../../src/network/tensor.js';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { decode } from '../../src/onnx/decode.js';
import { encode } from '../../src/onnx/encode.js';
import { ALL_STEPS, randomNetworks } from '../generators/networks.js';

const DTYPES = ['float64', 'float32', 'float16'] as const;

const third = Rational.of(1, 3);

/** Entry k + 1 of column k, in the row that is chosen for it. */
function choosing(height: number, rows: readonly number[]) {
  return sparse(
    [height, rows.length],
    rows.map((row, k) => [row * rows.length + k, Rational.of(k + 1)] as const).sort(([a], [b]) => a - b),
  );
}

describe('decode(encode(network))', () => {
  test.each(DTYPES)('is the same network in %s when its weights are numbers of that format', (dtype) => {
    fc.assert(
      fc.property(randomNetworks(), (network) => {
        const metadata = { theorem: 'none', params: '{"T":3}' };
        const back = decode(encode(network, { dtype, metadata }).model);
        expect(back.dtype).toBe(dtype);
        expect(back.metadata).toEqual(metadata);
        expect(sha256(back.network)).toBe(sha256(network));
        expect(described(back.network)).toEqual(described(network));
      }),
      { numRuns: 300 },
    );
  });

  test('the random networks use every operation', () => {
    const seen = new Set(fc.sample(randomNetworks(), 500).flatMap((network) => network.nodes.map(({ op }) => op)));
    expect([...seen].sort()).toEqual([...ALL_STEPS, 'input'].sort());
  });

  test.each(DTYPES)('has each weight rounded to the nearest number of %s', (dtype) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer({ min: 1 })), { minLength: 1 }), (fractions) => {
        const weights = fractions.map(([p, q]) => Rational.of(p, BigInt(q) * 2n ** 20n));
        const b = new Builder();
        const w = b.constant(tensor([weights.length], weights), 'w');
        const back = decode(encode(b.network({ w }), { dtype }).model).network.find('w')!;
        const expected = weights.map((weight) => fromFloat(toFloat(weight, FORMATS[dtype], 'nearest')).toString());
        expect(isOp(back, 'constant') && back.attributes.value.data.map(String)).toEqual(expected);
      }),
    );
  });
});

describe('names', () => {
  test('of inner nodes give way to those of outputs', () => {
    const b = new Builder();
    const x = b.input('x', { n: 2 });
    const y = b.relu(x, 'y');
    const network = b.network({ y: b.add(y, x, 'z'), z: y });
    const back = decode(encode(network, { dtype: 'float64' }).model).network;
    expect(sha256(back)).toBe(sha256(network));
    expect(back.outputs.map(({ name }) => name)).toEqual(['y', 'z']);
  });

  test('of outputs that look like numbers keep their order', () => {
    const b = new Builder();
    const x = b.input('x', { n: 2 });
    const network = b.network({ b: b.relu(x), 7: x, 3: b.add(x, x) });
    expect(sha256(decode(encode(network, { dtype: 'float64' }).model).network)).toBe(sha256(network));
  });

  test('shared by an input and an output that is something else are refused', () => {
    const b = new Builder();
    const x = b.input('x', { n: 2 });
    expect(() => encode(b.network({ x: b.relu(x) }), { dtype: 'float64' })).toThrow(/named 'x'.*rename the output/);
  });
});

describe('constants', () => {
  test('a diagonal factor is stored by its diagonal, whatever its entries', () => {
    const b = new Builder();
    const x = b.input('x', { n: 500 });
    const diagonal = Array.from({ length: 500 }, (_, k) => [k * 501, Rational.of(k % 3)] as const);
    const network = b.network({ y: b.matmul(x, b.constant(sparse([500, 500], diagonal), 'D', 'structure')) });
    const { model } = encode(network, { dtype: 'float64' });
    expect(model.length).toBeLessThan(500 * 8 + 500);
    const back = decode(model).network;
    expect(sha256(back)).toBe(sha256(network));
    expect(back.find('D')).toMatchObject({ attributes: { role: 'structure', value: { data: { length: 500 } } } });
  });

  test('a diagonal that is also used otherwise stays a matrix', () => {
    const b = new Builder();
    const x = b.input('x', { n: 50 });
    const d = b.constant(scaledIdentity(50, Rational.of(3)), 'D');
    const network = b.network({ y: b.matmul(x, d), d, s: b.reduceSum(d, 0) });
    const { model } = encode(network, { dtype: 'float64' });
    expect(model.length).toBeLessThan(50 * 24 + 1000);
    expect(sha256(decode(model).network)).toBe(sha256(network));
  });

  test('a factor with one entry in each column is written as a choice of entries and their scaling', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 79 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(rows, fc.boolean(), (chosen, isShared) => {
        const b = new Builder();
        const x = b.input('x', { m: 3, n: 80 });
        const W = b.constant(choosing(80, chosen), 'W');
        const product = b.matmul(x, W, 'product');
        const other = isShared ? b.matmul(b.relu(x), W) : b.relu(product);
        const network = b.network({ y: b.add(product, other) });
        const { model } = encode(network, { dtype: 'float64' });
        expect(model.length).toBeLessThan(60 * 8 + (isShared ? 2 : 1) * 60 * 8 + 1500);
        const back = decode(model).network;
        expect(sha256(back)).toBe(sha256(network));
        expect(described(back)).toEqual(described(network));
      }),
      { numRuns: 50 },
    );
  });

  test('a factor with one entry in each column that is also used otherwise stays a matrix', () => {
    const b = new Builder();
    const x = b.input('x', { m: 3, n: 80 });
    const W = b.constant(
      choosing(
        80,
        Array.from({ length: 80 }, (_, k) => 79 - k),
      ),
      'W',
    );
    const network = b.network({ y: b.matmul(x, W), z: b.reduceSum(W, 0) });
    const back = decode(encode(network, { dtype: 'float64' }).model).network;
    expect(sha256(back)).toBe(sha256(network));
  });

  test('a weight beyond the range of the format is refused by name, value and range', () => {
    const b = new Builder();
    const w = b.constant(tensor([2], [Rational.one, Rational.of(-65520)]), 'W_O');
    const network = b.network({ w });
    expect(() => encode(network, { dtype: 'float16' })).toThrow(/'W_O'.*-65520.*float16.*65504/);
    expect(() => encode(network, { dtype: 'float32' })).not.toThrow();
    const below = new Builder();
    const fits = below.constant(tensor([1], [Rational.of(65520).sub(third)]), 'w');
    expect(() => encode(below.network({ fits }), { dtype: 'float16' })).not.toThrow();
  });

  test('a recurrence whose matrix depends on an input is refused', () => {
    const b = new Builder();
    const x = b.matmul(b.input('x', { n: 2, m: 2 }), b.constant(scaledIdentity(2)));
    const network = b.network({ h: b.recurrence(x, x, b.constant(scaledIdentity(2)), 'h') });
    expect(() => encode(network, { dtype: 'float64' })).toThrow(/matrices of the recurrence 'h'/);
  });
});

/** What a file keeps beside the canonical form: names, roles, and how tensors are stored. */
function described(network: Network) {
  return network.nodes.map((node) => ({
    name: node.name,
    stored: isOp(node, 'constant') && node.attributes.value.data.length,
    role: isOp(node, 'constant') && node.attributes.role,
  }));
}
