import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../src/theorem-file/functions.js';
import { ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, printed, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/own-theorems.md'), 'utf8');

describe('the page on own theorems', () => {
  const folder = scratch();
  symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'));
  for (const block of blocksOf(page, 'yaml')) {
    const [, name] = /^theorem: ([\w-]+)/m.exec(block)!;
    writeFileSync(join(folder, `${name}.yaml`), block);
  }
  for (const block of blocksOf(page, 'js')) {
    const [, name] = /^ {2}id: '([\w-]+)'/m.exec(block)!;
    writeFileSync(join(folder, `${name}.mjs`), block);
  }

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    expect(`${normalised(await printed(command, folder))}\n`).toMatch(pattern(output));
  });

  test('names every function of the language', () => {
    const missing = Object.keys(FUNCTIONS).filter((name) => !new RegExp(`\\b${name}\\b`).test(page));
    expect(missing).toEqual([]);
  });
});
