import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSequences } from '../../src/data/sequences.js';
import { InputError } from '../../src/errors.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-data-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Reads `content` as a file of that name. */
function read(name: string, content: string | Buffer, T: number, d: number) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readSequences(path, { T, d }).map(({ values, label, origin }) => ({
    values: values.map(String),
    label: label.toString(),
    origin,
  }));
}

/** The message of the InputError that reading throws, without the folder. */
function fault(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  return expect.unreachable();
}

describe('CSV', () => {
  it('holds values token by token, then the label', () => {
    expect(read('a.csv', 'a,b,c,d,y\n1,2,3,4,5\n-0.5,1/3,1e-3,+7,.25\n', 2, 2)).toEqual([
      { values: ['1', '2', '3', '4'], label: '5', origin: 'line 2' },
      { values: ['-1/2', '1/3', '1/1000', '7'], label: '1/4', origin: 'line 3' },
    ]);
  });

  it('may have quoted cells, blanks, blank lines, a byte order mark and Windows line ends', () => {
    const text = '\uFEFF"first, of two",y\r\n "1" , 2 \r\n\r\n"3","-4"\r\n';
    expect(read('b.csv', text, 1, 1)).toEqual([
      { values: ['1'], label: '2', origin: 'line 2' },
      { values: ['3'], label: '-4', origin: 'line 4' },
    ]);
  });

  it('is read exactly', () => {
    const digits = '3.141592653589793238462643383279';
    const [{ values, label }] = read('c.csv', `x,y\n${digits},9007199254740993\n`, 1, 1);
    expect(values).toEqual([`3141592653589793238462643383279/1${'0'.repeat(30)}`]);
    expect(label).toBe('9007199254740993');
  });

  it.each([
    ['a ragged row', 'x,y\n1,2\n3\n', /^f\.csv:3: malformed CSV: .*; allowed: rows of equal length/],
    ['a long row', 'x,y\n1,2\n3,4,5\n', /^f\.csv:3: malformed CSV/],
    ['NaN', 'x,y\n1,2\n3,NaN\n', /^f\.csv:3, field 'y': 'NaN' is not a number/],
    ['infinity', 'x,y\n-inf,2\n', /^f\.csv:2, field 'x': '-inf' is not a number/],
    ['an empty cell', 'x,y\n1,\n', /^f\.csv:2, field 'y': '' is not a number/],
    ['a comma as decimal point', 'x,y\n"1,5",2\n', /^f\.csv:2, field 'x': '1,5' is not a number/],
    ['a huge exponent', 'x,y\n1e999999999,2\n', /^f\.csv:2, field 'x': .*exponent of 999999999/],
    ['another number of columns', 'x,z,y\n1,2,3\n', /^f\.csv:1: 3 columns; allowed: T\*d \+ 1 = 1\*1 \+ 1 = 2/],
    ['no rows', 'x,y\n', /^f\.csv: no sequences; allowed: at least one/],
    ['nothing', '', /^f\.csv: no sequences/],
    ['no header', '1,2\n3,4\n', /^f\.csv:1: numbers; allowed: a header/],
    ['no header and a number that is none', '"1,000",2\n3,4\n', /^f\.csv:1: '1,000'; allowed: a header/],
    ['no header and a missing number', '1,NaN\n3,4\n', /^f\.csv:1: '1'; allowed: a header/],
    ['no number in the place of a header', 'nan,inf\n3,4\n', /^f\.csv:1: 'nan'; allowed: a header/],
    ['a quote in a long cell', `x,y\n${'é'.repeat(3000)}"a",2\n`, /^f\.csv:2: malformed CSV: .{1,400}$/],
    ['an open quote', 'x,y\n"1,2\n3,4\n', /^f\.csv.*malformed CSV/],
  ])('with %s is refused', (_, text, message) => {
    expect(fault(() => read('f.csv', text, 1, 1))).toMatch(message);
  });

  it('is refused with a short message when a header or a cell is hostile', () => {
    const long = 'x'.repeat(1e5);
    expect(fault(() => read('h.csv', `${long},y\n1,z\nNaN,2\n`, 1, 1)).length).toBeLessThan(500);
    expect(fault(() => read('h.csv', `${long},y\nNaN,2\n`, 1, 1)).length).toBeLessThan(500);
    expect(fault(() => read('h.csv', `x,y\n${long},2\n`, 1, 1)).length).toBeLessThan(500);
    expect(fault(() => read('h.csv', `x,y\n${'9'.repeat(1e5)},2\n`, 1, 1))).toMatch(/a number of 100000 characters/);
  });
});

