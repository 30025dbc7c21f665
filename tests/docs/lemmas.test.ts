import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../cli/exhibit.js';
import { bookPage } from '../generators/book-page.js';

it('docs/lemmas.md is what the book says (written again by npx vitest run tests/docs/lemmas.test.ts -u)', async () => {
  await expect(bookPage()).toMatchFileSnapshot(join(ROOT, 'docs/lemmas.md'));
});
