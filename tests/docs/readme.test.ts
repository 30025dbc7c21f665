import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { Rational } from '../../src/numbers/rational.js';
import type { Theorem } from '../../src/proof/theorem.js';
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

describe('the construction of the README', () => {
  const folder = scratch();
  const [source] = blocks('ts');

  async function load(text: string, name: string): Promise<Theorem> {
    const file = join(folder, name);
    writeFileSync(file, text.replace('../../src/index.js', join(ROOT, 'src/index.ts')));
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)).default;
  }

  const R = { kind: 'text', text: '10', place: {} } as const;
  const options = { seed: 0, digits: 17, execution: [], progress: () => {} };
  const verdict = async (theorem: Theorem) => {
    const instance = { theorem: theorem.id, params: new Map([['R', R]]), bounds: new Map<string, Rational>() };
    return verify(theorem, instance, options);
  };

  test('is proved', async () => {
    expect((await verdict(await load(source, 'clip.ts'))).verdict).toBe('proved');
  });

  test('is refuted at x = 2 with a bias of -2', async () => {
    const edited = source.replace('[Rational.zero, Rational.of(-1)]', '[Rational.zero, Rational.of(-2)]');
    expect(edited).not.toBe(source);
    const result = await verdict(await load(edited, 'edited.ts'));
    expect(result.verdict).toBe('refuted');
    expect(result.claims[0].witness).toEqual({ x: '2' });
    expect(result.claims[0].enclosure).toEqual({ lo: Rational.one, hi: Rational.one });
  });
});
