import { expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { readCanonical } from '../../src/files/canonical.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { certify, SMALL } from '../generators/certificates.js';
import { PlainNetwork } from '../generators/plain.js';

it.each(SMALL.filter(([theorem]) => theorem !== 'infoflow-calculus'))(
  'the plain evaluator agrees with the other on %s %s',
  async (theorem, params) => {
    const { network } = await certify(theorem, params);
    const net = readCanonical(network);
    let state = 7;
    for (let k = 0; k < 20; k++) {
      const inputs = net.inputs.map(({ attributes, shape }) => {
        const lengths = sizes(shape);
        const values = Array.from(
          { length: sizeOf(lengths) },
          () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff,
        );
        return [attributes.name, new Tensor(lengths, values)] as const;
      });
      const given = Object.fromEntries(inputs);
      const [ours, theirs] = [new PlainNetwork(network).run(given), compile(net, float64)(given)];
      for (const [name, { shape, dense }] of Object.entries(theirs)) {
        expect(ours[name].shape).toEqual(shape);
        for (const [i, y] of dense.call(theirs[name], 0).entries())
          expect(Math.abs(ours[name].dense(0)[i] - y)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(y)));
      }
    }
  },
);
