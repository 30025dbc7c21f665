import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeNpy } from '../../src/onnx/index.js';
import { answer } from './answer.js';
import { exhibit, INSTANCES, scratch } from './exhibit.js';

const folder = scratch();
const SMALL = join(INSTANCES, 'memorize-duplicates.yaml');

/** The three sequences of duplicates.csv and their labels, as doubles. */
const SEQUENCES = [
  [[0.5], [1 / 3]],
  [[0.25], [-2]],
  [[100], [0]],
];
const LABELS = [7, 1e-3, -1];

async function build(name: string, ...flags: string[]): Promise<{ path: string; sha256: string }> {
  const path = join(folder, name);
  const { code, stdout, stderr } = await answer(['build', SMALL, '-o', path, '--json', ...flags]);
  expect([code, stderr.trim()]).toEqual([0, 'note: 2 duplicate sequences with equal labels were merged']);
  const { files, sha256, parameters } = JSON.parse(stdout);
  expect([files, parameters]).toEqual([[path], 18]);
  return { path, sha256 };
}

async function run(args: readonly string[], stdin?: string): Promise<{ outputs: { y: number[][] }; dtype: string }> {
  const { code, stdout, stderr } = await (stdin === undefined
    ? answer(['run', ...args, '--json'])
    : exhibit(['run', ...args, '--json'], { stdin }));
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe.concurrent('build, then run', () => {
  // The largest intermediate value is about 64 * 100, so that errors stay within some units of 2^13 u.
  test.each([
    ['float64', 2 ** -36],
    ['float32', 2 ** -7],
    ['float16', 2 ** 6],
  ])('%s reproduces the labels up to its rounding', async (dtype, tolerance) => {
    const { path } = await build(`${dtype}.onnx`, '--dtype', dtype);
    const result = await run([path, '--input', '-'], JSON.stringify(SEQUENCES));
    expect(result.dtype).toBe(dtype);
    result.outputs.y.forEach(([value], k) => {
      expect(Math.abs(value - LABELS[k])).toBeLessThan(tolerance);
    });
  });

  test('inputs come as JSON, by name, as npy and on stdin, with the same outputs', async () => {
    const { path } = await build('inputs.onnx');
    const [json, named, npy] = ['array.json', 'named.json', 'array.npy'].map((name) => join(folder, name));
    writeFileSync(json, JSON.stringify(SEQUENCES));
    writeFileSync(named, JSON.stringify({ x: SEQUENCES }));
    writeFileSync(npy, writeNpy({ dims: [3, 2, 1], data: Float64Array.from(SEQUENCES.flat(2)) }));
    const results = await Promise.all([json, named, npy].map((file) => run([path, '--input', file])));
    const piped = await run([path, '--input', '-'], JSON.stringify(SEQUENCES));
    for (const { outputs } of results) expect(outputs).toEqual(piped.outputs);
  });

  test('without --json the outputs are one line on stdout', async () => {
    const { path } = await build('line.onnx');
    const { stdout } = await exhibit(['run', path, '--input', '-'], { stdin: '[[[100],[0]]]' });
    expect(stdout).toMatch(/^\{"outputs":\{"y":\[\[-1(\.0\d*|\b)?.*\]\]\},"provider":"cpu","dtype":"float64".*\}\n$/);
  });
});

describe.concurrent('build, then verify --network', () => {
  const verify = (path: string, instance = SMALL) =>
    answer(['verify', instance, '--network', path, '--dtype', 'float64', '--json']);

  test('the exact numbers in .json are the network', async () => {
    const { path, sha256 } = await build('exact.json');
    const { code, stdout } = await verify(path);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'proved', network: { sha256, parameters: 18 } });
  });

  test('dyadic weights survive the rounding to .onnx', async () => {
    const instance = join(INSTANCES, 'memorize-seattle.yaml');
    const path = join(folder, 'weather.onnx');
    const { sha256 } = JSON.parse((await answer(['build', instance, '-o', path, '--json'])).stdout);
    const { code, stdout } = await verify(path, instance);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'proved', network: { sha256 } });
  });

  test('weights that no float holds are other weights, and the memory is lost', async () => {
    const { path, sha256 } = await build('rounded.onnx', '--dtype', 'float32');
    const { code, stdout } = await verify(path);
    expect(code).toBe(1);
    const result = JSON.parse(stdout);
    expect(result.network.sha256).not.toBe(sha256);
    const error = result.claims.find(({ id }: { id: string }) => id === 'error');
    expect(error.verdict).toBe('refuted');
    expect(Number(error.enclosure[0])).toBeGreaterThan(0);
  });

  test('an edited weight is noticed, and the witness is the row that it spoils', async () => {
    const { path } = await build('whole.json');
    const edited = join(folder, 'edited.json');
    // The output bias is the label of the sequence with the least projection: all labels move by 1.
    const text = readFileSync(path, 'utf8');
    const bias = [...text.matchAll(/"shape":\[1\],"dense":\["(-?\d+(?:\/\d+)?)"\]/g)].at(-1)!;
    expect(LABELS.map(String).concat('1/1000')).toContain(bias[1]);
    writeFileSync(edited, text.replace(bias[0], bias[0].replace(bias[1], '5')));
    const { code, stdout } = await verify(edited);
    expect(code).toBe(1);
    const verdicts = Object.fromEntries(
      JSON.parse(stdout).claims.map(({ id, verdict }: { id: string; verdict: string }) => [id, verdict]),
    );
    expect(verdicts).toMatchObject({ embedding: 'proved', error: 'refuted', parameters: 'proved' });
  });

  test('a network of another theorem proves nothing', async () => {
    const path = join(folder, 'hat.json');
    const params = ['f=x^2', 'a=0', 'b=1', 'N=4'].flatMap((text) => ['-p', text]);
    expect((await answer(['build', 'hat-interpolation', ...params, '-o', path])).code).toBe(0);
    const { code, stdout } = await verify(path);
    expect([1, 2, 3]).toContain(code);
    expect(stdout).not.toContain('"verdict": "observed"');
  });
});

