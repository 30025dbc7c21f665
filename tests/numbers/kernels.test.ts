import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { convolve, convolvePlainly } from '../../src/numbers/kernels/convolution.js';
import { multiply, multiplyPlainly } from '../../src/numbers/kernels/product.js';
import { cases, stream } from './samples.js';

const random = stream(61);
const KINDS = [
  () => random() - 0.5,
  () => (random() < 0.3 ? 0 : (random() - 0.5) * 2 ** (60 * random() - 30)),
  () => (random() - 0.5) * 2 ** (-500 - 40 * random()),
  () => (random() < 0.02 ? 2 ** 1000 : -random()),
  () => (random() < 0.01 ? Number.POSITIVE_INFINITY : random() - 0.5),
];

test('the product in WebAssembly is that of the loop in JavaScript, bit by bit', () => {
  for (let n = 0; n < cases(40, 4000); n++) {
    const [rows, inner, columns] = [1, 2, 3].map(() => 20 + Math.floor(random() * 60));
    const of = KINDS[n % KINDS.length];
    const [a, b, c] = [rows * inner, inner * columns, rows * columns].map((size) =>
      Float64Array.from({ length: size }, of),
    );
    const [quick, plain] = [Float64Array.from(c), Float64Array.from(c)];
    multiply(quick, a, b, { rows, inner, columns });
    multiplyPlainly(plain, a, b, { rows, inner, columns });
    const differs = quick.findIndex((x, k) => !Object.is(x, plain[k]));
    expect(differs, `${rows} x ${inner} x ${columns}`).toBe(-1);
  }
});

test('one product after another finds nothing of the one before', () => {
  const ones = (size: number) => new Float64Array(size).fill(1);
  const large = new Float64Array(100 * 100);
  multiply(large, ones(100 * 80).fill(Number.NaN), ones(80 * 100), { rows: 100, inner: 80, columns: 100 });
  const small = new Float64Array(33 * 35);
  multiply(small, ones(33 * 37), ones(37 * 35), { rows: 33, inner: 37, columns: 35 });
  expect(small.every((x) => x === 37)).toBe(true);
});

test('convolutions in WebAssembly are those of the loop in JavaScript, bit by bit', () => {
  for (let n = 0; n < cases(200, 20_000); n++) {
    const length = 1 + Math.floor(40 * random());
    const kind = KINDS[n % 4];
    const pairs = Array.from({ length: 1 + Math.floor(4 * random()) }, () => {
      const width = 1 + Math.floor(3 * random());
      const vectors = () => Float64Array.from({ length: width * length }, () => Math.abs(kind()));
      return [vectors(), vectors()] as const;
    });
    const [quick, plain] = [convolve, convolvePlainly].map((way) => way(pairs, length));
    expect([...quick.sums]).toEqual([...plain.sums]);
    expect(quick.present).toBe(plain.present);
  }
});

test('EXHIBIT_WASM=0 switches it off', () => {
  const code = `
    let made = 0;
    const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module { constructor(...all) { super(...all); made++; } };
    const { multiplyIntervals } = await import('./dist/src/api/numbers.js');
    const n = 40;
    const a = { rows: n, columns: n, mid: new Float64Array(n * n).fill(1 / 3), rad: new Float64Array(n * n) };
    const { mid, rad } = multiplyIntervals(a, a);
    console.log(made, mid[5], rad[5]);
  `;
  const run = (EXHIBIT_WASM: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, EXHIBIT_WASM },
      encoding: 'utf8',
    }).stdout.split(' ');
  const [on, off] = [run(''), run('0')];
  expect([on[0], off[0]]).toEqual(['1', '0']);
  expect(off.slice(1)).toEqual(on.slice(1));
});
