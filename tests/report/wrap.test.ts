import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laidOut } from '../../src/report/wrap.js';

test.each([
  [
    '  PROVED (checked)  error: the error is at most 1/1000 everywhere',
    40,
    '  PROVED (checked)  error: the error is\n                    at most 1/1000\n                    everywhere',
  ],
  ['    a line of prose that goes on', 20, '    a line of prose\n    that goes on'],
  ['short\n\nalso short', 20, 'short\n\nalso short'],
  ['a-word-that-is-longer-than-any-line and more', 12, 'a-word-that-is-longer-than-any-line\nand more'],
])('long lines are broken at blanks, below their own beginning: %j', (text, columns, expected) => {
  expect(laidOut(text, columns)).toBe(expected);
});

test('no word is lost or torn, and only a word that is too long reaches beyond the columns', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const line = fc.array(fc.tuple(fc.constantFrom(' ', '  ', '    '), word), { maxLength: 12 });
  fc.assert(
    fc.property(line, fc.integer({ min: 16, max: 60 }), (words, columns) => {
      const text = words.flat().join('');
      const broken = laidOut(text, columns);
      expect(broken.trim().split(/\s+/)).toEqual(text.trim().split(/\s+/));
      for (const part of broken.split('\n'))
        if (part.length > columns) expect(part.trim().split(/\s+/).length).toBeLessThanOrEqual(2);
    }),
  );
});
