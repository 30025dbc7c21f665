import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, quote } from '../errors.js';
import { importFile } from '../imports.js';
import type { Theorem } from '../proof/theorem.js';
import { CODE, EXTENSION, PACKAGE } from '../root.js';

/** Theorem files by their extension, and the folder they lie in: one folder per source, one file per theorem. */
const ROOTS: readonly (readonly [extension: string, folder: string])[] = [
  [EXTENSION, fileURLToPath(new URL('proofs-check', CODE))],
  ['.yaml', fileURLToPath(new URL('proofs-check', PACKAGE))],
];

/**
 * The ids of all theorems. A theorem is `proofs-check/<source>/<id>.yaml` or the default export of the module of that name: adding
 * the file adds it.
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
      allowed: `one of the ${known.length} that 'exhibit list' shows`,
    });
  }
  if (extname(file) === '.yaml') {
    const { loadTheoremFile } = await import('./yaml-file.js');
    return loadTheoremFile(file);
  }
  const module = EXTENSION === '.ts' ? await importFile(file) : createRequire(import.meta.url)(file);
  return module.default as Theorem;
}

let found: ReadonlyMap<string, string> | undefined;

/** The package's theorem files by their ids; they do not change while a program runs. */
export function theoremFiles(): ReadonlyMap<string, string> {
  found ??= findFiles();
  return found;
}

function findFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [extension, root] of ROOTS) {
    for (const source of readdirSync(root, { withFileTypes: true })) {
      if (!source.isDirectory()) continue;
      for (const name of readdirSync(join(root, source.name))) {
        if (extname(name) !== extension || name.endsWith('.d.ts')) continue;
        files.set(basename(name, extension), join(root, source.name, name));
      }
    }
  }
  return files;
}
