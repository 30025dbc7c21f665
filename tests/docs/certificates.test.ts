import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORE, codeLines, filesOfRules } from '../../scripts/what-to-read.mjs';
import { ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, printed, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/certificates.md'), 'utf8');

describe('docs/certificates.md', () => {
  const folder = scratch();
  // A certificate that a script on this page reads: of a release of 2026, from before the lemma book.
  const earlier = join(ROOT, 'tests/checker/earlier/composed-readout');
  copyFileSync(`${earlier}.json`, join(folder, 'old.json'));
  copyFileSync(`${earlier}.network.json`, join(folder, 'composed-readout.network.json'));

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    expect(`${normalised(await printed(command, folder))}\n`).toMatch(pattern(output));
  });

  const lines = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + codeLines(file), 0);
  const filesBelow = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, folder, name));

  test('names every file that all checks run, in the section on what to read', () => {
    const [, section] = /^## What to read\n(.*?)^## /ms.exec(page)!;
    const named = [...section.matchAll(/`([\w-]+\.ts)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual([...CORE].map((file) => basename(file)).sort());
  });

  test('says how long the checker is, what all checks run, and its rules', () => {
    const stated = (pattern: RegExp) => Number(pattern.exec(page)![1].replace(',', ''));
    const near = (found: number, said: number) => expect(Math.abs(found / said - 1), `${found}`).toBeLessThan(0.08);
    near(lines(filesBelow('src/checker')), stated(/About ([\d,]+) lines of code/));
    near(lines(filesBelow('src/checker/rules')), stated(/lines of code \(without comments\), ([\d,]+) of them rules/));
    near(lines(CORE), stated(/every check runs, about ([\d,]+) lines/));
    near(Math.max(...[...filesOfRules().values()].map(lines)), stated(/to ([\d,]+) for `statement-bounds`/));
  });
});
