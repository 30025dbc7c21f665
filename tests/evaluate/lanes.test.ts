import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { compile, type Values } from '../../src/evaluate/evaluate.js';
import { beside, inLanes, lane } from '../../src/evaluate/lanes.js';
import { executionModel, type Held, unlessOverflow } from '../../src/evaluate/rounded.js';
import { Builder } from '../../src/network/builder.js';
import { Network } from '../../src/network/network.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { ALL_STEPS, randomNetworks } from '../generators/networks.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases } from '../numbers/samples.js';

const smallNumber = fc
  .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 1, 10, 1000))
  .map(([p, q, scale]) => Rational.of(p, q * scale));

const LANES = 5;

type Name = 'float64' | 'float32' | 'float16';

/** Demands the bounds of single executions of those beside each other; whether there are any, as nothing overflows. */
function compare(network: Network, inputs: readonly Values<Rational>[], name: Name): boolean {
  const model = executionModel(FORMATS[name], ACCURACY.cpu);
  const { algebra } = model;
  const all = inputs.map((values): Values<Held> => {
    return Object.fromEntries(Object.entries(values).map(([input, x]) => [input, x.map(algebra.of)]));
  });
  const single = unlessOverflow(() => all.map(compile(network, algebra)));
  const together = unlessOverflow(() => {
    const names = Object.keys(all[0]).map((input) => {
      const dense = all.map((values) => values[input].dense(algebra.zero));
      const entries = dense[0].map((_, k) => beside(dense.map((own) => own[k])));
      return [input, new Tensor(all[0][input].shape, entries)] as const;
    });
    return compile(network, inLanes(model))(Object.fromEntries(names));
  });
  expect(together === null).toBe(single === null);
  if (!single || !together) return false;
  for (const output of network.outputs) {
    const found = together[output.name].dense(inLanes(model).zero);
    single.forEach((values, i) => {
      values[output.name].dense(algebra.zero).forEach(({ lo, hi }, k) => {
        const own = lane(found[k], i);
        expect(own.lo === lo && own.hi === hi, `${output.name}[${k}]`).toBe(true);
      });
    });
  }
  return true;
}

it.each(['float64', 'float32', 'float16'] as const)(
  'several executions in %s are bounded as each by itself',
  (name) => {
    const networks = randomNetworks({ operations: ALL_STEPS, weights: smallNumber, steps: 6 });
    let compared = 0;
    fc.assert(
      fc.property(
        networks.chain((network) =>
          fc.tuple(
            fc.constant(new Network(network.nodes.map((node) => ({ name: node.name, node })))),
            fc.array(inputsOf(network, smallNumber), { minLength: LANES, maxLength: LANES }),
          ),
        ),
        ([network, inputs]) => {
          if (compare(network, inputs, name)) compared += 1;
        },
      ),
      { numRuns: cases(60, 3000) },
    );
    expect(compared).toBeGreaterThan(30);
  },
);

/** Where logits are large and values close to each other, means say more than sums of products do; some values are 0. */
it.each(['float64', 'float32', 'float16'] as const)('means by softmaxes of their own in %s', (name) => {
  const b = new Builder();
  const z = b.input('z', { token: 3 });
  const v = b.input('v', { token: 3, coordinate: 2 });
  const weights = b.softmax(z, 0);
  const shares = b.mul(weights, b.input('u', { token: 3 }));
  const mean = b.matmul(b.reshape(weights, { query: 1, token: 3 }), v);
  const outputs = { y: mean, s: b.reduceSum(shares, 0), p: shares };
  const network = b.network(outputs);
  const value = fc.constantFrom(0, 1, 1, 1, 2, 3).map((k) => Rational.of(k, 7));
  const logit = fc.integer({ min: -40, max: 40 }).map((k) => Rational.of(k, 3));
  const drawn = (entry: typeof value, length: number) => fc.array(entry, { minLength: length, maxLength: length });
  const input = fc
    .record({ z: drawn(logit, 3), u: drawn(value, 3), v: drawn(value, 6) })
    .map(({ z, u, v }) => ({ z: tensor([3], z), u: tensor([3], u), v: tensor([3, 2], v) }));
  fc.assert(
    fc.property(fc.array(input, { minLength: LANES, maxLength: LANES }), (inputs) => {
      expect(compare(network, inputs, name)).toBe(true);
    }),
    { numRuns: cases(60, 3000) },
  );
});
