import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answer } from './answer.js';
import { launch, ROOT } from './exhibit.js';

it('lists from what the build wrote down what the theorem files say', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'exhibit-list-'));
  try {
    const written = await answer(['list', '--json']);
    const read = await answer(['list', '--json', '--library', empty]);
    expect(written.stdout.length).toBeGreaterThan(10_000);
    expect(JSON.parse(written.stdout)).toEqual(JSON.parse(read.stdout));
  } finally {
    rmSync(empty, { recursive: true });
  }
});

/** npx keeps links to the files that `bin` named when it first ran in a checkout. */
it('answers where npx linked it before the command was CommonJS', async () => {
  const { code, stdout, stderr } = await launch(join(ROOT, 'scripts/exhibit.mjs'), ['list'], {});
  expect(stderr).toBe('');
  expect(stdout).toContain('yarotsky-square');
  expect(code).toBe(0);
});
