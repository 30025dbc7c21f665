import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { readInstance, withOverrides } from '../../src/instance/instance.js';
import { readTheorem } from '../../src/theorem-file/read.js';

const file = (claims: string, output = 'y: relu(x @ [[1, 1]] + [0, -1/2]) @ [[2], [-4]]') => `
theorem: tooth
parameters:
  k: {integer: depth, min: 1, default: 1}
  N: {integer: units, min: 1, optional: no competitor}
network:
  x: input [1]
  ${output}
claims:
${claims}
`;

async function verdicts(text: string, params: readonly string[] = [], bounds = '') {
  const instance = withOverrides(readInstance(`theorem: tooth\nclaims: {${bounds}}\n`), params);
  const theorem = readTheorem(text, 'tooth.yaml');
  const { claims } = await verify(theorem, instance, { seed: 1, digits: 20, execution: [], progress: () => {} });
  return Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
}

describe('quantities', () => {
  it('are proved for what has them, and stay open for what has not', async () => {
    const claims = '  a: sawtooth(y, k)\n  b: distanceL1(y, k, 1) <= ?\n  c: distancesup(y, 1, 0) >= 1/2';
    expect(await verdicts(file(claims))).toEqual({ a: 'proved', b: 'proved', c: 'proved' });
    // One tooth is not two, and less than 1/2 is what the constant 1/2 is away.
    expect(await verdicts(file('  a: sawtooth(y, 2)'))).toEqual({ a: 'undecided' });
    expect(await verdicts(file('  c: distancesup(y, 1, 0) >= 51/100'))).toEqual({ c: 'refuted' });
    const blunt = 'y: relu(x @ [[1, 1]] + [0, -1/2]) @ [[2], [-3]]';
    expect(await verdicts(file('  a: sawtooth(y, k)', blunt))).toEqual({ a: 'undecided' });
  });

  it.each([
    ['distanceL1(y, k)', 'distanceL1 with 2 arguments; allowed: distanceL1(y, k, N), distanceL1(y, k, N, phi)'],
    ['distanceL1(y, k, 1)', "'distanceL1(y, k, 1)'; allowed: distanceL1(y, k, N), distanceL1(y, k, N, phi) and <="],
    ['sawtooth(y, k) <= 1', "'sawtooth(y, k) <= 1'; allowed: sawtooth(y, k) alone"],
    ['sawtooth(z, k)', "no output and no parameter 'z'; allowed: y, k, N"],
    ['sawtooth(1, k)', 'an argument that is no output of the network; allowed: the name of an output'],
    ['sawtooth(y, 1/2)', '1/2; allowed: an integer from 0'],
    ['distanceL1(y, k, 1, k) >= 0', 'an argument that is no function; allowed: the name of a function'],
    ['{when: k > 1}', 'no says; allowed: {when: a condition in parameters and constants, says: a statement}'],
    [
      'for all x in [0, 1]: y >= 0 attained',
      'a bound of another kind that is attained; allowed: |u| <= b, u <= b; state |u| <= b',
    ],
  ])('%s: one message with its place', async (claim, message) => {
    await expect(verdicts(file(`  a: ${claim}`))).rejects.toThrow(message);
    await expect(verdicts(file(`  a: ${claim}`))).rejects.toThrow(/claims\.a/);
  });
});

describe('claims under conditions, sizes and suprema', () => {
  it('are made where the condition holds', async () => {
    const claims = '  a:\n    when: N > 0\n    says: parameters <= N';
    expect(await verdicts(file(claims))).toEqual({});
    expect(await verdicts(file(claims), ['N=5'])).toEqual({ a: 'refuted' });
    expect(await verdicts(file(claims), ['N=6'])).toEqual({ a: 'proved' });
  });

  it('know a supremum from a bound', async () => {
    const claims = (bound: string, word = '') => `  a: "for all x in [0, 1/4]: y <= ${bound}${word}"`;
    expect(await verdicts(file(claims('1/2', ' attained')))).toEqual({ a: 'proved' });
    expect(await verdicts(file(claims('51/100')))).toEqual({ a: 'proved' });
    expect(await verdicts(file(claims('51/100', ' attained')))).toEqual({ a: 'refuted' });
  });

  it('hold a stated bound against a size from above', async () => {
    const claims = '  parameters: parameters = 6*k';
    expect(await verdicts(file(claims), [], 'parameters: {bound: 7}')).toEqual({ parameters: 'proved' });
    expect(await verdicts(file(claims), [], 'parameters: {bound: 5}')).toEqual({ parameters: 'refuted' });
    expect(await verdicts(file(claims), ['k=2'])).toEqual({ parameters: 'refuted' });
  });
});
