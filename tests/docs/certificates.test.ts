import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, printed, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/certificates.md'), 'utf8');

describe('docs/certificates.md', () => {
  const folder = scratch();

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    expect(`${normalised(await printed(command, folder))}\n`).toMatch(pattern(output));
  });
});
