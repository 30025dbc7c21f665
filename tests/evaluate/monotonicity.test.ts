import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { INCREASING, isNondecreasing, monotonicity } from '../../src/evaluate/monotonicity.js';
import { Builder } from '../../src/network/builder.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';

const weight = fc.integer({ min: -1, max: 3 }).map((n) => Rational.of(n));
const inputs = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 2 });

/** relu(x W + b) V with 3 units. */
const nets = fc.tuple(fc.array(weight, { minLength: 12, maxLength: 12 })).map(([w]) => {
  const b = new Builder();
  const x = b.input('x', { coordinate: 2 });
  const hidden = b.relu(b.affine(x, b.constant(tensor([2, 3], w.slice(0, 6))), b.constant(tensor([3], w.slice(6, 9)))));
  return b.network({ y: b.matmul(hidden, b.constant(tensor([3, 1], w.slice(9)))) });
});

describe('trends', () => {
  it('calls a net rising only when growing inputs never lower its output', () => {
    let rising = 0;
    fc.assert(
      fc.property(nets, inputs, inputs, (network, from, steps) => {
        const trend = compile(network, monotonicity)({ x: new Tensor([2], [INCREASING, INCREASING]) }).y.data[0];
        if (!isNondecreasing(trend)) return;
        rising += 1;
        const at = (values: readonly number[]) =>
          compile(
            network,
            exact,
          )({
            x: new Tensor(
              [2],
              values.map((v) => Rational.of(v)),
            ),
          }).y.data[0];
        expect(at(from).le(at(from.map((v, k) => v + Math.abs(steps[k]))))).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(rising).toBeGreaterThan(10);
  });

  it('gives up where signs differ', () => {
    const b = new Builder();
    const x = b.input('x', { coordinate: 1 });
    const network = b.network({ y: b.mul(x, x), z: b.sub(x, b.scalar(Rational.one)), w: b.sub(x, b.relu(x)) });
    const values = compile(network, monotonicity)({ x: new Tensor([1], [INCREASING]) });
    expect(['y', 'z', 'w'].map((name) => isNondecreasing(values[name].data[0]))).toEqual([false, true, false]);
  });
});
