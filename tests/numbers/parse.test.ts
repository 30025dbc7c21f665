import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { looksLikeNumber, parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { rational } from '../generators/numbers.js';

const VALUES = [
  ['3', '3'],
  ['+3', '3'],
  ['-0', '0'],
  ['-0.001', '-1/1000'],
  ['1e-3', '1/1000'],
  ['1E3', '1000'],
  ['1e+3', '1000'],
  ['1/1000', '1/1000'],
  ['-6/4', '-3/2'],
  ['2.5/1e3', '1/400'],
  ['1e3/1e-3', '1000000'],
  ['.5', '1/2'],
  ['5.', '5'],
  ['007', '7'],
  [' 1 / 3 ', '1/3'],
  ['\t12\n', '12'],
  ['0.1', '1/10'],
  ['3.141592653589793238462643383279', '3141592653589793238462643383279/1000000000000000000000000000000'],
  ['9007199254740993', '9007199254740993'],
  ['1e0000000000000000000000000000002', '100'],
] as const;

const REJECTED = [
  '',
  ' ',
  '.',
  '-',
  'e5',
  '1e',
  '1e1.5',
  '1e999999999',
  '1e-999999999',
  '1e5001',
  '1e99999999999999999999999999999',
  'NaN',
  'nan',
  'inf',
  'Infinity',
  '-inf',
  '0x10',
  '0o7',
  '1_000',
  '1,5',
  '1 000',
  '1//2',
  '1/2/3',
  '/2',
  '1/',
  '1/0',
  '0/0',
  '1/0.000',
  '1/0e5',
  '--1',
  '+-1',
  '1..2',
  '1.2.3',
  '1+1',
  '2*3',
  '10n',
  '٣',
  '1\n2',
  '1;',
  '$1',
  'true',
];

describe('parseRational', () => {
  it.each(VALUES)('reads %j as %s', (text, value) => {
    expect(parseRational(text).toString()).toBe(value);
  });

  it.each(REJECTED)('refuses %j', (text) => {
    expect(() => parseRational(text)).toThrow(InputError);
  });

  it('reads back what rationals print', () => {
    fc.assert(fc.property(rational, (x) => x.toString().length > 1000 || parseRational(x.toString()).equals(x)));
  });

  it('reads decimals and quotients by place value', () => {
    const part = fc
      .record({
        negative: fc.boolean(),
        integer: fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fraction: fc.stringMatching(/^[0-9]{0,30}$/),
        exponent: fc.integer({ min: -300, max: 300 }),
      })
      .map(({ negative, integer, fraction, exponent }) => ({
        text: `${negative ? '-' : ''}${integer}.${fraction}e${exponent}`,
        num: (negative ? -1n : 1n) * BigInt(`${integer}${fraction}`) * 10n ** BigInt(exponent + 300),
        den: 10n ** BigInt(300 + fraction.length),
      }));
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(parseRational(a.text).equals(Rational.of(a.num, a.den))).toBe(true);
        if (b.num === 0n) return;
        expect(parseRational(`${a.text}/${b.text}`).equals(Rational.of(a.num * b.den, a.den * b.num))).toBe(true);
      }),
    );
  });

  it('accepts the largest exponents and a thousand digits', () => {
    expect(parseRational('1e5000').num).toBe(10n ** 5000n);
    expect(parseRational('1e-5000').den).toBe(10n ** 5000n);
    expect(parseRational('7'.repeat(1000)).num).toBe(BigInt('7'.repeat(1000)));
  });

  it('says in one short line what is wrong', () => {
    expect(() => parseRational('1e999999999')).toThrow(/exponent of 999999999; allowed: exponents from -5000 to 5000/);
    expect(() => parseRational('1/0')).toThrow(/'1\/0', a division by zero/);
    expect(() => parseRational('a\nb')).toThrow("'a\\nb' is not a number");
    for (const hostile of ['9'.repeat(1e6), 'x'.repeat(1e6), `1e${'9'.repeat(900)}`, 'y'.repeat(999)]) {
      try {
        parseRational(hostile);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message.length).toBeLessThan(250);
        expect((error as Error).message).not.toContain('\n');
      }
    }
  });

  it('takes bounded time for hostile texts', () => {
    const start = performance.now();
    for (const hostile of ['9'.repeat(1e6), '1/'.repeat(5e5), ' '.repeat(1e6), '1'.repeat(990), '1e'])
      expect(() => parseRational(`${hostile}x`)).toThrow(InputError);
    parseRational(`${'1'.repeat(490)}e-5000/${'3'.repeat(490)}e5000`);
    for (const hostile of ['1'.repeat(1e6), '.1'.repeat(5e5)]) looksLikeNumber(`${hostile}x`);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('looksLikeNumber', () => {
  it('accepts the form of numbers alone', () => {
    for (const [text] of VALUES) expect(looksLikeNumber(text)).toBe(true);
    for (const text of ['', 'NaN', 'max_1', '0x10', '1+i', '-', '1//2']) expect(looksLikeNumber(text)).toBe(false);
  });
});
