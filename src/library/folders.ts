import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError, placed, quote } from '../errors.js';
import { parseJson } from '../files/json.js';
import { entriesOf, readText, statusOf } from '../files/read.js';
import { packageFileAbove } from './configured.js';

const MODULES = ['.mjs', '.js', '.ts', '.mts'];
const LARGEST_FILE = 2 ** 20;

/**
 * The theorem files of a folder and of the folders in it, by the theorem's id: YAML files with `theorem:` and a list of
 * tensors under `network:`, and modules that are called after their theorem. Throws InputError when there is no such folder
 * and when two files have one id.
 */
export function theoremsIn(folder: string): ReadonlyMap<string, string> {
  if (!statusOf(folder)?.isDirectory())
    throw new InputError({ field: '--library', file: folder, found: 'no such folder' });
  const found = new Map<string, string>();
  for (const file of [folder, ...foldersIn(folder)].flatMap(filesIn)) {
    const id = idOf(file);
    if (id === null) continue;
    const other = found.get(id);
    if (other !== undefined) {
      const both = `two theorems with the id ${quote(id)}: ${other} and ${file}`;
      throw new InputError({ field: 'theorem', found: both, allowed: 'each id once' });
    }
    found.set(id, file);
  }
  return found;
}

/** The folders under `exhibit.library` in the nearest package.json at or above a directory. */
export function configuredFolders(directory: string): readonly string[] {
  const file = packageFileAbove(directory);
  return file === null ? [] : foldersOf(file);
}

function foldersOf(file: string): readonly string[] {
  const allowed = '{"exhibit": {"library": "folder"}} or a list of folders';
  const content = placed({ file }, () => parseJson(readText(file, LARGEST_FILE)));
  const settings = (content as { exhibit?: { library?: unknown } | null } | null)?.exhibit?.library;
  if (settings === undefined) return [];
  const folders = Array.isArray(settings) ? settings : [settings];
  if (folders.some((folder) => typeof folder !== 'string'))
    throw new InputError({ file, field: 'exhibit.library', found: 'no path', allowed });
  return folders.map((folder) => resolve(dirname(file), folder));
}

function foldersIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => join(folder, name));
}

function filesIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .sort();
}

/** The id of the theorem in a file, without reading more of it than that takes; null when it holds none. */
function idOf(file: string): string | null {
  const extension = extname(file).toLowerCase();
  if (extension === '.yaml' || extension === '.yml')
    return isTheoremFile(file) ? idInside(readFileSync(file, 'utf8')) : null;
  const isModule = MODULES.includes(extension) && !/\.(d|test|config)\.[a-z]+$/.test(file);
  return isModule && holdsTheorem(file) ? basename(file, extname(file)) : null;
}

/** Whether a YAML file is a theorem rather than an instance or a sweep: it has an id and a list of tensors. */
export function isTheoremFile(file: string): boolean {
  const stats = statusOf(file);
  if (!stats?.isFile() || stats.size > LARGEST_FILE) return false;
  const text = readFileSync(file, 'utf8');
  return idInside(text) !== null && /^network:\s*(#.*)?$/m.test(text);
}

function idInside(text: string): string | null {
  return /^theorem:\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? null;
}

/** A module with a default export that speaks of claims; a helper beside it is none. */
function holdsTheorem(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  return /export\s+default|as\s+default/.test(text) && /\bclaims\b/.test(text);
}
