import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { filled, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { encode } from '../../src/onnx/encode.js';
import { exhibit } from './exhibit.js';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-'));
const rational = join(folder, 'rational.json');
const smooth = join(folder, 'smooth.onnx');

const b = new Builder();
const x = b.input('x', { n: 2 });
const y = b.matmul(x, b.constant(tensor([2, 1], [Rational.of(1, 3), Rational.of(-2)])));
writeFileSync(rational, [...canonicalForm(b.network({ y: b.relu(y) }))].join(''));
const c = new Builder();
const z = c.input('z', { n: 2 });
const sum = c.matmul(z, c.constant(filled([2, 1], Rational.one)));
writeFileSync(
  smooth,
  encode(c.network({ e: c.apply('exp', sum), l: c.apply('log', sum) }), { dtype: 'float64' }).model,
);

const evaluate = async (model: string, input: string, ...flags: string[]) => {
  const { stdout, code } = await exhibit(['evaluate', model, '--input', '-', ...flags], { stdin: input });
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('evaluate', () => {
  test('is exact where the network is rational', async () => {
    const { outputs, mode } = await evaluate(rational, '[0.1, "-1/3"]', '--exact');
    expect([outputs, mode]).toEqual([{ y: ['7/10'] }, 'exact']);
    expect((await evaluate(rational, '[[1, 0], [0, 1]]', '--exact')).outputs).toEqual({ y: [['1/3'], ['0']] });
  });

  test('rounds once to the digits asked for', async () => {
    const { outputs } = await evaluate(smooth, '{"z": [0.5, 0.5]}', '--digits', '40');
    expect(outputs).toEqual({ e: ['2.718281828459045235360287471352662497757'], l: ['0'] });
    expect((await evaluate(rational, '[1, 0]', '--digits', '5')).outputs).toEqual({ y: ['0.33333'] });
  });

  test('ends with the time limit, without outputs', async () => {
    const squares = join(folder, 'squares.json');
    const d = new Builder();
    let square = d.input('x', { n: 1 });
    for (let k = 0; k < 60; k++) square = d.mul(square, square);
    writeFileSync(squares, [...canonicalForm(d.network({ y: square }))].join(''));
    const call = ['evaluate', squares, '--input', '-', '--exact', '--time-limit', '0.1'];
    const { stdout, stderr, code } = await exhibit(call, { stdin: '[0.3]' });
    expect([code, JSON.parse(stdout).outputs]).toEqual([2, null]);
    expect(stderr).toBe('note: the time limit ended the evaluation; there are no outputs in part\n');
  });

  test('encloses', async () => {
    const { outputs } = await evaluate(smooth, '[1, 1]', '--enclose', '--digits', '10');
    expect(outputs).toEqual({ e: [['7.389056098', '7.389056099']], l: [['0.6931471805', '0.6931471806']] });
  });

  test.each<[string, string, string, readonly string[], RegExp]>([
    ['an irrational value exactly', smooth, '[1, 1]', ['--exact'], /--exact'.*irrational or undefined.*--enclose/],
    ['a logarithm of a negative number', smooth, '[-1, 0]', [], /'e' \[1\], 'l' \[1\].*not known to be defined/],
    ['another shape', rational, '[[1, 2, 3]]', [], /input 'x' of shape \[1, 3\]; allowed: \[2\]/],
    ['another name', rational, '{"q": [1, 2]}', [], /a value for 'q'; allowed: 'x'/],
    ['no numbers', rational, '["a", 1]', [], /field 'x'.*'a'/],
    ['both ways', rational, '[1, 2]', ['--exact', '--enclose'], /cannot be used with/],
  ])('refuses %s in one message', async (_, model, input, flags, message) => {
    const { stderr, code } = await exhibit(['evaluate', model, '--input', '-', ...flags], { stdin: input });
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
  });
});
