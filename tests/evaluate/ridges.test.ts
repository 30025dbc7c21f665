import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { ridges } from '../../src/evaluate/ridges.js';
import { Builder } from '../../src/network/builder.js';
import { tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';

const UNITS = 64;
/** Few different values, so that knots coincide and weights are 0. */
const small = fc
  .tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(1, 2, 3))
  .map(([num, den]) => Rational.of(num, den));
const vector = fc.array(small, { minLength: UNITS, maxLength: UNITS });
const layers = fc.record({
  fan: vector,
  bias: fc.option(vector),
  columns: fc.tuple(vector, vector),
  offset: fc.option(fc.tuple(small, small)),
});
type Layer = typeof layers extends fc.Arbitrary<infer L> ? L : never;

function networkOf({ fan, bias, columns, offset }: Layer, isRead = false) {
  const b = new Builder();
  const x = b.input('x', { token: 2, u: 1 });
  const product = b.matmul(x, b.constant(tensor([1, UNITS], fan), 'fan', 'weight', { u: 1, unit: UNITS }));
  const sum = bias ? b.add(product, b.constant(tensor([UNITS], bias), 'bias', 'weight', { unit: UNITS })) : product;
  const hidden = b.relu(sum);
  const entries = fan.flatMap((_, k) => columns.map((column) => column[k]));
  const readout = b.constant(tensor([UNITS, 2], entries), 'readout', 'weight', { unit: UNITS, value: 2 });
  const result = b.matmul(hidden, readout);
  const y = offset ? b.add(result, b.constant(tensor([2], offset), 'offset', 'weight', { value: 2 })) : result;
  return b.network(isRead ? { y, hidden } : { y });
}

/** The layer by its definition. */
function byDefinition({ fan, bias, columns, offset }: Layer, u: Rational): Rational[] {
  return columns.map((column, j) =>
    fan.reduce((sum, weight, k) => {
      const argument = weight.mul(u).add(bias?.[k] ?? Rational.zero);
      return argument.sign() > 0 ? sum.add(column[k].mul(argument)) : sum;
    }, offset?.[j] ?? Rational.zero),
  );
}

describe('a hidden layer of ReLUs of one number', () => {
  test('has in exact arithmetic the values of its definition, at knots and between', () => {
    fc.assert(
      fc.property(layers, small, small, (layer, u, v) => {
        const network = networkOf(layer);
        expect(ridges(network).layers.size).toBe(1);
        const { y } = compile(network, exact)({ x: tensor([2, 1], [u, v]) });
        const expected = [u, v].flatMap((at) => byDefinition(layer, at));
        expect(y.data.map(String)).toEqual(expected.map(String));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['doubles', doubleIntervals],
    ['balls', ballIntervals(80)],
  ] as const)('contains its values over intervals of %s', (_, A) => {
    const check = <I>(arithmetic: typeof A & { readonly zero: I }) =>
      fc.assert(
        fc.property(layers, small, small, fc.integer({ min: 0, max: 8 }), (layer, u, v, eighths) => {
          const [lo, hi] = [u.min(v), u.max(v)];
          const inside = lo.add(hi.sub(lo).mul(Rational.of(eighths, 8)));
          const algebra = intervals(arithmetic as never);
          const box = tensor([2, 1], [lo, lo]).map(() => arithmetic.between(lo, hi));
          const found = compile(networkOf(layer), algebra)({ x: box as never }).y.data as readonly never[];
          byDefinition(layer, inside).forEach((value, j) => {
            expect(arithmetic.lower(found[j])!.le(value)).toBe(true);
            expect(value.le(arithmetic.upper(found[j])!)).toBe(true);
          });
        }),
        { numRuns: 60 },
      );
    check(A as never);
  });

  test('is left as it is where something else reads a unit', () => {
    const layer = fc.sample(layers, 1)[0];
    expect(ridges(networkOf(layer, true)).layers.size).toBe(0);
  });
});
