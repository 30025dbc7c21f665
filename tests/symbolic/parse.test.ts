import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { parseRational } from '../../src/numbers/parse.js';
import { parseExpression, toText } from '../../src/symbolic/index.js';

const read = (text: string) => parseExpression(text, ['x1', 'x2']);

describe('parseExpression', () => {
  it.each([
    '0.1234567890123456789012345678901234567890123456789012345678901234567890123',
    '1e-400',
    '1e400',
    '.5',
    '5.',
    '2.50e+3',
    '0.1',
  ])('reads the number %s exactly', (text) => {
    expect(read(text)).toEqual({ kind: 'constant', value: parseRational(text) });
  });

  it('knows precedence and associativity', () => {
    const value = (text: string) => toText(read(text));
    expect(value('2 - 3 - 4')).toBe('-5');
    expect(value('2/3/4')).toBe('1/6');
    expect(value('2 - 3*4^2/6')).toBe('-6');
    expect(value('-2^2')).toBe('-4');
    expect(value('2^-1')).toBe('1/2');
    expect(value('2^3^2')).toBe('512');
    expect(value('-(1 - 3)*+4')).toBe('8');
    expect(value('10 - (4 - (3 - 2))')).toBe('7');
  });

  it('takes a variable named like a constant or a function as the variable', () => {
    expect(parseExpression('pi + exp', ['pi', 'exp'])).toMatchObject({
      kind: 'sum',
      terms: [{ of: { name: 'pi' } }, { of: { name: 'exp' } }],
    });
  });

  it('reads line breaks as blanks', () => {
    expect(toText(read('x1\n + x2'))).toBe('x1 + x2');
  });

  it.each([
    ['x = 3', "'='"],
    ['f(x1) = x1', "'='"],
    ['x1 < x2', "'<'"],
    ['"a"', `'"'`],
    ['[1, 2]', "'['"],
    ['{a: 1}', "'{'"],
    ['x1[1]', "'['"],
    ["x1'", `"'"`.slice(1, -1)],
    ['x1!', "'!'"],
    ['50%', "'%'"],
    ['x1; x2', "';'"],
    ['x1 # note', "'#'"],
    ['x1 ? 1 : 2', "'?'"],
    ['1:2', "':'"],
    ['x1 \u221e', '\u221e'],
    ['x1 x2', 'write * between factors'],
    ['2x1', 'write * between factors'],
    ['1/2 x1', 'write * between factors'],
    ['(x1)(x2)', 'write * between factors'],
    ['3 cm', 'write * between factors'],
    ['x3', "'x3' in 'x3' is not a variable here; allowed: numbers, the variables x1, x2, pi"],
    ['e^x1', 'write exp(1)'],
    ['ln(x1)', 'write log'],
    ['gamma(x1)', "the function 'gamma'"],
    ['select(x1, 1, 2)', "the function 'select'"],
    ['toString(x1)', "the function 'toString'"],
    ['constructor', "'constructor'"],
    ['__proto__(x1)', "the function '__proto__'"],
    ['x1(3)', "the function 'x1'"],
    ['x1.y', "a '.' outside a number"],
    ['x1.y(3)', "the function 'x1.y'"],
    ['x1 .* x2', "the operator '.*'"],
    ['x1 to x2', "the operator 'to'"],
    ['x1 and x2', "the operator 'and'"],
    ['not x1', "the operator 'not'"],
    ['true', "'true'"],
    ['null', "'null'"],
    ['NaN', "'NaN' is not a number"],
    ['Infinity', "'Infinity' is not a number"],
    ['0x1F', "'0x1F' is not a number"],
    ['1e999999999', 'exponent of 999999999'],
    ['x1^x2', 'exp(y*log(x))'],
    ['2^pi', 'not a rational constant'],
    ['1/0', 'division by 0'],
    ['x1/(1 - 1)', 'division by 0'],
    ['exp(x1, x2)', 'exp with 2 arguments'],
    ['min()', 'min with 0 arguments'],
    ['sqrt()', 'sqrt with 0 arguments'],
    ['x1 +', 'Unexpected end of expression'],
    ['(x1', 'Parenthesis ) expected'],
    ['1.2.3', 'Unexpected part'],
    ['', 'an empty expression'],
    ['  \n', 'an empty expression'],
    ['x1^1000000', 'too large'],
    ['((9^99)^99)^99', 'too large'],
    [`${'abs('.repeat(150)}x1${')'.repeat(150)}`, '100 levels'],
    ['('.repeat(9000), 'nests too deep'],
    [`${'-'.repeat(9000)}x1`, '100 levels'],
    [`x1${'^2'.repeat(4000)}`, '100 levels'],
    ['exp('.repeat(2000), 'nests too deep'],
    ['x1+'.repeat(4000), 'an expression of 12000 characters; allowed: at most 10000'],
    [`${'9'.repeat(1001)}`, '1001 characters'],
    [`${'1e5000*'.repeat(1400)}1`, 'too large'],
  ])('refuses %s', (text, part) => {
    const start = performance.now();
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(part);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('takes long sums and products without recursion', () => {
    expect(toText(read(`0${'+x1'.repeat(3000)}`))).toBe('3000*x1');
    expect(toText(read(`1${'*x1'.repeat(3000)}`))).toBe('x1^3000');
  });

  it('throws nothing but InputError', () => {
    const pieces = fc.constantFrom(
      'x1',
      '2',
      '.5',
      '1e3',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '^',
      ',',
      ' ',
      'exp',
      'max(',
      'e',
      'to',
      '.',
      '0',
      "'",
      'i',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
