import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/files/safetensors.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { answer } from './answer.js';
import { scratch } from './exhibit.js';

const folder = scratch();
const build = (file: string, ...more: string[]) =>
  answer([
    'build',
    'polynomial-memory',
    '-p',
    'p=1',
    '-p',
    'm=2',
    '-p',
    'horizon=8',
    '--data',
    '-o',
    join(folder, file),
    ...more,
  ]);

it('writes inputs and what the memory makes of them, again with the same seed', async () => {
  expect((await build('a.csv', '--seed', '3')).code).toBe(0);
  expect((await build('b.csv', '--seed', '3')).code).toBe(0);
  expect((await build('c.csv', '--seed', '4')).code).toBe(0);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => readFileSync(join(folder, `${name}.csv`), 'utf8'));
  expect(a).toBe(b);
  expect(a).not.toBe(c);
  const [header, ...rows] = a.trim().split('\n');
  expect(header).toBe('sequence,time,input,output,memory,strength');
  expect(rows).toHaveLength(64 * 8);
  const table = rows.map((row) => row.split(',').map(Number));
  for (const first of [0, 8, 504]) {
    const inputs = table.slice(first, first + 8).map(([, , input]) => input);
    for (let t = 0; t < 8; t++) {
      const expected = inputs.slice(0, t + 1).reduce((sum, x, s) => sum + x / (1 + t - s), 0);
      expect(table[first + t][3]).toBeCloseTo(expected, 14);
    }
  }
});

it('writes delayed inputs for a delay', async () => {
  const file = join(folder, 'delay.csv');
  const params = ['alpha=2', 'm=3', 'eta=1/64', 'horizon=5'].flatMap((param) => ['-p', param]);
  expect((await answer(['build', 'delay-memory', ...params, '--data', '-o', file])).code).toBe(0);
  const [, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const table = rows.map((row) => row.split(',').map(Number));
  expect(table.map(([, time, , output]) => [time, output])).toEqual(
    table.map(([, time], row) => [time, time < 2 ? 0 : table[row - 2][2]]),
  );
});

it('writes the same numbers as safetensors, and nothing for theorems without data', async () => {
  expect((await build('a.safetensors', '--seed', '3')).code).toBe(0);
  const { tensors } = readSafetensors(readFileSync(join(folder, 'a.safetensors')));
  expect([...tensors.keys()].sort()).toEqual(['input', 'memory', 'output', 'strength']);
  const memory = tensors.get('memory')!.dense(Rational.zero).map(approximate);
  expect(memory).toEqual(Array.from({ length: 8 }, (_, t) => 1 / (1 + t)));
  const without = await answer(['build', 'softmax-lipschitz', '--data', '-o', join(folder, 'x.csv')]);
  expect(without.code).toBe(3);
  expect(without.stderr).toContain('no training data for softmax-lipschitz');
});
