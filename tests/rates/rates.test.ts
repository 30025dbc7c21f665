import { describe, expect, test } from 'vitest';
import type { Rate } from '../../src/proof/theorem.js';
import { rateSweep } from '../../src/rates/rates.js';
import { plantedResults, plantedSweep } from './planted.js';

const SETTINGS = { seed: 0, digits: 17, version: 'test' };
const AXIS = 'axes: {N: {geometric: [2, 4096, 12]}}';
const rate = (extra: Partial<Rate<never>> = {}): Rate<never> =>
  ({ quantity: 'error', against: 'N', exponent: '-1', formula: () => 'c/N', ...extra }) as Rate<never>;

async function rated(
  yaml: string,
  f: (params: Readonly<Record<string, number>>) => number,
  rates: Rate<never>[] = [],
  open: string[] = [],
) {
  const sweep = await plantedSweep(yaml, rates);
  return rateSweep(sweep, plantedResults(sweep, f, open), SETTINGS);
}

describe('a rate is proved', () => {
  const c = 'params: {c: 1}\n';

  test('when it is the order of the closed bound and the claim was proved at every point', async () => {
    const [found] = await rated(c + AXIS, ({ N }) => 1 / N, [rate()]);
    expect(found).toMatchObject({ verdict: 'proved', sharp: true, usable: 12, points: 12 });
    expect(found.prediction.exponent!.toString()).toBe('-1');
  });

  test.each([
    ['the closed bound has another order', rate({ formula: () => 'c/N^(9/10)' }), []],
    ['the closed bound has a logarithm', rate({ formula: () => 'c*log(N)/N' }), []],
    ['the closed bound has no known order', rate({ formula: () => 'c*exp(N)' }), []],
    ['there is no closed bound', rate({ formula: undefined }), []],
    ['a claim was not proved', rate(), ['error']],
    ['a value is above the closed bound', rate({ formula: () => 'c/(2*N)' }), []],
  ] as const)('not when %s', async (_, planted, open) => {
    const [found] = await rated(c + AXIS, ({ N }) => 1 / N, [planted], [...open]);
    expect(found.verdict).toBe('consistent');
  });

  test.each([
    ['half the closed bound', ({ N }: { N: number }) => 1 / (2 * N), /at every point$/],
    ['a steeper order', ({ N }: { N: number }) => 1 / (4 * N * N), /; the slope is below it: the order is not sharp/],
    ['values far below', ({ N }: { N: number }) => N ** -0.5 / 100, /; the slope is above it/],
  ])('from above alone for %s, and says so', async (_, f, reason) => {
    const [found] = await rated(c + AXIS, f as never, [rate()]);
    expect(found).toMatchObject({ verdict: 'proved', sharp: false });
    expect(found.reason).toMatch(reason);
  });

  test('not when the file states another exponent than the theorem', async () => {
    const yaml = `${c}${AXIS}\nrate: {quantity: error, against: N, exponent: -4/5}`;
    expect((await rated(yaml, ({ N }) => 1 / N, [rate()]))[0].verdict).toBe('suspicious');
  });

  test('for the exponents that hold for the parameters alone', async () => {
    const applies = { applies: () => false };
    const yaml = `${c}${AXIS}\nrate: {quantity: error, against: N}`;
    await expect(rated(yaml, ({ N }) => 1 / N, [rate(applies)])).rejects.toThrow(/no exponent for error against N/);
    const both = [rate({ ...applies, exponent: '-2' }), rate()];
    expect((await rated(yaml, ({ N }) => 1 / N, both))[0].prediction.exponent!.toString()).toBe('-1');
  });
});

describe('against other things', () => {
  test('toward zero, the end that counts is the small one', async () => {
    const yaml =
      'axes: {c: {geometric: [1e-6, 0.1, 11]}}\nparams: {N: 1}\nrate: {quantity: error, against: c, exponent: 1}';
    const [found] = await rated(yaml, (p) => p.c * (1 + 3 * p.c));
    expect(found).toMatchObject({ verdict: 'consistent', test: { toward: 'zero' } });
    expect(Math.abs(found.slope! - 1)).toBeLessThan(0.01);
    const slow = await rated(yaml, (p) => p.c ** 0.8);
    expect(slow[0].verdict).toBe('inconsistent');
    expect(slow[0].interval![0]).toBeLessThanOrEqual(slow[0].interval![1]);
    expect((await rated(yaml, (p) => p.c ** 1.2))[0].verdict).toBe('suspicious');
    expect((await rated(yaml, (p) => p.c ** -1))[0]).toMatchObject({ verdict: 'inconsistent', reason: /diverges/ });
  });

  test('a power of an integer parameter', async () => {
    const yaml = 'axes: {l: {range: [1, 30, 1]}}\nparams: {N: 1}\nrate: {quantity: error, against: 2^l, exponent: -2}';
    const power = rate({ against: '2^l', exponent: '-2', formula: () => '1/(4*x^2)' });
    expect((await rated(yaml, ({ l }) => 4 ** -(l + 1), [power]))[0].verdict).toBe('proved');
    expect((await rated(yaml, ({ l }) => 4 ** -(l + 1)))[0].verdict).toBe('consistent');
    expect((await rated(yaml, ({ l }) => 3 ** -l))[0].verdict).toBe('inconsistent');
  });

  test('a logarithm beside the power', async () => {
    const yaml = `${AXIS}\nrate: {quantity: error, against: N, exponent: -1, log: 1}`;
    expect((await rated(yaml, ({ N }) => Math.log(N) / N))[0].verdict).toBe('consistent');
    expect((await rated(yaml, ({ N }) => Math.log(N) / N ** 1.2))[0].verdict).toBe('suspicious');
  });
});

