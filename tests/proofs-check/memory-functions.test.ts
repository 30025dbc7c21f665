import { describe, expect, it } from 'vitest';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited, relativeWidth } from '../generators/audits.js';

const near = (claim: { readonly enclosure: { readonly lo: Rational | null; readonly hi: Rational | null } | null }) =>
  [claim.enclosure!.lo!, claim.enclosure!.hi!].map(approximate);
const SHARP = Rational.of(1, 10 ** 6);

describe('polynomial-memory', () => {
  // numpy: the largest difference at 3,300 times up to 10^9, for these steps and centres; and eigvalsh of the Hankel matrix.
  it.each([
    [1, '3.2', '-0.8', 0.08590855526768079],
    [8, '1.15', '-3', 0.0008804196998104252],
  ])('m = %i: the error over all times', async (m, h, c, error) => {
    const result = await audited('polynomial-memory', ['p=1', `m=${m}`, `h=${h}`, `c=${c}`]);
    const [lo, hi] = near(result.claim('error'));
    expect(result.claim('error').verdict).toBe('proved');
    expect(lo).toBeLessThanOrEqual(error * (1 + 1e-9));
    expect(hi).toBeGreaterThanOrEqual(error * (1 - 1e-9));
    expect(relativeWidth(result.claim('error')).le(SHARP)).toBe(true);
  });

  it('goes below no Hankel bound', async () => {
    const result = await audited('polynomial-memory', ['p=1', 'm=1', 'n=4']);
    const [lo, hi] = near(result.claim('singular-value'));
    expect(lo).toBeLessThanOrEqual(0.16914122022145);
    expect(hi).toBeGreaterThanOrEqual(0.16914122022144);
    const barrier = result.claim('barrier');
    expect(near(barrier)[0]).toBeGreaterThan(0.0422853);
    expect(barrier.enclosure!.hi!.equals(result.claim('error').enclosure!.hi!)).toBe(true);
  });

  it('refutes errors below what is attained', async () => {
    const params = ['p=2', 'm=4'];
    const verdictOf = async (bound: string) =>
      (await audited('polynomial-memory', params, { bounds: { error: bound } })).claim('error').verdict;
    expect(await verdictOf('1/500')).toBe('proved');
    expect(await verdictOf('1/1000')).toBe('refuted');
  });
});

it('exponential-memory: 1/2 for e^(-7/10)', async () => {
  // max_t |2^-t - e^(-7t/10)| by mpmath, at t = 1.
  const [lo, hi] = near((await audited('exponential-memory', ['alpha=7/10', 'pole=1/2'])).claim('error'));
  expect(lo).toBeCloseTo(0.00341469620859, 12);
  expect(hi).toBeCloseTo(0.00341469620859, 12);
});

it('airy-memory: a cliff of singular values', async () => {
  const result = await audited('airy-memory', ['s0=1', 'alpha=10', 'm=8', 'n=30']);
  expect(near(result.claim('threshold'))).toEqual([8, 8]);
  expect(result.claim('h-infinity').verdict).toBe('proved');
  expect(near(result.claim('error'))[1]).toBeLessThan(0.01);
});

it('airy-memory: a response that outlasts the memory by far is enclosed all the same', async () => {
  const result = await audited('airy-memory', ['s0=2', 'alpha=2', 'm=1', 'n=8']);
  expect(result.claim('error').verdict).toBe('proved');
  await expect(audited('airy-memory', ['s0=8', 'alpha=100', 'm=6'])).rejects.toThrow('at most 400');
});
