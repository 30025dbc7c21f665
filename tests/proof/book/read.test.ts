import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBook } from '../../../src/checker/book.js';
import { book, readChapter } from '../../../src/proof/book/read.js';

const CHAPTERS = readdirSync('lemmas').map((name) => readFileSync(join('lemmas', name), 'utf8'));

it('both readers find the same lemmas with the same names, hypotheses and conclusions', () => {
  const own = book();
  const other = readBook(CHAPTERS);
  expect([...own.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [name, lemma] of own) {
    const twin = other.get(name)!;
    expect([...twin.sets]).toEqual(lemma.sets);
    expect([...twin.functions]).toEqual(lemma.functions);
    expect([...twin.numbers]).toEqual(lemma.numbers);
    expect([...twin.abbreviations.keys()]).toEqual([...lemma.abbreviations.keys()]);
    const shape = (relations: readonly { readonly signs: readonly string[] }[]) => relations.map(({ signs }) => signs);
    expect(shape(twin.hypotheses)).toEqual(shape(lemma.hypotheses));
    expect(shape(twin.conclusions)).toEqual(shape(lemma.conclusions));
  }
});

it('every lemma has a source and an argument', () => {
  for (const { name, source, because } of book().values()) {
    expect(source, name).not.toBe('');
    expect(because, name).not.toBe('');
  }
});

it.each([
  ['an unknown field', 'lemma a\nif 1 <= 2\nso 1 <= 2\n'],
  ['no conclusion', 'lemma a\nif      1 <= 2\n'],
  ['a second lemma of one name', 'lemma a\nthen    0 <= 1 <= 2\nlemma a\nthen    0 <= 1 <= 2\n'],
  ['two things of one name', 'lemma a\nfor     sets I\n        numbers I\nthen    0 <= 1 <= 2\n'],
])('the checker refuses a book with %s', (_, text) => {
  expect(() => readBook([text])).toThrow();
});

it('an entry reads as it is written', () => {
  const [lemma] = readChapter(
    'c',
    'lemma a\nfor     sets I, O\n        numbers b\nif      |I| >= 1\nthen    0 <= b <= |I|\n',
  );
  expect(lemma.sets).toEqual(['I', 'O']);
  expect(lemma.hypotheses[0].sides[0]).toMatchObject({ kind: 'call', fn: 'abs', args: [{ kind: 'entry', name: 'I' }] });
});