describe('JSON', () => {
  const two = '{"sequences": [[[1, 2], [3, 4]], [[0.1, -2e-1], [5, 6]]], "labels": [7, 12345678901234567890.125]}';

  it('holds N sequences of T tokens of d numbers, read exactly', () => {
    expect(read('a.json', two, 2, 2)).toEqual([
      { values: ['1', '2', '3', '4'], label: '7', origin: 'sequence 0' },
      {
        values: ['1/10', '-1/5', '5', '6'],
        label: '98765431209876543121/8',
        origin: 'sequence 1',
      },
    ]);
  });

  const sequences = (text: string, labels = '[1]') => `{"sequences": ${text}, "labels": ${labels}}`;
  it.each([
    ['a missing token', sequences('[[[1, 2]]]'), "field 'sequence 0': 1 entries; allowed: T tokens, here 2"],
    [
      'a ragged token',
      sequences('[[[1, 2], [3]]]'),
      "field 'sequence 0, token 1': 1 entries; allowed: d numbers, here 2",
    ],
    ['flat sequences', sequences('[[1, 2, 3, 4]]'), "field 'sequence 0': 4 entries"],
    ['a text', sequences('[[[1, 2], [3, "4"]]]'), "field 'sequence 0, token 1': '4'; allowed: a finite number"],
    ['null', sequences('[[[1, 2], [3, null]]]'), "field 'sequence 0, token 1': 'null'"],
    ['a huge exponent', sequences('[[[1, 2], [3, 1e999999999]]]'), 'exponent of 999999999'],
    ['a bad label', sequences('[[[1, 2], [3, 4]]]', '[true]'), "field 'label 0': 'true'"],
    ['too few labels', sequences('[[[1, 2], [3, 4]]]', '[]'), 'sequences: 1 entries, labels: 0 entries'],
    ['no labels', '{"sequences": []}', 'sequences: 0 entries, labels: nothing'],
    ['no sequences', sequences('[]', '[]'), 'no sequences; allowed: at least one'],
    ['NaN', sequences('[[[NaN, 2], [3, 4]]]'), 'malformed JSON'],
    ['Infinity', sequences('[[[Infinity, 2], [3, 4]]]'), 'malformed JSON'],
    ['a list on top', '[]', 'sequences: nothing, labels: nothing'],
    ['a number on top', '3', 'no JSON object'],
    ['null on top', 'null', 'no JSON object'],
    ['nothing', '', 'malformed JSON'],
    ['half of it', two.slice(0, 40), 'malformed JSON'],
    ['a key twice', '{"labels": [1], "labels": [2], "sequences": [[[1,2],[3,4]]]}', "the name 'labels' twice"],
    ['deep nesting', '['.repeat(200_000), 'more than 128 levels'],
  ])('with %s is refused', (_, text, message) => {
    const found = fault(() => read('f.json', text, 2, 2));
    expect(found).toMatch(/^f\.json[,:]/);
    expect(found).toContain(message);
  });
});

describe('files', () => {
  it('that are missing, folders or of another kind are refused', () => {
    mkdirSync(join(folder, 'sub.csv'), { recursive: true });
    const shape = { T: 1, d: 1 };
    expect(fault(() => readSequences(join(folder, 'missing.csv'), shape))).toMatch(/^missing\.csv: no such file/);
    expect(fault(() => readSequences(join(folder, 'sub.csv'), shape))).toMatch(/^sub\.csv: not a file/);
    expect(fault(() => readSequences(join(folder, 'missing.csv', 'x.csv'), shape))).toContain('no such file');
    expect(fault(() => readSequences(join(folder, `${'a'.repeat(5000)}.csv`), shape))).toContain('cannot be read');
    expect(fault(() => readSequences(join(folder, 'a\0.csv'), shape))).toContain('cannot be read');
    expect(fault(() => read('data.txt', 'x,y\n1,2\n', 1, 1))).toMatch(/^data\.txt: a file of another kind/);
    expect(fault(() => read('zip.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 255]), 1, 1))).toMatch(/^zip\.csv/);
  });
});
