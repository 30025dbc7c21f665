import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEATURES, retrievalNetwork } from '../../constructions/multi-head.js';
import { readTask } from '../../constructions/retrieval-task.js';
import { softMinimumNet } from '../../constructions/soft-min.js';
import { Atoms } from '../../src/evaluate/affine.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { symbolicValue } from '../../src/evaluate/node-forms.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { quantisedNetwork } from '../../src/network/quantised.js';
import { rescaled } from '../../src/network/rescaled.js';
import { tensor } from '../../src/network/tensor.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from '../generators/numbers.js';

const HALF = FORMATS.float16;
const numbers = (...entries: number[]) => entries.map((entry) => Rational.of(entry));

/** Equal values at given inputs, exactly. */
function expectSame(network: Network, other: Network, inputs: Parameters<ReturnType<typeof compile<Rational>>>[0]) {
  const [values, found] = [network, other].map((one) => compile(one, exact)(inputs));
  for (const { name } of network.outputs) {
    const expected = values[name].dense(Rational.zero);
    found[name].dense(Rational.zero).forEach((value, k) => {
      expect(value.equals(expected[k])).toBe(true);
    });
  }
}

function reluNet(first: number, bias: number, last: number): Network {
  const b = new Builder();
  const hidden = b.matmul(b.input('x', { entry: 1 }), b.constant(tensor([1, 2], numbers(first, -first)), 'W_1'));
  const units = b.relu(b.add(hidden, b.constant(tensor([2], numbers(bias, 1)), 'b_1')));
  return b.network({ y: b.matmul(units, b.constant(tensor([2, 1], numbers(last, -last)), 'W_2')) });
}

describe('weights beyond float16', () => {
  test('of a ReLU layer move to the next one', () => {
    const network = reluNet(300_000, 12, 2);
    const found = rescaled(network, HALF)!;
    expect([...found.exponents]).toEqual([
      ['W_1', -3],
      ['b_1', -3],
      ['W_2', 3],
    ]);
    expect(quantisedNetwork(found.network, HALF)).not.toBeNull();
    for (const x of [-3, 0, 7]) expectSame(network, found.network, { x: tensor([1], numbers(x)) });
  });

  test('of the last layer move to the one before', () => {
    const network = reluNet(2, 12, 300_000);
    const found = rescaled(network, HALF)!;
    expect(Object.fromEntries(found.exponents)).toEqual({ W_1: 3, b_1: 3, W_2: -3 });
    for (const x of [-3, 0, 7]) expectSame(network, found.network, { x: tensor([1], numbers(x)) });
  });

  test('stay where both layers are too large, and where there is nothing to do', () => {
    expect(rescaled(reluNet(300_000, 12, 60_000), HALF)).toBeNull();
    expect(rescaled(reluNet(3, 12, 2), HALF)).toBeNull();
    expect(rescaled(reluNet(300_000, 12, 2), FORMATS.float32)).toBeNull();
  });

  test('of logits move to queries or keys, and the function stays the same symbol by symbol', () => {
    const text = (value: string) => ({ text: value, place: {} });
    const task = readTask({ T: 6, d: 1 }, {
      features: [text('x1')],
      positions: [text('1..4')],
      readout: text('z1'),
    } as never);
    const beta = Rational.of(200_000);
    const choices = { eps: Rational.of(1, 20), lipschitz: Rational.one, beta, R: undefined, delta: undefined };
    const { network } = retrievalNetwork(task, choices as never);
    const found = rescaled(network, HALF)!;
    expect(found.exponents.get('beta')).toBe(-2);
    expect([...found.exponents.values()].reduce((sum, e) => sum + e, 0)).toBe(0);
    expect(quantisedNetwork(found.network, HALF)).not.toBeNull();
    const atoms = new Atoms();
    const [before, after] = [network, found.network].map((one) => symbolicValue(one, one.outputs[0].node, atoms));
    expect(after).toEqual(before);
    expect(found.network.find(FEATURES)).toBeDefined();
  });

  test('that a softmax reads with the input alone stay', () => {
    expect(rescaled(softMinimumNet(4, Rational.of(70_000)), HALF)).toBeNull();
  });

  test('never change the function of random nets', () => {
    const width = 2;
    const layer = fc.record({
      entries: fc.array(fc.integer({ min: -9, max: 9 }), {
        minLength: width * (width + 1),
        maxLength: width * (width + 1),
      }),
      exponent: fc.integer({ min: -8, max: 18 }),
      kind: fc.constantFrom('relu', 'min', 'gather', 'concat'),
    });
    let rescalings = 0;
    fc.assert(
      fc.property(fc.array(layer, { minLength: 2, maxLength: 5 }), smallRational, (layers, x) => {
        const b = new Builder();
        let h = b.reshape(b.input('x', { entry: width }), { entry: width }, 'h');
        layers.forEach(({ entries, exponent, kind }, k) => {
          const scaled = entries.map((entry) => Rational.of(entry).mul(Rational.pow2(exponent)));
          const W = b.constant(tensor([width, width], scaled.slice(0, width * width)), `W_${k}`);
          const sum = b.add(b.matmul(h, W), b.constant(tensor([width], scaled.slice(width * width)), `b_${k}`));
          const first = b.gather(sum, 0, [1]);
          if (kind === 'relu') h = b.relu(sum);
          else if (kind === 'min') h = b.min(sum, b.relu(sum));
          else if (kind === 'gather') h = b.gather(sum, 0, [1, 0]);
          else h = b.concat([first, b.relu(b.gather(sum, 0, [0]))], 0);
        });
        const network = b.network({ y: h });
        const found = rescaled(network, HALF);
        if (!found) return;
        rescalings += 1;
        expect(quantisedNetwork(found.network, HALF)).not.toBeNull();
        expectSame(network, found.network, { x: tensor([width], [x, x.neg()]) });
      }),
      { numRuns: 400 },
    );
    expect(rescalings).toBeGreaterThan(40);
  });
});
