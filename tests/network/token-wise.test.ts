import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import { Network, type Node } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { filled, sizeOf, sparse, type Tensor, tensor } from '../../src/network/tensor.js';
import { tokenWise } from '../../src/network/token-wise.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases } from '../numbers/samples.js';

const T = 3;

/** Slices along the first axis. */
function slices(value: Tensor<Rational>): string[][] {
  const entries = value.dense(Rational.zero).map(String);
  const length = entries.length / value.shape[0];
  return Array.from({ length: value.shape[0] }, (_, t) => entries.slice(t * length, (t + 1) * length));
}

/** The slices of `to`, and what the network of one token makes of each slice of x. */
function compare(slice: Network, network: Network, x: Tensor<Rational>) {
  const whole = slices(compile(network, exact)({ x })[network.outputs[0].name]);
  const shape = [1, ...x.shape.slice(1)];
  const each = slices(x).map((_, t) => {
    const size = sizeOf(shape);
    const token = tensor(shape, x.dense(Rational.zero).slice(t * size, (t + 1) * size));
    return compile(slice, exact)({ x: token })[slice.outputs[0].name].dense(Rational.zero).map(String);
  });
  return { whole, each };
}

describe('a layer that treats all tokens alike', () => {
  it('is found in any network that is one, and then does to a slice what the layer does', () => {
    const operations = RATIONAL_STEPS;
    const networks = randomNetworks({ operations, weights: smallRational, steps: 5 });
    let found = 0;
    fc.assert(
      fc.property(
        networks.chain((network) => fc.tuple(fc.constant(network), inputsOf(network))),
        ([network, inputs]) => {
          const x = network.inputs.find(({ attributes }) => attributes.name === 'x');
          if (!x || x.shape[0].size === 1) return;
          for (const node of network.nodes) {
            const slice = tokenWise(x, node);
            if (typeof slice === 'string') continue;
            found += 1;
            expect(slice.inputs.map(({ attributes }) => attributes.name)).toEqual(['x']);
            const { whole, each } = compare(slice, new Network([{ name: node.name, node }]), inputs.x);
            expect(each).toEqual(whole);
          }
        },
      ),
      { numRuns: cases(400, 10_000) },
    );
    expect(found).toBeGreaterThan(300);
  });

  it('is found for nets that are made of token-wise operations', () => {
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: 2 });
    const weight = (shape: number[], at: number) =>
      b.constant(
        tensor(
          shape,
          Array.from({ length: sizeOf(shape) }, (_, k) => Rational.of(k - at, 3)),
        ),
      );
    const hidden = b.relu(b.affine(x, weight([2, 4], 3), weight([4], 1)));
    const shifted = b.add(b.mul(hidden, weight([1, 4], 2)), b.reshape(b.reduceMax(hidden, 1), { token: T, one: 1 }));
    const pairs = b.reshape(b.concat([shifted, b.min(x, b.scalar(Rational.of(1, 2)))], 1), { token: T, a: 2, c: 3 });
    const y = b.reduceSum(b.max(pairs, weight([2, 1], 1)), 2, 'y');
    const slice = tokenWise(x, y);
    expect(slice).toBeInstanceOf(Network);
    const value = tensor(
      [T, 2],
      Array.from({ length: 2 * T }, (_, k) => Rational.of((k * 7) % 5, 4)),
    );
    const { whole, each } = compare(slice as Network, b.network({ y }), value);
    expect(each).toEqual(whole);
  });

  it.each<[what: string, make: (b: Builder, x: Node) => Node, reason: RegExp]>([
    ['a sum over tokens', (b, x) => b.reduceSum(x, 0), /runs over the tokens/],
    ['a softmax over tokens', (b, x) => b.softmax(x, 0), /runs over the tokens/],
    ['a weight per token', (b, x) => b.mul(x, perToken(b)), /differs between tokens/],
    ['an offset of one token, stored sparsely', (b, x) => b.add(x, oneToken(b)), /differs between tokens/],
    ['a product from the left', (b, x) => b.matmul(b.constant(filled([T, T], Rational.one)), x), /constant matrix/],
    ['a transposition', (b, x) => b.transpose(x, [1, 0]), /transpose is not token-wise/],
    ['a gather of tokens', (b, x) => b.gather(x, 0, [1, 0, 2]), /runs over the tokens/],
    ['a reshape that mixes tokens', (b, x) => b.reshape(x, { a: 2, c: T }), /mixes the tokens/],
    ['tokens one after the other', (b, x) => b.concat([x, x], 0), /joins tokens/],
    ['a recurrence', (b, x) => b.recurrence(x, square(b), square(b)), /recurrence is not token-wise/],
    ['another input', (b, x) => b.add(x, b.input('w', { token: T, coordinate: 2 })), /differs between tokens/],
    ['one slice broadcast', (b, x) => b.sub(x, b.gather(x, 0, [0])), /runs over the tokens/],
  ])('is not found for %s', (_, make, reason) => {
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: 2 });
    expect(tokenWise(x, make(b, x))).toMatch(reason);
  });

  it('is not found without tokens or without a path', () => {
    const b = new Builder();
    const x = b.input('x', {});
    expect(tokenWise(x, b.relu(x))).toMatch(/no axis of tokens/);
    const [u, v] = [b.input('u', { token: 2 }), b.input('v', { token: 2 })];
    expect(tokenWise(u, b.relu(v))).toMatch(/does not depend/);
  });

  it('is found in a network of thousands of operations in little time', () => {
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: 2 });
    let y: Node = x;
    for (let k = 0; k < 4000; k++) y = b.relu(b.add(y, x));
    const start = performance.now();
    const slice = tokenWise(x, y);
    expect(slice).toBeInstanceOf(Network);
    expect(sizes((slice as Network).outputs[0].node.shape)).toEqual([1, 2]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

function perToken(b: Builder): Node {
  return b.constant(
    tensor(
      [T, 1],
      Array.from({ length: T }, (_, t) => Rational.of(t)),
    ),
  );
}

function oneToken(b: Builder): Node {
  return b.constant(sparse([T, 2], [[3, Rational.one]]));
}

function square(b: Builder): Node {
  return b.constant(filled([2, 2], Rational.one));
}
