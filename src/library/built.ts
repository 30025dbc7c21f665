import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { CODE, EXTENSION } from '../root.js';
import type { Heading } from '../theorem-file/heading.js';
import { theoremFiles } from './package.js';

/** What `scripts/headings.mjs` writes at the end of a build. */
interface Built {
  /** The SHA-256 of theorem files in YAML, by their ids; modules are those of the build. */
  readonly files: Readonly<Record<string, string>>;
  readonly headings: readonly Heading[];
}

/**
 * What a list shows of the package's own theorems, as the build read it, as long as the theorem files are the same; null
 * otherwise. Nothing that reads theorems is loaded for it.
 */
export function builtHeadings(): readonly Heading[] | null {
  const index = new URL('headings.json', CODE);
  if (EXTENSION === '.ts' || !existsSync(index)) return null;
  const { files, headings } = JSON.parse(readFileSync(index, 'utf8')) as Built;
  const own = theoremFiles();
  const isSame = headings.length === own.size && headings.every(({ id }) => isBuilt(own.get(id), files[id]));
  return isSame ? headings : null;
}

function isBuilt(file: string | undefined, sha256: string | undefined): boolean {
  if (file === undefined || extname(file) !== '.yaml') return file !== undefined;
  return createHash('sha256').update(readFileSync(file)).digest('hex') === sha256;
}
