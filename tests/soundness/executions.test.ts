import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { type Expectation, runSamples } from '../../src/execution/execution.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { ALL_STEPS, randomNetworks } from '../generators/networks.js';
import { NIGHTLY, share } from '../generators/thinned.js';

const DTYPES = ['float64', 'float32', 'float16'] as const;
type Dtype = (typeof DTYPES)[number];
const RUNS = NIGHTLY ? share(2000) : 40;
const A = ballIntervals(320);

/** Numbers where a format rounds in its own way: near zero, at ties, next to powers of two, far out; and thirds. */
function awkward(dtype: Dtype): fc.Arbitrary<Rational> {
  const { precision, minExponent } = FORMATS[dtype];
  const tiny = Rational.pow2(minExponent);
  const ulp = Rational.pow2(1 - precision);
  const one = Rational.one;
  const specials = [
    Rational.zero,
    one,
    tiny,
    tiny.mul(Rational.of(3, 2)),
    tiny.div(Rational.of(2)),
    Rational.pow2(minExponent + precision - 1),
    Rational.pow2(minExponent + precision - 1).sub(tiny),
    one.add(ulp),
    one.sub(ulp.div(Rational.of(2))),
    one.add(ulp.div(Rational.of(2))),
    one.add(ulp.mul(Rational.of(3, 2))),
    Rational.of(1, 3),
    Rational.of(2, 3),
    Rational.of(17),
    Rational.of(100),
    Rational.of(1001, 10),
    Rational.pow2(-9),
  ];
  const signed = fc.tuple(fc.constantFrom(...specials), fc.boolean()).map(([x, minus]) => (minus ? x.neg() : x));
  const others = fc
    .tuple(fc.integer({ min: -9999, max: 9999 }), fc.constantFrom(1000, 4096, 7))
    .map(([p, q]) => Rational.of(p, q));
  return fc.oneof(signed, others);
}

/** What the exact network is at the inputs; null where balls do not hold it. */
function expectation(network: Network, inputs: Expectation['inputs']): Expectation | null {
  const values = Object.entries(inputs).map(([name, value]) => [name, value.map(A.of)] as const);
  const found = compile(network, intervals(A))(Object.fromEntries(values)).out.dense(A.zero);
  const ends = found.map((y) => [A.lower(y), A.upper(y)] as const);
  if (ends.some(([lo, hi]) => !lo || !hi)) return null;
  const uncertainty = ends.reduce((most, [lo, hi]) => most.max(hi!.sub(lo!)), Rational.zero);
  return { inputs, expected: ends.map(([lo]) => lo!), uncertainty };
}

describe.each(DTYPES)('executions of random networks in %s', (dtype) => {
  it('stay within their bounds, at awkward weights and inputs', async () => {
    const numbers = awkward(dtype);
    // onnxruntime has no erf in float64.
    const operations = ALL_STEPS.filter((step) => dtype !== 'float64' || step !== 'erf');
    await fc.assert(
      fc.asyncProperty(randomNetworks({ operations, weights: numbers }), fc.gen(), async (network, random) => {
        const samples = Array.from({ length: 3 }, (_, k) => {
          const inputs = network.inputs.map(({ attributes: { name }, shape }) => {
            const draw = () => {
              const x = random(() => numbers);
              return k === 0 ? x : fromFloat(toFloat(x, FORMATS[dtype], 'nearest'));
            };
            const lengths = sizes(shape);
            return [name, new Tensor(lengths, Array.from({ length: sizeOf(lengths) }, draw))] as const;
          });
          return expectation(network, Object.fromEntries(inputs));
        }).filter((sample) => sample !== null);
        if (samples.length === 0 || !network.outputs[0].node.batched) return;
        const context = { theorem: 'random', progress: () => {} };
        const { verdict, facts } = await runSamples(network, 'out', samples, { provider: 'cpu', dtype }, context);
        expect([verdict, facts]).toEqual(['observed', facts]);
      }),
      { numRuns: RUNS, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) },
    );
  });
});