describe('several axes', () => {
  const yaml = (more: string) => `axes:\n  c: [1, 10, 1000]\n  N: {geometric: [2, 4096, 12]}\nrate:\n${more}`;

  test('each has its slope at fixed values of the others', async () => {
    const both = yaml(
      '  - {quantity: error, against: N, exponent: -2}\n  - {quantity: error, against: N, exponent: -1}',
    );
    const found = await rated(both, ({ c, N }) => c ** 3 / N ** 2);
    expect(found.map(({ verdict }) => verdict)).toEqual(['consistent', 'suspicious']);
    expect(found[0].slope!).toBeCloseTo(-2, 6);
  });

  test('an exponent that depends on another axis is tested for each of its values', async () => {
    const text =
      'axes:\n  l: [1, 2, 4]\n  N: {geometric: [2, 4096, 12]}\nrate: {quantity: error, against: N, exponent: 2/(l+1)}';
    const found = await rated(text, ({ l, N }) => N ** (2 / (l + 1)));
    expect(found.map(({ at, verdict }) => [at.l, verdict])).toEqual([
      ['1', 'consistent'],
      ['2', 'consistent'],
      ['4', 'consistent'],
    ]);
    const wrong = await rated(text, ({ l, N }) => N ** (l === 4 ? 0.6 : 2 / (l + 1)));
    expect(wrong.map(({ verdict }) => verdict)).toEqual(['consistent', 'consistent', 'inconsistent']);
  });

  test('slopes that differ between the groups leave a wide interval', async () => {
    const text = yaml('  - {quantity: error, against: N, exponent: -2}');
    const [found] = await rated(text, ({ c, N }) => N ** (c === 1 ? -1 : -2));
    expect(found.verdict).not.toBe('consistent');
  });
});

test('values without two positive bounds are counted and left out', async () => {
  const sweep = await plantedSweep(`${AXIS}\nrate: {quantity: error, against: N, exponent: -1}`);
  const results = plantedResults(sweep, ({ N }) => 1 / N).map((result, i) => {
    const bad = [['0', '1'], [null, '1'], ['1', null], ['0', '0'], null, ['-1', '1']][i];
    return bad === undefined ? result : { ...result, values: { error: bad as [string, string] | null } };
  });
  const [found] = rateSweep(sweep, results, SETTINGS);
  expect(found).toMatchObject({ usable: 6, points: 12, verdict: 'consistent' });
  const none = rateSweep(sweep, results.slice(0, 6), SETTINGS);
  expect(none[0]).toMatchObject({ usable: 0, verdict: 'too-few-points', fit: null });
});

describe('exponential orders', () => {
  const few = 'axes: {N: {geometric: [4, 400, 9]}}\n';
  const against = (text: string, exponent: string, rest = '') =>
    `${few}rate: {quantity: error, against: "${text}", exponent: ${exponent}${rest}}`;

  test.each<[string, string, (N: number) => number, string]>([
    ['e^-N', against('exp(N)', '-1'), (N) => 3 * Math.exp(-N), 'consistent'],
    ['e^(-sqrt(N))', against('exp(sqrt(N))', '-1'), (N) => 2 * Math.exp(-Math.sqrt(N)), 'consistent'],
    [
      'e^(-pi sqrt(N/2))',
      against('exp(pi*sqrt(N/2))', '-1'),
      (N) => Math.exp(-Math.PI * Math.sqrt(N / 2)),
      'consistent',
    ],
    ['N e^(-sqrt(N))', against('exp(sqrt(N))', '-1', ', log: 2'), (N) => N * Math.exp(-Math.sqrt(N)), 'consistent'],
    ['any constant', against('exp(sqrt(N))', 'negative'), (N) => Math.exp(-1.7 * Math.sqrt(N)), 'consistent'],
    ['another constant', against('exp(sqrt(N))', '-2'), (N) => Math.exp(-1.7 * Math.sqrt(N)), 'inconsistent'],
    ['a slower kind', against('exp(sqrt(N))', 'negative'), (N) => N ** -2, 'inconsistent'],
    ['a faster kind', against('exp(sqrt(N))', 'negative'), (N) => Math.exp(-N), 'too-few-points'],
    ['no decay', against('exp(sqrt(N))', 'negative'), () => 1, 'inconsistent'],
  ])('%s', async (_, yaml, f, verdict) => {
    const [found] = await rated(yaml, ({ N }) => f(N));
    expect(found.verdict).toBe(verdict);
  });

  test.each<[string, string, string | undefined, string]>([
    ['c*exp(-sqrt(N))', '-1', undefined, 'proved'],
    ['c*N*exp(-sqrt(N))', '-1', '2', 'proved'],
    ['c/(exp(sqrt(N)) + 7)', '-1', undefined, 'proved'],
    ['c*exp(3 - 2*sqrt(N))', '-2', undefined, 'proved'],
    ['c*exp(-sqrt(N))', 'negative', undefined, 'proved'],
    ['c*N*exp(-sqrt(N))', '-1', undefined, 'not'],
    ['c*exp(-2*sqrt(N))', '-1', undefined, 'not'],
    ['c*exp(-N)', 'negative', undefined, 'not'],
  ])('the order of %s is derived', async (formula, exponent, log, verdict) => {
    const bound = (N: number) =>
      new Function('N', 'c', `return ${formula.replaceAll('exp', 'Math.exp').replaceAll('sqrt', 'Math.sqrt')}`)(
        N,
        1,
      ) as number;
    const stated = rate({ against: 'exp(sqrt(N))', exponent, log, formula: () => formula });
    const [found] = await rated(`params: {c: 1}\n${few}`, ({ N }) => bound(N) / 2, [stated]);
    expect(found.verdict === 'proved').toBe(verdict === 'proved');
  });
});
