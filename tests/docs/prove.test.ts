import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, MAIN, ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, snippets } from './console.js';

const page = readFileSync(join(ROOT, 'docs/prove.md'), 'utf8');

describe('docs/prove.md', () => {
  const folder = scratch();
  symlinkSync(join(ROOT, 'proofs-check/trained/instances'), join(folder, 'models'));
  symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'));

  test.sequential.each(blocksOf(page, 'console').flatMap(snippets))('$command', async ({ command, output }) => {
    const line = command.replace(/npx exhibit/g, `'${process.execPath}' '${MAIN}'`);
    const { stdout } = await launch('/bin/sh', ['-c', `exec 2>&1; ${line}`], { cwd: folder });
    expect(`${normalised(stdout)}\n`).toMatch(pattern(output));
  });
});
