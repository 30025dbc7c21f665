import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { directSampler, exactSampler } from '../../src/evaluate/samples.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { filled, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { stream } from '../numbers/samples.js';

const random = stream(3);
const draw = (length: number) =>
  Array.from({ length }, () => Rational.of(Math.floor(random() * 41) - 20, 1 + Math.floor(random() * 4)));

/** 80 ReLUs of each of two sums of the entries of x and z; twice for the inner layer read by another. */
function memory(isTwice = false): Network {
  const b = new Builder();
  const x = b.input('x', { token: 2, coordinate: 2 });
  const z = b.input('z', { token: 2, coordinate: 2 });
  const share = b.softmax(b.constant(filled([2], Rational.of(5)), undefined, 'weight'), 0);
  const u = b.matmul(share, b.add(b.mul(x, b.scalar(Rational.of(3))), z));
  const layer = (v: typeof x) => {
    const fan = draw(160).map((weight, k) => (k < 80 === (k % 3 === 0) ? weight : Rational.zero));
    for (let k = 0; k < 80; k++) if (!fan[k].isZero() && !fan[80 + k].isZero()) fan[k] = Rational.zero;
    const hidden = b.relu(
      b.add(
        b.matmul(v, b.constant(tensor([2, 80], fan), undefined, 'weight')),
        b.constant(tensor([80], draw(80)), undefined, 'weight'),
      ),
    );
    return b.matmul(hidden, b.constant(tensor([80, 2], draw(160)), undefined, 'weight'));
  };
  const y = layer(b.reshape(u, { one: 1, coordinate: 2 }));
  return b.network({ y: isTwice ? layer(y) : y, u, first: b.gather(u, 0, [0]) });
}

describe('exact values at many inputs', () => {
  test.each([false, true])('are those of the network (one layer on another: %s)', (isTwice) => {
    const network = memory(isTwice);
    const evaluate = compile(network, exact);
    for (const output of ['y', 'u', 'first']) {
      const sampler = exactSampler(network, output);
      for (let n = 0; n < 40; n++) {
        const inputs = { x: tensor([2, 2], draw(4)), z: tensor([2, 2], draw(4)) };
        expect(sampler(inputs).map(String)).toEqual(evaluate(inputs)[output].data.map(String));
      }
    }
  });

  test('are looked up where the output is a wide layer of affine forms, and not elsewhere', () => {
    expect(directSampler(memory().upTo(memory().outputs[0].node), 'nothing')).toBeNull();
    expect(directSampler(memory(true), 'y')).toBeNull();
    expect(directSampler(memory(), 'u')).toBeNull();
  });

  test('need every input in its shape', () => {
    const network = memory();
    const sampler = exactSampler(network, 'first');
    expect(() => sampler({ x: tensor([2, 2], draw(4)) })).toThrow(InputError);
    expect(() => sampler({ x: tensor([2, 2], draw(4)), z: tensor([4], draw(4)) })).toThrow("input 'z' of shape [4]");
  });
});
