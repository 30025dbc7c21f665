import { readdirSync, readFileSync } from 'node:fs';
import { PACKAGE } from '../../root.js';

/** The texts of the book's chapters by their names: the files of the folder `lemmas` of the package. */
export function chapters(): ReadonlyMap<string, string> {
  const folder = new URL('lemmas/', PACKAGE);
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  return new Map(
    names.sort().map((name) => [name.slice(0, -'.txt'.length), readFileSync(new URL(name, folder), 'utf8')]),
  );
}
