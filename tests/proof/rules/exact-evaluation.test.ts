import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.js';
import { UnsupportedOperation } from '../../../src/evaluate/algebra.js';
import { Builder } from '../../../src/network/builder.js';
import { tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { judge } from '../../../src/proof/judge.js';
import { proveByExactEvaluation, samplesSentence } from '../../../src/proof/rules/exact-evaluation.js';
import { smallRational } from '../../generators/numbers.js';

/** The network 2 relu(x) - 1/3. */
function tent() {
  const b = new Builder();
  const x = b.input('x', { k: 1 });
  const scaled = b.mul(b.relu(x), b.scalar(Rational.of(2)));
  return b.network({ y: b.sub(scaled, b.scalar(Rational.of(1, 3))), wide: b.concat([x, x], 0) });
}

const truth = (x: Rational) => x.max(Rational.zero).mul(Rational.of(2)).sub(Rational.of(1, 3));

describe('exact-evaluation', () => {
  it('finds the error at the worst sample and compares it with the bound', () => {
    const sample = fc.tuple(smallRational, smallRational);
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 8 }), smallRational, (pairs, bound) => {
        const samples = pairs.map(([x, offset]) => ({
          inputs: { x: tensor([1], [x]) },
          expected: truth(x).add(offset),
        }));
        const network = tent();
        const fact = proveByExactEvaluation(network, 'y', samples, 'id');
        const worst = fact.found;
        const errors = pairs.map(([, offset]) => offset.abs());
        const largest = errors.reduce((a, b) => (a.compare(b) < 0 ? b : a));
        expect(worst.error.toString()).toBe(largest.toString());
        expect(worst.index).toBe(errors.findIndex((error) => error.equals(largest)));
        expect(worst.value.equals(truth(pairs[worst.index][0]))).toBe(true);
        const { verdict, enclosure } = judge(samplesSentence('y', samples, bound), network, [fact]);
        expect(verdict).toBe(largest.compare(bound) <= 0 ? 'proved' : 'refuted');
        expect(enclosure!.lo!.equals(largest) && enclosure!.hi!.equals(largest)).toBe(true);
      }),
    );
  });

  it('needs a scalar output of that name', () => {
    const prove = (output: string) => () =>
      proveByExactEvaluation(tent(), output, [{ inputs: {}, expected: Rational.zero }], 'id');
    expect(prove('z')).toThrow(InputError);
    expect(prove('z')).toThrow("no output 'z'");
    expect(prove('wide')).toThrow("output 'wide' of shape [2]");
    expect(prove('y')).toThrow("no value for the network's input 'x'");
  });

  it('does not evaluate what is irrational', () => {
    const b = new Builder();
    const p = b.softmax(b.input('x', { k: 2 }), 0);
    const network = b.network({ y: b.gather(p, 0, [0]) });
    const samples = [{ inputs: { x: tensor([2], [Rational.zero, Rational.one]) }, expected: Rational.zero }];
    expect(() => proveByExactEvaluation(network, 'y', samples, 'id')).toThrow(UnsupportedOperation);
  });
});
