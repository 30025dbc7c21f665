import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import { between } from '../../src/network/cut.js';
import { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases } from '../numbers/samples.js';

describe('the part of a network between tensors', () => {
  it('computes the same from the values that enter it', () => {
    const operations = RATIONAL_STEPS;
    const networks = randomNetworks({ operations, weights: smallRational, steps: 8 });
    let shortened = 0;
    fc.assert(
      fc.property(
        networks.chain((network) => fc.tuple(fc.constant(network), inputsOf(network), fc.nat())),
        ([network, inputs, choice]) => {
          const cutAt = network.nodes[choice % network.nodes.length];
          const part = between(
            [cutAt],
            network.outputs.map(({ node }) => node),
          );
          const whole = new Network(network.nodes.map((node) => ({ name: node.name, node })));
          const values = compile(whole, exact)(inputs);
          const entering = Object.fromEntries(
            part.inputs.map(({ name, attributes }) => [attributes.name, values[name] ?? inputs[attributes.name]]),
          );
          const results = compile(part, exact)(entering);
          for (const { node } of network.outputs) {
            expect(results[node.name].dense(Rational.zero).map(String)).toEqual(
              values[node.name].dense(Rational.zero).map(String),
            );
          }
          if (part.nodes.length < new Network(network.outputs).nodes.length) shortened += 1;
        },
      ),
      { numRuns: cases(150, 3000) },
    );
    expect(shortened).toBeGreaterThan(20);
  });

  it('takes the tensors as inputs of their names and shapes, and keeps what else is needed', () => {
    const b = new Builder();
    const x = b.input('x', { token: 2, coordinate: 3 });
    const h = b.relu(x, 'h');
    const y = b.add(b.reduceSum(h, 1, 's'), b.reduceMax(x, 1, 'm'), 'y');
    const part = between([h], [y]);
    expect(part.inputs.map(({ name }) => name).sort()).toEqual(['h', 'x']);
    expect(sizes(part.find('h')!.shape)).toEqual([2, 3]);
    expect(between([h, x], [b.reduceSum(h, 0)]).inputs.map(({ name }) => name)).toEqual(['h']);
  });

  it('of a tensor with itself is that input', () => {
    const b = new Builder();
    const h = b.relu(b.input('x', { coordinate: 2 }), 'h');
    expect(between([h], [h]).nodes.map(({ op, name }) => `${op} ${name}`)).toEqual(['input h']);
  });
});
