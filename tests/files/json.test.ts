import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { parseJson, parseJsonNumbers } from '../../src/files/json.js';

describe('JSON', () => {
  test('is what JSON.parse says where no name occurs twice', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('with any name written again is refused', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 });
    fc.assert(
      fc.property(objects, fc.nat(), fc.nat(), (object, which, where) => {
        const entries = Object.entries(object).map(
          ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        const again = `${JSON.stringify(Object.keys(object)[which % entries.length])} : null`;
        entries.splice(where % (entries.length + 1), 0, again);
        const text = `[1, {${entries.join(', ')}}]`;
        expect(() => JSON.parse(text)).not.toThrow();
        for (const read of [parseJson, (whole: string) => parseJsonNumbers(whole, Number)]) {
          expect(() => read(text)).toThrow(InputError);
          expect(() => read(text)).toThrow(/twice/);
        }
      }),
    );
  });

  test.each([
    ['an escaped name', '{\n"a": 1,\n"\\u0061": 1}', /^field|'a' twice/],
    ['__proto__', '{"__proto__": 1, "__proto__": 1}', /'__proto__' twice/],
    ['nesting', '['.repeat(129) + ']'.repeat(129), /more than 128 levels/],
    ['nesting that nobody closes', '{"a":'.repeat(1e6), /more than 128 levels/],
    ['a quote that nobody closes', '{"a', /malformed JSON/],
    ['nothing', '', /malformed JSON/],
    ['a byte order mark', '\ufeff1', /malformed JSON/],
    ['a bell in a string', '"\u0007"', /malformed JSON/],
    ['two documents', '1 2', /malformed JSON/],
  ])('with %s is refused', (_, text, message) => {
    for (const read of [parseJson, (whole: string) => parseJsonNumbers(whole, Number)]) {
      expect(() => read(text)).toThrow(message);
      expect(() => read(text)).toThrow(InputError);
    }
  });

  test('names the line', () => {
    expect(() => parseJson('{"a": "\\"", \n "b": [{"c": 1,\n "c": 2}]}')).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ line: 3 }) }),
    );
  });

  test('takes numbers as their texts, and 128 levels', () => {
    expect(parseJsonNumbers('[1e999, {"a": -0.10}]', (text) => text)).toEqual(['1e999', { a: '-0.10' }]);
    expect(parseJson('['.repeat(128) + ']'.repeat(128))).toHaveLength(1);
  });
});
