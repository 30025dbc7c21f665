import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/network/builder.js';
import { scaledIdentity, tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { judge } from '../../../src/proof/judge.js';
import { proveSize, sizeSentence } from '../../../src/proof/rules/counting.js';

describe('counting', () => {
  const b = new Builder();
  const x = b.input('x', { k: 3 });
  const W = b.constant(scaledIdentity(3));
  const V = b.constant(tensor([3, 2], new Array(6).fill(Rational.zero)));
  const mask = b.constant(tensor([2], [Rational.one, Rational.zero]), 'mask', 'structure');
  const network = b.network({ y: b.mul(b.matmul(b.matmul(x, W), V), mask) });

  it('proves the number of stored weights and refutes every other', () => {
    const fact = proveSize(network, 'parameters');
    expect(fact.rule.id).toBe('counting');
    const verdict = (relation: '=' | '<=', n: number) =>
      judge(sizeSentence('parameters', relation, Rational.of(n)), network, [fact]).verdict;
    expect(verdict('=', 9)).toBe('proved');
    for (const other of [8, 10, 11, 15]) {
      expect(verdict('=', other)).toBe('refuted');
      expect(verdict('<=', other)).toBe(other < 9 ? 'refuted' : 'proved');
    }
    expect(judge(sizeSentence('parameters', '<=', null), network, [fact]).enclosure).toEqual(fact.enclosure);
  });

  it('says nothing of another network or another size', () => {
    const fact = proveSize(network, 'parameters');
    const other = b.network({ y: b.matmul(x, W) });
    expect(judge(sizeSentence('parameters', '=', Rational.of(9)), other, [fact]).verdict).toBe('undecided');
    expect(judge(sizeSentence('units', '<=', Rational.of(9)), network, [fact]).verdict).toBe('undecided');
  });
});
