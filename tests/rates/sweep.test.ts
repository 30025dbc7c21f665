import { describe, expect, test } from 'vitest';
import { loadTheorem } from '../../src/library/package.js';
import { countPoints, readSweep } from '../../src/rates/sweep.js';
import { plantedSweep } from './planted.js';

const read = (yaml: string) => readSweep(yaml, loadTheorem, 'sweep.yaml');
const GAP = 'theorem: softmin-gap\nparams: {T: 64}\n';

describe('a sweep file', () => {
  test('of the contract is read as it says', async () => {
    const { theorem, axes, record, rates } = await read(
      `${GAP}axes: {beta: {geometric: [10, 100000, 9]}}
record: [error, network.parameters]
rate: {quantity: error, against: beta, exponent: -1}`,
    );
    expect(theorem.id).toBe('softmin-gap');
    expect(axes.map(({ name, values }) => [name, values.length])).toEqual([['beta', 9]]);
    expect(record).toEqual(['error', 'network.parameters']);
    expect(rates).toMatchObject([{ quantity: 'error', exponent: '-1', toward: 'infinity' }]);
  });

  test('without rates tests those that the theorem states for its axes', async () => {
    const { rates, record } = await read(`${GAP}axes: {beta: [1, 2, 4, 8]}`);
    expect(rates.map(({ quantity, against }) => [quantity, against.text])).toEqual([['error', 'beta']]);
    expect(record).toEqual(['error']);
  });

  test.each([
    ['nothing', '', /a map with theorem, axes/],
    ['an unknown field', `${GAP}axes: {beta: [1]}\nexpect: proved`, /:4, field 'expect': unknown field 'expect'/],
    ['no axes', GAP, /no axes/],
    ['an axis map without an axis', `${GAP}axes: {}`, /no axis/],
    ['an empty axis', `${GAP}axes: {beta: []}`, /:3, field 'axes.beta': an empty axis/],
    ['an unknown theorem', 'theorem: softmin\naxes: {beta: [1]}', /:1.*unknown theorem 'softmin'/],
    ['an unknown parameter', `${GAP}axes: {gamma: [1]}`, /unknown parameter 'gamma' of softmin-gap/],
    ['a missing parameter', 'theorem: softmin-gap\naxes: {beta: [1]}', /softmin-gap needs the parameter T/],
    [
      'a value out of range',
      `${GAP}axes: {beta: [1, -2]}`,
      /:3, field '.*beta.*': '-2'; allowed: an exact number above 0/,
    ],
    ['an axis that is also fixed', `${GAP}axes: {T: [2, 3], beta: [1]}`, /both as an axis and under params/],
    [
      'an unknown quantity to record',
      `${GAP}axes: {beta: [1]}\nrecord: [eror]`,
      /:4.*unknown quantity 'eror' of softmin-gap; allowed: a claim \(error,/,
    ],
    [
      'an unknown path to record',
      `${GAP}axes: {beta: [1]}\nrecord: [network.weights]`,
      /unknown quantity 'network.weights'/,
    ],
    [
      'an unknown quantity to rate',
      `${GAP}axes: {beta: [1]}\nrate: {quantity: eror, against: beta, exponent: 1}`,
      /:4.*unknown quantity 'eror'/,
    ],
    [
      'a rate against no axis',
      `${GAP}axes: {beta: [1]}\nrate: {quantity: error, against: T, exponent: 1}`,
      /:4.*'T'; allowed: an axis \(beta\)/,
    ],
    [
      'an unknown field of a rate',
      `${GAP}axes: {beta: [1]}\nrate: {quantity: error, against: beta, slope: 1}`,
      /unknown field 'slope'/,
    ],
    [
      'a wrong direction',
      `${GAP}axes: {beta: [1]}\nrate: {quantity: error, against: beta, exponent: 1, toward: one}`,
      /'one'; allowed: infinity or zero/,
    ],
  ])('with %s is bad input', async (_, yaml, message) => {
    await expect(read(yaml)).rejects.toThrow(message);
  });

  test('an exponent that is no exact number is bad input before anything runs', async () => {
    const yaml = `${GAP}axes: {beta: [1, 2]}\nrate: {quantity: error, against: beta, exponent: W}`;
    await expect(read(yaml)).rejects.toThrow(/:4.*'?W'?/);
  });

  test('execution claims are no quantities: they are no function of the parameters', async () => {
    await expect(plantedSweep('axes: {N: [1]}\nrecord: [execution]')).rejects.toThrow(/unknown quantity 'execution'/);
  });
});

describe('the number of points', () => {
  const axes = (N: number) => `axes:\n  N: {range: [1, ${N}, 1]}\n  l: {range: [1, 100, 1]}`;

  test('is the product of the axes, up to the limit', async () => {
    expect(countPoints(await plantedSweep(axes(100)), false)).toBe(10_000);
  });

  test('beyond the limit must be confirmed', async () => {
    const sweep = await plantedSweep(axes(101));
    expect(() => countPoints(sweep, false)).toThrow(
      /10100 points \(101 \* 100\); allowed: at most 10000 points without --yes/,
    );
    expect(countPoints(sweep, true)).toBe(10_100);
  });

  test('has a limit that nothing lifts', async () => {
    const sweep = await plantedSweep(axes(10_001));
    expect(() => countPoints(sweep, true)).toThrow(/1000100 points .*; allowed: at most 1000000$/);
  });
});
