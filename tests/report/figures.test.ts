import { expect, test } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { filled } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { figuresOf } from '../../src/report/figures/figures.js';

/** y = 2^600 x, of a number. */
function steep() {
  const b = new Builder();
  const x = b.input('x', { coordinate: 1 });
  return b.network({ y: b.matmul(x, b.constant(filled([1, 1], Rational.of(2n ** 600n)))) });
}

test.each([
  ['what overflows in doubles', 'for all x in [0, 1]: |y*y - x| <= 1'],
  ['what has no value at some points', 'for all x in [-1, 1]: |y - log(x)| <= 1'],
  ['a box wider than doubles reach', 'for all x in [0, 10^400]: |y - x| <= 1'],
])('%s has no place in a picture: a document holds finite numbers alone', (_, statement) => {
  const figures = figuresOf(steep(), [{ id: 'error', statement, witness: null }]);
  expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
});
