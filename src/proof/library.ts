import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError, quote } from '../errors.js';
import { CODE, EXTENSION } from '../root.js';
import type { Theorem } from './theorem.js';

/** The folder of theorem files: one folder per source, one file per theorem. */
const ROOT = fileURLToPath(new URL('proofs-check', CODE));

/**
 * The ids of all theorems. A theorem is the default export of `proofs-check/<source>/<id>`: adding the file adds it.
 */
export function theoremIds(): string[] {
  return [...theoremFiles().keys()].sort();
}

/** Throws InputError with the nearest ids for an unknown one. */
export async function loadTheorem(id: string): Promise<Theorem> {
  const files = theoremFiles();
  const file = files.get(id);
  if (!file) {
    const known = [...files.keys()].sort();
    throw new InputError({
      field: 'theorem',
      found: `unknown theorem ${quote(id)}`,
      allowed: known.join(', '),
      mend: "'exhibit list' describes them",
    });
  }
  const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: Theorem };
  return module.default;
}

/** The package's theorem files by their ids. */
export function theoremFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const source of readdirSync(ROOT, { withFileTypes: true })) {
    if (!source.isDirectory()) continue;
    for (const name of readdirSync(join(ROOT, source.name))) {
      if (extname(name) === EXTENSION && !name.endsWith('.d.ts'))
        files.set(basename(name, EXTENSION), join(ROOT, source.name, name));
    }
  }
  return files;
}
