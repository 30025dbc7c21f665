import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, printed, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/prove.md'), 'utf8');

describe('docs/prove.md', () => {
  const folder = scratch();
  symlinkSync(join(ROOT, 'proofs-check/trained/instances'), join(folder, 'models'));
  symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'));

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    expect(`${normalised(await printed(command, folder))}\n`).toMatch(pattern(output));
  });
});
