import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, MAIN, ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/certificates.md'), 'utf8');

describe('docs/certificates.md', () => {
  const folder = scratch();

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    const line = command.replace(/npx exhibit/g, `'${process.execPath}' '${MAIN}'`);
    const { stdout } = await launch('/bin/sh', ['-c', `exec 2>&1; ${line}`], { cwd: folder });
    expect(`${normalised(stdout)}\n`).toMatch(pattern(output));
  });
});
