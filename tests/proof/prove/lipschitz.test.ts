import { expect, test } from 'vitest';
import { Builder } from '../../../src/network/builder.js';
import type { Node } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { approximate } from '../../../src/numbers/convert.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';

type Make = (b: Builder, x: Node) => Node;
const q = (value: number) => Rational.of(Math.round(value * 2 ** 20), 2 ** 20);
const row = (b: Builder, ...values: number[]) => b.constant(tensor([values.length, 1], values.map(q)));
const diagonal = (b: Builder, ...values: number[]) => {
  const entries = values.flatMap((value, i) => values.map((_, j) => (i === j ? q(value) : Rational.zero)));
  return b.constant(tensor([values.length, values.length], entries));
};

/** x (1 + erf(x/sqrt(2)))/2, whose derivative is largest at sqrt(2), Phi(sqrt(2)) + sqrt(2) phi(sqrt(2)). */
const gelu: Make = (b, x) => {
  const inner = b.apply('erf', b.mul(x, b.scalar(Rational.of(7071067811865475n, 10n ** 16n))));
  return b.mul(b.mul(x, b.scalar(Rational.of(1, 2))), b.add(inner, b.scalar(Rational.one)));
};

function enclosed(make: Make, inputs: number, set: string, distance: string) {
  const b = new Builder();
  const network = b.network({ y: make(b, b.input('x', { axis: inputs })) });
  const model = { name: null, file: 'net', sha256: '', network };
  const text = `for all x, x' in ${set}: |y(x) - y(x')| <= ?*${distance}`;
  const options = { width: Rational.of(1, 10 ** 6), progress: () => {} };
  const [{ verdict, enclosure }] = prove([model], new Map([['claim', parseStatement(text)]]), options).claims;
  return { verdict, lo: approximate(enclosure!.lo!), hi: approximate(enclosure!.hi!) };
}

const ONE = "|x - x'|";
const MAX = "max_{i in 1..2}(|x[i] - x'[i]|)";
const SUM = "sum_{i in 1..2}(|x[i] - x'[i]|)";

test.each<[string, Make, number, string, string, number]>([
  ['tanh(2x), steepest at 0', (b, x) => b.apply('tanh', b.matmul(x, row(b, 2))), 1, '[-1, 1]', ONE, 2],
  ['tanh(2x) away from 0', (b, x) => b.apply('tanh', b.matmul(x, row(b, 2))), 1, '[1, 2]', ONE, 2 / Math.cosh(2) ** 2],
  ['sigmoid(8x)', (b, x) => b.apply('sigmoid', b.matmul(x, row(b, 8))), 1, '[-1, 1]', ONE, 2],
  ['gelu', gelu, 1, '[-3, 3]', ONE, 1.1289042],
  [
    'sums in the max norm',
    (b, x) => b.matmul(b.apply('tanh', b.matmul(x, diagonal(b, 1, 3))), row(b, 1, -1)),
    2,
    '[-1, 1]^2',
    MAX,
    4,
  ],
  [
    'sums in the sum norm',
    (b, x) => b.matmul(b.apply('tanh', b.matmul(x, diagonal(b, 1, 3))), row(b, 1, -1)),
    2,
    '[-1, 1]^2',
    SUM,
    3,
  ],
  [
    'sums in the sum norm, written out',
    (b, x) => b.matmul(b.apply('tanh', b.matmul(x, diagonal(b, 1, 3))), row(b, 1, -1)),
    2,
    '[-1, 1]^2',
    "(|x[1] - x'[1]| + |x[2] - x'[2]|)",
    3,
  ],
  ['slopes of two signs at a corner', (b, x) => b.matmul(b.apply('tanh', x), row(b, 1, -1)), 2, '[0, 1]^2', MAX, 2],
])('the Lipschitz constant of %s is enclosed on both sides', (_, make, inputs, set, distance, constant) => {
  const { verdict, lo, hi } = enclosed(make, inputs, set, distance);
  expect(verdict).toBe('proved');
  expect(lo).toBeLessThanOrEqual(constant * (1 + 1e-7));
  expect(hi).toBeGreaterThanOrEqual(constant * (1 - 1e-7));
  expect(hi - lo).toBeLessThanOrEqual(1.01e-6 * hi);
});
