import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/network/builder.js';
import { scaledIdentity, tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { proveCount } from '../../../src/proof/rules/counting.js';

describe('counting', () => {
  const b = new Builder();
  const x = b.input('x', { k: 3 });
  const W = b.constant(scaledIdentity(3));
  const V = b.constant(tensor([3, 2], new Array(6).fill(Rational.zero)));
  const mask = b.constant(tensor([2], [Rational.one, Rational.zero]), 'mask', 'structure');
  const network = b.network({ y: b.mul(b.matmul(b.matmul(x, W), V), mask) });

  it('proves the number of stored weights and refutes every other', () => {
    expect(proveCount(network, Rational.of(9), 'id', 's')).toMatchObject({ verdict: 'proved', rule: 'counting' });
    for (const other of [8, 10, 11, 15]) {
      const step = proveCount(network, Rational.of(other), 'id', 's');
      expect([step.verdict, step.enclosure!.lo!.toString(), step.enclosure!.hi!.toString()]).toEqual([
        'refuted',
        '9',
        '9',
      ]);
    }
  });
});
