import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { compile, type Values } from '../../src/evaluate/evaluate.js';
import { beside, inLanes, lane } from '../../src/evaluate/lanes.js';
import { executionModel, type Held, unlessOverflow } from '../../src/evaluate/rounded.js';
import { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { ALL_STEPS, randomNetworks } from '../generators/networks.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases } from '../numbers/samples.js';

const smallNumber = fc
  .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 1, 10, 1000))
  .map(([p, q, scale]) => Rational.of(p, q * scale));

const LANES = 5;

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
          if (!single || !together) return;
          compared += 1;
          for (const output of network.outputs) {
            const found = together[output.name].dense(inLanes(model).zero);
            single.forEach((values, i) => {
              values[output.name].dense(algebra.zero).forEach(({ lo, hi }, k) => {
                const own = lane(found[k], i);
                expect(own.lo === lo && own.hi === hi, `${output.name}[${k}]`).toBe(true);
              });
            });
          }
        },
      ),
      { numRuns: cases(60, 3000) },
    );
    expect(compared).toBeGreaterThan(30);
  },
);
