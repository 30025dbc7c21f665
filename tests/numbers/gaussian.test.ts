import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Gaussian, parseGaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { rational } from '../generators/numbers.js';

const gaussian = fc
  .tuple(fc.oneof(rational, fc.constant(Rational.zero)), fc.oneof(rational, fc.constant(Rational.zero)))
  .map(([re, im]) => new Gaussian(re, im));

describe('Gaussian', () => {
  it('is a field', () => {
    fc.assert(
      fc.property(gaussian, gaussian, gaussian, (a, b, c) => {
        expect(a.add(b).equals(b.add(a))).toBe(true);
        expect(a.mul(b).equals(b.mul(a))).toBe(true);
        expect(a.mul(b.mul(c)).equals(a.mul(b).mul(c))).toBe(true);
        expect(a.mul(b.add(c)).equals(a.mul(b).add(a.mul(c)))).toBe(true);
        expect(a.add(b).sub(b).equals(a)).toBe(true);
        expect(a.add(a.neg()).isZero()).toBe(true);
        expect(a.mul(Gaussian.one).equals(a) && a.add(Gaussian.zero).equals(a)).toBe(true);
        if (!b.isZero()) expect(a.div(b).mul(b).equals(a)).toBe(true);
      }),
    );
  });

  it('multiplies as 2 x 2 rotation matrices [[re, -im], [im, re]] do', () => {
    fc.assert(
      fc.property(gaussian, gaussian, (a, b) => {
        const product = a.mul(b);
        expect(product.re.add(a.im.mul(b.im)).equals(a.re.mul(b.re))).toBe(true);
        expect(product.im.sub(a.im.mul(b.re)).equals(a.re.mul(b.im))).toBe(true);
      }),
    );
    expect(new Gaussian(Rational.zero, Rational.one).mul(new Gaussian(Rational.zero, Rational.one)).toString()).toBe(
      '-1',
    );
  });

  it('has a multiplicative modulus and an automorphism of conjugation', () => {
    fc.assert(
      fc.property(gaussian, gaussian, (a, b) => {
        expect(a.mul(b).squaredModulus().equals(a.squaredModulus().mul(b.squaredModulus()))).toBe(true);
        expect(a.mul(b).conjugate().equals(a.conjugate().mul(b.conjugate()))).toBe(true);
        expect(a.mul(a.conjugate()).equals(new Gaussian(a.squaredModulus()))).toBe(true);
      }),
    );
  });

  it('has no quotient by zero', () => {
    expect(() => Gaussian.one.div(Gaussian.zero)).toThrow(RangeError);
  });
});

describe('parseGaussian', () => {
  it('reads back what is printed', () => {
    fc.assert(
      fc.property(gaussian, (z) => {
        fc.pre(z.toString().length < 1000);
        expect(parseGaussian(z.toString()).equals(z)).toBe(true);
      }),
    );
  });

  it.each([
    ['0.8+0.1i', '4/5', '1/10'],
    ['0.8 - 0.1 i', '4/5', '-1/10'],
    ['1/2', '1/2', '0'],
    ['-3e-2i', '0', '-3/100'],
    ['1e-3+2e-5i', '1/1000', '1/50000'],
    ['-1/2-1/3i', '-1/2', '-1/3'],
    ['i', '0', '1'],
    ['-i', '0', '-1'],
    ['+i', '0', '1'],
    ['2+i', '2', '1'],
    ['2-i', '2', '-1'],
    ['1e5-1e+2i', '100000', '-100'],
    ['0i', '0', '0'],
    ['1 / 2 + 1 / 4 i', '1/2', '1/4'],
  ])('reads %j as %s and %s', (text, re, im) => {
    const z = parseGaussian(text);
    expect([z.re.toString(), z.im.toString()]).toEqual([re, im]);
  });

  it.each([
    '',
    ' ',
    '+',
    'ii',
    'i+1',
    'i+i',
    '1+2',
    '1+2+3i',
    '1i+2i',
    '1++2i',
    '2i3',
    'j',
    '1+2j',
    'NaN',
    'NaNi',
    'inf+i',
    '1/0+i',
    '1+1/0i',
    '1e99999i',
    '0x1i',
    '5 6',
    '1 2+3i',
    '1+2 3i',
    '(1+2i)',
    '1,2',
  ])('refuses %j', (text) => {
    expect(() => parseGaussian(text)).toThrow(InputError);
  });

  it('takes bounded time for hostile texts', () => {
    const start = performance.now();
    const hostile = [
      '1'.repeat(1990),
      '1'.repeat(1e6),
      '+'.repeat(1e6),
      '1+'.repeat(990),
      ' '.repeat(1e6),
      '1e1'.repeat(600),
    ];
    for (const text of hostile) expect(() => parseGaussian(`${text}x`)).toThrow(InputError);
    for (const text of hostile) expect(() => parseGaussian(`${text}i`)).toThrow(InputError);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
