import { describe, expect, it, test } from 'vitest';
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
    ['sawtoth(y, k)', "allowed: a comparison: <= >= = < >; did you mean 'sawtooth'?"],
    ['distanceL2(y, k, 1) <= 1', "did you mean 'distanceL1'?"],
    ['sawtooth(y, k) <= 1', "'sawtooth(y, k) <= 1'; allowed: sawtooth(y, k) alone"],
    ['sawtooth(z, k)', "no output and no parameter 'z'; allowed: y, k, N"],
    ['sawtooth(1, k)', 'an argument that is no output of the network; allowed: the name of an output'],
    ['sawtooth(y, 1/2)', '1/2; allowed: an integer from 0'],
    ['distanceL1(y, k, 1, k) >= 0', 'an argument that is no function; allowed: the name of a function'],
    ['{when: k > 1}', 'no says; allowed: {says: a statement, when: a condition, notes: {words: a number}}'],
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
    await expect(verdicts(file(claims))).rejects.toThrow('parameters for which tooth claims nothing');
    expect(await verdicts(file(`${claims}\n  b: depth <= 9`))).toEqual({ b: 'proved' });
    const bound = verdicts(file(`${claims}\n  b: depth <= 9`), [], 'a: {bound: 3}');
    await expect(bound).rejects.toThrow("a bound of 'a', which is not claimed for these parameters; allowed: b");
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

test('a stated bound of a quantity that has a value is held against it from above', async () => {
  // The point (1/2, 1/2) lies in the closed box of volume 1/4.
  const text = 'theorem: tooth\nnetwork:\n  P: [[1/2, 1/2]]\nclaims:\n  a: stardiscrepancy(P) = 3/4\n';
  expect(await verdicts(text)).toEqual({ a: 'proved' });
  expect(await verdicts(text, [], 'a: {bound: 1}')).toEqual({ a: 'proved' });
  expect(await verdicts(text, [], 'a: {bound: 1/2}')).toEqual({ a: 'refuted' });
  expect(await verdicts(text.replace('= 3/4', '= 1'))).toEqual({ a: 'refuted' });
});

test('a scaling is of the outputs A and B, in this order', async () => {
  const text = (claim: string) =>
    `theorem: tooth\nnetwork:\n  A: [[1, 1], [1, 1]]\n  B: [[1/2, 1/2], [1/2, 1/2]]\nclaims:\n  a: ${claim} <= 1\n`;
  expect(await verdicts(text('scalingfactor(A, B)'))).toEqual({ a: 'proved' });
  await expect(verdicts(text('scalingfactor(B, A)'))).rejects.toThrow('B and A; allowed: outputs called A and B');
});

describe('functions that find hints', () => {
  const object = (network: string, claims: string) => `
theorem: hints
network:
${network}
claims:
${claims}
`;

  it('draws the same numbers from one seed, each below its own', async () => {
    const network = '  a: draw([2, 3, 1000000])\n  b: draw([2, 3, 1000000])\n  D: drawnmean(4, 5)';
    const claims =
      '  same: "max_{i in 1..3}(|a[i] - b[i]|) = 0"\n  below: a[1] <= 1 and a[2] <= 2 and a[1] >= 0\n' +
      '  doubly: "max_{i in 1..4}(|sum_{j in 1..4}(D[i, j]) - 1| + |sum_{j in 1..4}(D[j, i]) - 1|) = 0"';
    expect(await verdicts(object(network, claims))).toEqual({ same: 'proved', below: 'proved', doubly: 'proved' });
  });

  it('cuts a matrix of rank 1 without a loss, and normalises columns exactly', async () => {
    const network = '  c: truncation([[2, 4], [1, 2]], 1)\n  N: c[1].T @ c[2]\n  S: sinkhorn([[3, 1], [1, 2]], 3)';
    const claims =
      '  near: "max_{i in 1..2}(|N[1, i] - 2*i| + |N[2, i] - i|) <= 1/2^30"\n' +
      '  columns: "max_{j in 1..2}(|S[1, j] + S[2, j] - 1|) = 0"';
    expect(await verdicts(object(network, claims))).toEqual({ near: 'proved', columns: 'proved' });
  });

  it.each([
    ['birkhoff([[1, 1], [0, 0]])', 'no matching; allowed: a doubly stochastic matrix'],
    ['sinkhorn([[0, 0], [1, 1]], 1)', 'a row of 0; allowed: a matrix of positive entries'],
    ['truncation([[1, 2]], 1)', 'a matrix [1, 2]; allowed: a square matrix'],
    ['draw([0])', '0; allowed: an integer from 1'],
  ])('%s is refused', async (text, message) => {
    await expect(verdicts(object(`  x: ${text}`, '  a: 0 <= 1'))).rejects.toThrow(message);
  });

  it('shows numbers that follow from what was found', async () => {
    const network = '  M: [[3, 0], [0, 4]]';
    const text = object(
      network,
      '  a:\n    says: singularvalue(M, 1) <= ?\n    notes: {twice that is at most: 2*found}',
    );
    const instance = readInstance('theorem: hints\n');
    const options = { seed: 1, digits: 20, execution: [], progress: () => {} };
    const { claims } = await verify(readTheorem(text, 'hints.yaml'), instance, options);
    expect(claims[0].facts).toEqual([expect.stringMatching(/^twice that is at most 8\.000000\d*/)]);
  });
});
