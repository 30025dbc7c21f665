import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { adderNet } from '../../constructions/adder.js';
import { lehmer } from '../../src/numbers/random.js';
import { writeNetwork } from '../../src/onnx/network-file.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const n = NIGHTLY ? 10 : 3;
const PAIRS = 1000;
const folder = mkdtempSync(join(tmpdir(), 'exhibit-decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reversed = (value: bigint, length: number) => [...value.toString().padStart(length, '0')].reverse().join(' ');

it(`onnxruntime writes the sum of ${PAIRS} pairs of ${n} digits by the loop of examples/decode.mjs`, async () => {
  const path = join(folder, 'adder.onnx');
  await writeNetwork(path, adderNet({ n }).network, { dtype: 'float32', metadata: {} });
  const random = lehmer(7);
  const number = () => BigInt(Math.floor(random() * 10 ** n));
  const pairs = [
    ...Array.from({ length: PAIRS - 1 }, () => [number(), number()] as const),
    [1n, BigInt(10 ** n) - 1n] as const,
  ];
  const prompts = pairs.map(([a, b]) => `12 ${reversed(a, n)} 10 ${reversed(b, n)} 11`).join('\n');
  const { stdout, status } = spawnSync('node', ['examples/decode.mjs', path, `${n + 1}`], {
    input: prompts,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toEqual(pairs.map(([a, b]) => reversed(a + b, n + 1)));
});

it('it runs models with integers as tokens and free lengths', () => {
  const input = '12 3 4 5 10 5 8 9 11\n12 9 9 9 10 1 0 0 11\n';
  for (const name of ['adder', 'adder-free']) {
    const file = `tests/onnx/fixtures/tokens/${name}.onnx`;
    const { stdout } = spawnSync('node', ['examples/decode.mjs', file, '4'], { input, encoding: 'utf8' });
    expect(stdout).toBe('8 2 5 1\n0 0 0 1\n');
  }
});
