import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { parseStatement, parseTermText, printStatement, printTerm } from '../../src/statement/index.js';
import { bare, statementTexts, termTexts } from './arbitrary.js';

describe('parseStatement', () => {
  it('reads what the documentation shows', () => {
    const texts = [
      'for all x in [0, 1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 1/10',
      'for all x in [0, 1]^(64 x 2): |y - (min_{t in 1..32}(x[t, 1]^2) + 1/2*min_{t in 33..64}(x[t, 2]))| <= 1/1000',
      'for all x in [-1, 1]: y = min(max(x, 0), 1)',
      'for all x in [0, 1]^2: |a.y - b.y| <= 1/1000',
      "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 5*max_{i in 1..2}(|x[i] - x'[i]|)",
      'for all x in [0, 1]^2 with x[1] <= x[2]: y[2] >= y[1] + 1/100',
      'for all s in {0..9}^20: argmax(logits[21]) = s[1]',
      'parameters <= 3129 and max|w| <= 24954 and depth <= 3 and units <= 5',
      'for all x in [0, 1] x [-1, 2]: y <= ?',
      'for all x in [0, 1]: ? <= y <= ?',
      'for all x in [0, 1]^2, z in R^3: softmax(y)[2] > 1/2 and 0 <= "/fc1/Relu_output_0"[3] < 4',
      'a.max|w| <= 2',
    ];
    for (const text of texts) expect(printStatement(parseStatement(text))).toBe(text);
  });

  it('reads the best constant as what it is: a supremum of quotients over pairs that are apart', () => {
    const d = "max_{i in 1..2}(|x[i] - x'[i]|)";
    const asked = printStatement(parseStatement(`for all x, x' in [0, 1]^2: |y(x) - y(x')| <= ?*${d}`));
    expect(asked).toBe(`for all x, x' in [0, 1]^2 with ${d} > 0: |y(x) - y(x')|/${d} <= ?`);
    const sum = "(|x[1] - x'[1]| + |x[2] - x'[2]|)";
    const written = printStatement(parseStatement(`for all x, x' in [0, 1]^2: |y(x) - y(x')| <= ?*${sum}`));
    expect(written).toBe(`for all x, x' in [0, 1]^2 with ${sum.slice(1, -1)} > 0: |y(x) - y(x')|/${sum} <= ?`);
  });

  it('reads numbers and shapes as people write them', () => {
    const same = (a: string, b: string) => expect(bare(parseStatement(a))).toEqual(bare(parseStatement(b)));
    same('for all x in [0,1]^(64x2): y <= 1e-3', 'for all x in [0, 1]^(64 x 2): y <= 1/1000');
    same('for all x in [0,0.1]x[0,.5]: y≤2*x[1]', 'for all x in [0, 1/10] x [0, 1/2]: y <= 2*x[1]');
    same('forall t in {1..3, 5}: y = -0.5', 'for all t in {1..3, 5}: y = -1/2');
  });

  it('prints what it reads back to the same tree', () => {
    fc.assert(
      fc.property(statementTexts({ total: false }), (text) => {
        const statement = parseStatement(text);
        expect(bare(parseStatement(printStatement(statement)))).toEqual(bare(statement));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(termTexts({ total: false }), (text) => {
        const term = parseTermText(text);
        expect(bare(parseTermText(printTerm(term)))).toEqual(bare(term));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['for all x in [0,1]^2 |y| <= 1', 'column 22', "'|'", "':'"],
    ['x in [0,1]: y <= 1', 'column 1', "'x'", "write 'for all' in front"],
    ['for all x on [0,1]: y <= 1', 'column 11', "'on'", "'in'"],
    ['for all x in [0,1]: y <= 1e5000', 'column 26', '5001 characters', 'at most 1000'],
    ['for all x in [0,1]: y <= 1e-9999', 'column 26', 'exponent', 'from -5000 to 5000'],
    ['for all x in [0, 1e1500]: y <= 1', 'column 18', '1501 characters', 'at most 1000'],
    ['for all x in (0,1): y <= 1', 'column 15', "'0'", 'a set'],
    ['for all x in [0,1: y <= 1', 'column 18', "':'", 'intervals are closed'],
    ['for all x in [0 1]: y <= 1', 'column 17', "'1'", "','"],
    ['for all x, x in R: y <= 1', 'column 12', "a second 'x'", 'once'],
    ['for all x in R: y', 'column 18', 'the end', 'a comparison'],
    ['for all x in R: y == 1', 'column 19', "'=='", 'write ='],
    ['for all x in R: 2x <= 1', 'column 18', "'x'", 'write *'],
    ['for all x in R: |y| <= ?*x', 'column 17', "'?' times a term", 'two points'],
    ["for all x, x' in R: |y(x) - y(x')| <= ?*|x - x'| and y(x) <= 1", 'column 21', "'?' times a term", 'one relation'],
    ["for all x, x' in R: |y(x) - y(x')| <= ?*|x - x'| + 1", 'column 41', 'a sum', 'one factor'],
    ['for all x in R: |y - x <= 1', 'column 24', "'<='", "'|'"],
    ['for all x in R: y <= 1 or y >= 2', 'column 24', "'or'", "'and'"],
    ['for all x in R: y <= 1; y >= 0', 'column 23', "';'", "'and'"],
    ['for all x in R: y != 1', 'column 19', "'!'", 'what holds'],
    ['for all x in R: ln(x) <= 1', 'column 17', "'ln'", 'log'],
    ['for all x in R: foo(x + 1) <= 1', 'column 17', "'foo'", 'exp'],
    ['for all x in R: sin(x, x) <= 1', 'column 17', 'sin of 2 arguments', '1'],
    ['for all x in R: y/0 <= 1', 'column 19', 'a division by 0', '0'],
    ['for all x in R: ? < y', 'column 17', "'?'", 'u <= ?'],
    ['for all x in R: y <= ? <= 3', 'column 17', "'?'", 'u <= ?'],
    ['for all x in R with x <= ?: y <= 3', 'column 26', "'?'", 'exact bound'],
    ['for all x in R: max_{i in 1..2} x[i] <= 3', 'column 33', "'x'", "'('"],
    ['', 'column 1', 'the end', 'a number'],
    ['for x in R: y <= 1', 'column 5', "'x'", "'all'"],
  ])('%s', (text, place, found, allowed) => {
    const read = () => parseStatement(text);
    expect(read).toThrow(InputError);
    expect(read).toThrow(place);
    expect(read).toThrow(found);
    expect(read).toThrow(allowed);
  });

  it('takes bounded time for hostile texts', () => {
    const hostile = [
      `${'('.repeat(100_000)}1`,
      `${'|'.repeat(100_000)}1`,
      `${'-'.repeat(100_000)}1 <= 2`,
      `${'x^'.repeat(100_000)}1 <= 2`,
      `y <= ${'1'.repeat(2_000)}`,
      `y <= 1e999999999`,
      `for all x in ${'('.repeat(10_000)}R`,
      `${'sin('.repeat(10_000)}x <= 1`,
      'x'.repeat(2_000_000),
      `${'min_{i in 1..2}('.repeat(5_000)}x <= 1`,
    ];
    const began = performance.now();
    for (const text of hostile) expect(() => parseStatement(text)).toThrow(InputError);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('printing', () => {
  it('cuts long lists to their ends and a hash where it is asked to', () => {
    const text = `for all x in R: y <= min(${Array.from({ length: 100 }, (_, i) => `x + ${i}`).join(', ')})`;
    const short = printStatement(parseStatement(text), { longest: 20 });
    expect(short).toMatch(/min\(x \+ 0, x \+ 1, \.\.\. 100 parts, SHA-256 [0-9a-f]{64} \.\.\., x \+ 99\)$/);
    expect(printStatement(parseStatement(text))).toBe(text);
  });
});
