import { expect, test } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { executionModel } from '../../src/evaluate/rounded.js';
import { atManyInputs } from '../../src/execution/many-inputs.js';
import { Builder } from '../../src/network/builder.js';
import { tensor } from '../../src/network/tensor.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';

const model = executionModel(FORMATS.float32, ACCURACY.cpu);
const b = new Builder();
const x = b.input('x', { axis: 2 });
const network = b.network({ y: b.mul(x, b.gather(x, 0, [1, 0])) });
const inputsOf = (rows: readonly (readonly [number, number])[]) =>
  rows.map((row) => ({
    x: tensor(
      [2],
      row.map((p) => Rational.of(p, 7)),
    ).map(model.algebra.of),
  }));

// More inputs than are evaluated beside each other; the entries differ only behind the first four, and at the last.
const ROWS = Array.from({ length: 70 }, (_, k) => [k + 1, k < 4 ? k + 1 : k + 2] as const);

test('many inputs are bounded as each by itself', () => {
  const inputs = inputsOf(ROWS);
  const evaluate = compile(network, model.algebra);
  const ends = (all: readonly { readonly lo: number; readonly hi: number }[]) => all.map(({ lo, hi }) => [lo, hi]);
  const found = atManyInputs(network, 'y', inputs, model)!;
  expect(found.map(ends)).toEqual(inputs.map((input) => ends(evaluate(input).y.dense(model.algebra.zero))));
});

test('few inputs, and those that repeat what they have in places of their own, are left to be evaluated one by one', () => {
  expect(atManyInputs(network, 'y', inputsOf(ROWS.slice(0, 3)), model)).toBeNull();
  const z = new Builder();
  const wide = z.network({ y: z.relu(z.input('x', { axis: 64 })) });
  const one = (place: number) => ({
    x: tensor(
      [64],
      Array.from({ length: 64 }, (_, k) => Rational.of(k === place ? 1 : 0)),
    ).map(model.algebra.of),
  });
  const inputs = Array.from({ length: 64 }, (_, k) => one(k));
  expect(atManyInputs(wide, 'y', inputs, model)).toBeNull();
});
