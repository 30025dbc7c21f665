import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { theoremFiles } from '../library/package.js';
import { CODE, EXTENSION } from '../root.js';
import { tool } from '../version.js';

const ROOT = fileURLToPath(CODE);
/** Where code that a result can depend on lies; once built, constructions are part of the first. */
const FOLDERS = ['src', 'constructions', 'proofs-check'].filter((folder) => existsSync(join(ROOT, folder)));

/**
 * The package's version and a hash of its code, so that results of other code are never taken for results of this one,
 * a theorem file that was edited included.
 */
export function codeVersion(): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => extname(file) === EXTENSION && !file.endsWith('.d.ts'))
      .sort();
    for (const file of files) hash.update(`${folder}/${file}\n`).update(readFileSync(join(ROOT, folder, file)));
  }
  for (const file of [...theoremFiles().values()].filter((name) => name.endsWith('.yaml')).sort())
    hash.update(`${basename(file)}\n`).update(readFileSync(file));
  return `${tool().version}+${hash.digest('hex').slice(0, 16)}`;
}
