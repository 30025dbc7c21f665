import { expect, it } from 'vitest';
import { ADDER_PARAMETERS, adderNet } from '../../constructions/adder.js';
import { summarise } from '../../src/network/summary.js';
import { audited } from '../generators/audits.js';

async function found(...params: readonly string[]) {
  const { claims } = await audited('adder', params);
  return new Map(claims.map((claim) => [claim.id, claim]));
}

it('adds all pairs of two digits', async () => {
  const claims = await found('n=2');
  expect(claims.get('sum')?.verdict).toBe('proved');
  expect(claims.get('lead')?.verdict).toBe('proved');
  expect(claims.get('parameters')?.verdict).toBe('proved');
});

it('adds with seven parameters, and all weaker savings have the numbers that the construction says', async () => {
  const least = await found('n=2', 'saved=6');
  expect(least.get('sum')?.verdict).toBe('proved');
  expect(`${least.get('parameters')?.enclosure?.hi}`).toBe('7');
  for (const [saved, count] of ADDER_PARAMETERS.entries())
    expect(summarise(adderNet({ n: 2, saved }).network).parameters).toBe(count);
});

it('finds a pair that a weak attention adds wrongly', async () => {
  const sum = (await found('n=3', 'beta=4')).get('sum');
  expect(sum?.verdict).toBe('refuted');
  const { s, written, expected } = sum!.witness as Record<string, readonly string[]>;
  const digits = (from: number) => s.slice(from, from + 3).map(Number);
  const [a, b] = [digits(1), digits(5)].map((list) => list.reduce((value, digit, k) => value + digit * 10 ** k, 0));
  const right = `${a + b}`.padStart(4, '0').split('').reverse();
  expect(expected).toEqual(right.slice(0, expected.length));
  expect(written.slice(0, -1)).toEqual(right.slice(0, written.length - 1));
  expect(written.at(-1)).not.toBe(right[written.length - 1]);
});
