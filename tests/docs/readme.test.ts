import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { Rational } from '../../src/numbers/rational.js';
import type { Theorem } from '../../src/proof/theorem.js';
import { readTheorem } from '../../src/theorem-file/read.js';
import { ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, printed, snippets } from './console.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The fenced blocks of one language. */
const blocks = (language: string) => blocksOf(readme, language);

describe('the tour of the README', () => {
  const folder = scratch();
  symlinkSync(join(ROOT, 'proofs-check'), join(folder, 'proofs-check'));

  test.sequential.each(blocks('console').flatMap(snippets))('$command', async ({ command, output }) => {
    expect(`${normalised(await printed(command, folder))}\n`).toMatch(pattern(output));
  });
});

test('the README says of each package that is used why it is there', () => {
  const rows = [...readme.matchAll(/^\| ([\w.@/-]+) \| /gm)].map(([, name]) => name);
  const sources = ['src', 'constructions', 'proofs-check'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.m?[jt]s$/.test(file))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  const imports = sources.flatMap((text) => [
    ...text.matchAll(/(?:from |import\()'(@[\w.-]+\/[\w.-]+|[a-z][\w.-]*)(?:\/[^']*)?'/g),
  ]);
  const packages = new Set(imports.map(([, name]) => name).filter((name) => name !== 'exhibit-audit'));
  expect(rows.filter((name) => name !== 'Package' && name !== '---')).toEqual([...packages].sort());
});

describe('the theorem of the README', () => {
  const [source] = blocks('yaml');
  const options = { seed: 0, digits: 17, execution: [], progress: () => {} };
  const found = (text: string) => {
    const theorem = readTheorem(text) as unknown as Theorem;
    return verify(theorem, { theorem: theorem.id, params: new Map(), bounds: new Map<string, Rational>() }, options);
  };

  test('is the first example, and is proved', async () => {
    expect(readFileSync(join(ROOT, 'examples/clip.yaml'), 'utf8')).toContain(source);
    expect((await found(source)).verdict).toBe('proved');
  });

  test('is refuted at x = 2 with a bias of -2', async () => {
    const edited = source.replace('[0, -1]', '[0, -2]');
    expect(edited).not.toBe(source);
    const result = await found(edited);
    expect(result.verdict).toBe('refuted');
    expect(result.claims[0].witness).toEqual({ x: ['2'] });
    expect(result.claims[0].enclosure).toEqual({ lo: Rational.one, hi: Rational.one });
  });
});
