import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import type { Algebra } from '../../src/evaluate/algebra.js';
import { type Departure, deviation } from '../../src/evaluate/deviation.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { float64 } from '../../src/evaluate/float64.js';
import { unlessOverflow } from '../../src/evaluate/rounded.js';
import { perturbedMean } from '../../src/execution/perturbed-head.js';
import { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { approximate, fromFloat, toFloat } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { type FloatFormat, FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { cases, stream } from '../numbers/samples.js';

const CPU = (format: FloatFormat): Departure => ({ weights: format, execution: { format, device: ACCURACY.cpu } });

/** A device that rounds every operation and sums from left to right. */
function stepwise(format: FloatFormat): Algebra<number> {
  const held = (x: number) => toFloat(fromFloat(x), format, 'nearest');
  const sum = (terms: readonly number[]) => terms.reduce((a, b) => held(a + b), 0);
  return {
    ...float64,
    of: (value) => toFloat(value, format, 'nearest'),
    add: (a, b) => held(a + b),
    sub: (a, b) => held(a - b),
    mul: (a, b) => held(a * b),
    sum,
    dot: (a, b) => sum(a.map((x, k) => held(x * b[k]))),
    softmax: (z) => {
      const top = Math.max(...z);
      const powers = z.map((logit) => held(Math.exp(held(logit - top))));
      const total = sum(powers);
      return powers.map((power) => held(power / total));
    },
  };
}

describe.each([FORMATS.float32, FORMATS.float16])('deviations in $name', (format) => {
  const operations = RATIONAL_STEPS;
  const weight = fc
    .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 9 }))
    .map(([p, q]) => Rational.of(p, q));

  test('hold for every input of the domain', () => {
    let compared = 0;
    const networks = randomNetworks({ operations, weights: weight, steps: 5 });
    fc.assert(
      fc.property(networks, fc.integer({ min: 1 }), (network, seed) => {
        const everything = new Network(network.nodes.map((node) => ({ name: node.name, node })));
        const algebra = deviation(CPU(format));
        const random = stream(seed);
        const inputsOf = <S>(entry: (name: string, k: number) => S) =>
          Object.fromEntries(
            network.inputs.map((node) => {
              const shape = sizes(node.shape);
              return [
                node.name,
                new Tensor(
                  shape,
                  Array.from({ length: sizeOf(shape) }, (_, k) => entry(node.name, k)),
                ),
              ];
            }),
          );
        const domain = { range: doubleIntervals.fromDoubles(-1, 1), error: 2 ** -format.precision };
        const bounds = unlessOverflow(() => compile(everything, algebra)(inputsOf(() => domain)));
        if (!bounds) return;
        compared += 1;
        for (let run = 0; run < 3; run++) {
          const inputs = inputsOf(() => Rational.of(Math.round((2 * random() - 1) * 1000), 1000));
          const map = <S>(convert: (x: Rational) => S) =>
            Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value.map(convert)]));
          const device = stepwise(format);
          const floats = compile(everything, device)(map(device.of));
          const values = compile(everything, exact)(inputs);
          for (const { name } of everything.outputs) {
            const held = bounds[name].dense(algebra.zero);
            const computed = floats[name].dense(0);
            values[name].dense(Rational.zero).forEach((value, k) => {
              const error = fromFloat(computed[k]).sub(value).abs();
              expect(error.le(fromFloat(held[k].error)), `${name}[${k}] is off by ${approximate(error)}`).toBe(true);
              expect(held[k].range.lo <= approximate(value) && approximate(value) <= held[k].range.hi).toBe(true);
            });
          }
        }
      }),
      { numRuns: cases(40, 2000) },
    );
    expect(compared).toBeGreaterThan(20);
  });

  test('of a gated soft minimum hold for random values and stay small for large beta', () => {
    const random = stream(3);
    const device = stepwise(format);
    const [T, S] = [12, 7];
    for (let run = 0; run < cases(40, 2000); run++) {
      const beta = Math.round(10 ** (1 + 2.5 * random()));
      const gates = Array.from({ length: T }, (_, t) => (t < S ? 0 : 1.5));
      const values = Array.from({ length: T }, () => toFloat(fromFloat(random() ** 4), format, 'nearest'));
      const exactLogits = values.map((v, t) => -beta * (v + gates[t]));
      const floats = values.map((v, t) => device.mul(-beta, device.add(v, gates[t])));
      const error = 4 * 2 ** -format.precision * beta * 2.5;
      expect(floats.every((z, t) => Math.abs(z - exactLogits[t]) <= error)).toBe(true);
      const range = doubleIntervals.fromDoubles(0, 1);
      const head = {
        ...{ T, S, beta: Rational.of(beta), R: Rational.of(3, 2), within: range },
        logits: values.map(() => ({ range: doubleIntervals.fromDoubles(-2.5 * beta, 0), error })),
        values: values.map(() => ({ range, error: 0 })),
      };
      const bound = perturbedMean(head, CPU(format)).error;
      const shares = device.softmax(floats);
      const mean = device.sum(shares.map((p, t) => device.mul(p, values[t])));
      const reference = float64.softmax(exactLogits).reduce((total, p, t) => total + p * values[t], 0);
      expect(Math.abs(mean - reference)).toBeLessThanOrEqual(bound + 1e-14);
      if (format.precision === 24) expect(bound).toBeLessThan(3e-4);
    }
  });
});
