import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The texts of the book's chapters: the files of the folder `lemmas` beside the package file, above this one. */
export function chapters(): string[] {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) folder = new URL('../', folder);
  const names = readdirSync(new URL('lemmas/', folder)).filter((name) => name.endsWith('.txt'));
  return names.sort().map((name) => readFileSync(new URL(`lemmas/${name}`, folder), 'utf8'));
}
