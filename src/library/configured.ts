import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest package.json at or above a directory; null where there is none. */
export function packageFileAbove(directory: string): string | null {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

/** Whether that file may name folders of theorems: a quick look that is wrong on the safe side only. */
export function configuresLibrary(directory: string): boolean {
  const file = packageFileAbove(directory);
  return file !== null && /"exhibit"\s*:\s*\{|\\u/.test(readFileSync(file, 'latin1'));
}
