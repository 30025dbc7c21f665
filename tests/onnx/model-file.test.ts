import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { uniformHead } from '../../constructions/uniform-head.js';
import { Builder } from '../../src/network/builder.js';
import { sha256 } from '../../src/network/canonical.js';
import { filled, sparse, tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { openSession, readModel, writeModel } from '../../src/onnx/index.js';

const directory = mkdtempSync(join(tmpdir(), 'exhibit-'));
afterAll(() => rmSync(directory, { recursive: true }));

const eighth = (k: number) => Rational.of(k % 97, 8);

/** y = x W + S with W dense and S sparse, both large enough to go to another file. */
function network() {
  const b = new Builder();
  const x = b.input('x', { row: 40, column: 40 });
  const w = b.constant(
    tensor(
      [40, 40],
      Array.from({ length: 1600 }, (_, k) => eighth(k)),
    ),
    'W',
  );
  const pairs = Array.from({ length: 400 }, (_, k) => [k * 3, eighth(k)] as const);
  return b.network({ y: b.add(b.matmul(x, w), b.constant(sparse([40, 40], pairs), 'S')) });
}

describe('writeModel and readModel', () => {
  test('give the same network back, and its metadata', () => {
    const path = join(directory, 'inline.onnx');
    const metadata = { theorem: 'retrieval', network: sha256(network()) };
    expect(writeModel(path, network(), { dtype: 'float32', metadata })).toEqual([path]);
    const back = readModel(path);
    expect(sha256(back.network)).toBe(metadata.network);
    expect(back).toMatchObject({ dtype: 'float32', metadata });
  });

  test('keep large weights in a file beside the model, where onnxruntime finds them', async () => {
    const path = join(directory, 'split.onnx');
    const written = writeModel(path, network(), { dtype: 'float64', largestInline: 1000 });
    expect(written).toEqual([path, `${path}.data`]);
    expect(statSync(path).size).toBeLessThan(2000);
    expect(sha256(readModel(path).network)).toBe(sha256(network()));
    const session = await openSession(path, { provider: 'cpu' });
    const data = new Float64Array(1600);
    data[0] = 1;
    const { y } = await session.run({ x: { dims: [1, 40, 40], data } });
    await session.release();
    expect([...y.data.subarray(0, 3)]).toEqual([0, 1 / 8, 2 / 8]);
    expect([...y.data.subarray(40, 46)]).toEqual([0, 0, approximate(eighth(14)), 0, 0, approximate(eighth(15))]);
  });

  test('leave nothing behind when a weight does not fit the format', () => {
    const b = new Builder();
    const big = b.constant(filled([1000], Rational.of(70000)), 'w');
    const into = join(directory, 'empty');
    mkdirSync(into);
    const write = () => writeModel(join(into, 'm.onnx'), b.network({ big }), { dtype: 'float16', largestInline: 0 });
    expect(write).toThrow(/'w'.*70000/);
    expect(readdirSync(into)).toEqual([]);
  });

  test('name the file in one message when it is missing, no file, foreign, or cannot be written', () => {
    const foreign = join(directory, 'foreign.onnx');
    writeFileSync(foreign, 'theorem: retrieval\n');
    expect(() => readModel(join(directory, 'none.onnx'))).toThrow(
      /none\.onnx: cannot be read: no such file or directory/,
    );
    expect(() => readModel(directory)).toThrow(/no plain file/);
    expect(() => readModel(foreign)).toThrow(/foreign\.onnx: not an ONNX model/);
    const nowhere = join(directory, 'none', 'm.onnx');
    expect(() => writeModel(nowhere, network(), { dtype: 'float64' })).toThrow(
      /m\.onnx: cannot be written: no such file or directory/,
    );
  });
});

test('uniform attention over 1024 tokens is a small file that runs in seconds and under a gigabyte', async () => {
  const [T, d] = [1024, 2];
  const b = new Builder();
  const network = b.network({ y: uniformHead(b, b.input('x', { token: T, coordinate: d })) });
  const path = join(directory, 'uniform.onnx');
  const start = performance.now();
  expect(writeModel(path, network, { dtype: 'float64' })).toEqual([path]);
  expect(statSync(path).size).toBeLessThan(2 ** 17);
  expect(sha256(readModel(path).network)).toBe(sha256(network));
  const session = await openSession(path, { provider: 'cpu' });
  const data = Float64Array.from({ length: T * d }, (_, k) => k / (T * d));
  const { y } = await session.run({ x: { dims: [1, T, d], data } });
  await session.release();
  expect([...y.data]).toEqual([...data]);
  expect(performance.now() - start).toBeLessThan(60_000);
  expect(process.memoryUsage.rss()).toBeLessThan(2 ** 30);
});