test('.safetensors holds the constants and says where they come from', async () => {
  const { path, sha256 } = await build('weights.safetensors', '--dtype', 'float32');
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  expect(metadata).toMatchObject({ theorem: 'single-head-memorization', sha256, dtype: 'float32' });
  expect(JSON.parse(metadata.params)).toEqual({ T: '2', d: '1', data: 'duplicates.csv' });
  expect(tensors.get('output.weight')?.shape).toEqual([3, 1]);
});

test('the same instance gives the same bytes', async () => {
  const [a, b] = [await build('first.onnx'), await build('second.onnx')];
  expect(readFileSync(a.path).equals(readFileSync(b.path))).toBe(true);
  expect(a.sha256).toBe(b.sha256);
});

test('long sequences, T = 1024 and d = 2, in ten seconds', async () => {
  const [T, d, N] = [1024, 2, 8];
  const rows = Array.from({ length: N }, (_, k) =>
    Array.from({ length: T * d + 1 }, (_, j) => ((k + 1) * (j + 3)) % 97),
  );
  const header = Array.from({ length: T * d + 1 }, (_, j) => `c${j}`);
  writeFileSync(join(folder, 'long.csv'), [header, ...rows].map((row) => row.join(',')).join('\n'));
  const params = [`T=${T}`, `d=${d}`, 'data=long.csv'].flatMap((text) => ['-p', text]);
  const surroundings = { cwd: folder, env: { NODE_OPTIONS: '--max-old-space-size=1024' } };
  const built = await exhibit(['build', 'single-head-memorization', ...params, '-o', 'long.onnx'], surroundings);
  expect(built).toMatchObject({ code: 0, stderr: '' });
  const input = JSON.stringify(rows.map((row) => Array.from({ length: T }, (_, t) => row.slice(t * d, (t + 1) * d))));
  const ran = await exhibit(['run', 'long.onnx', '--input', '-'], { ...surroundings, stdin: input });
  const { outputs } = JSON.parse(ran.stdout);
  expect(outputs.y.flat()).toEqual(rows.map((row) => row.at(-1)));
  expect(built.seconds + ran.seconds).toBeLessThan(60);
});
