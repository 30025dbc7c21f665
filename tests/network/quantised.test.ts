import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import type { Node } from '../../src/network/network.js';
import { quantisedNetwork } from '../../src/network/quantised.js';
import { tensor } from '../../src/network/tensor.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';

function networkOf(...weights: readonly Rational[]) {
  const b = new Builder();
  const W = b.constant(tensor([weights.length], weights), 'W');
  return b.network({ y: b.relu(b.mul(b.input('x', { n: weights.length }), W)) });
}

const weightsOf = (network: ReturnType<typeof networkOf>) =>
  (network.find('W') as Node<'constant'>).attributes.value.data.map(String);

describe('a network with its weights rounded', () => {
  test('is the same network where the format holds them', () => {
    const network = networkOf(Rational.of(3, 4), Rational.of(-5));
    expect(quantisedNetwork(network, FORMATS.bfloat16)).toBe(network);
  });

  test('has the nearest numbers of the format, ties to even, and leaves the given one alone', () => {
    const network = networkOf(Rational.of(1, 3), Rational.of(2049), Rational.of(2051), Rational.zero);
    const rounded = quantisedNetwork(network, FORMATS.float16)!;
    expect(weightsOf(rounded)).toEqual(['1365/4096', '2048', '2052', '0']);
    expect(weightsOf(network)).toEqual(['1/3', '2049', '2051', '0']);
    expect(rounded.nodes.map(({ op }) => op)).toEqual(network.nodes.map(({ op }) => op));
  });

  test('does not exist where a weight is beyond the format', () => {
    expect(quantisedNetwork(networkOf(Rational.of(65520)), FORMATS.float16)).toBeNull();
    expect(quantisedNetwork(networkOf(Rational.of(65519)), FORMATS.float16)).not.toBeNull();
  });
});
