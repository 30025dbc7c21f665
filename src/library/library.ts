import { realpathSync } from 'node:fs';
import { extname, relative, resolve } from 'node:path';
import { InputError, quote } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readText, statusOf } from '../files/read.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import { didYouMean } from '../nearest.js';
import type { Theorem } from '../proof/theorem.js';
import { type Heading, headingOf } from '../theorem-file/heading.js';
import { configuredFolders, theoremsIn } from './folders.js';
import { loadModule } from './module.js';
import { loadTheorem, theoremFiles as ownFiles } from './package.js';
import { loadTheoremFile } from './yaml-file.js';

/** Where theorems are found: the package's own, and those of the user's folders. */
export interface Library {
  /** All ids, sorted. Throws InputError when two files have the same one. */
  ids(): readonly string[];
  /**
   * The theorem that an id or a path names; a relative path starts from `directory`.
   * Throws InputError for an unknown id, a missing file and a file that holds no theorem.
   */
  load(reference: string, directory?: string): Promise<Theorem>;
  /** What a list shows of the theorem of an id, of a theorem file without reading the whole of it. */
  describe(id: string): Promise<Heading>;
}

/** How theorems are read, by the extension of their file. */
const READERS: Readonly<Record<string, (file: string) => Promise<Theorem>>> = {
  '.yaml': loadTheoremFile,
  '.yml': loadTheoremFile,
  '.mjs': loadModule,
  '.js': loadModule,
  '.ts': loadModule,
  '.mts': loadModule,
};

const origins = new WeakMap<Theorem, string>();

/** The absolute path of the file that a theorem of the user's was read from; null for one of the package's own. */
export function originOf(theorem: Theorem): string | null {
  return origins.get(theorem) ?? null;
}

/** Whether a reference to a theorem is a path rather than an id. */
export function isPath(reference: string): boolean {
  return (
    /[/\\]|\.(onnx|json|vnnlib|safetensors)$/i.test(reference) ||
    Object.hasOwn(READERS, extname(reference).toLowerCase())
  );
}

/** The package's theorems with those of `folders` and of the `exhibit.library` of the nearest package.json. */
export function libraryOf(folders: readonly string[] = [], directory = process.cwd()): Library {
  let known: ReadonlyMap<string, string> | undefined;
  const files = () => {
    known ??= combined([...folders.map((folder) => resolve(folder)), ...configuredFolders(directory)]);
    return known;
  };
  const library: Library = {
    ids: () => [...files().keys()].sort(),
    describe: async (id) => {
      const file = files().get(id);
      const heading = file && /\.ya?ml$/i.test(file) ? headingOf(readText(file, LARGEST_YAML), shown(file)) : null;
      return heading?.id === id ? heading : library.load(id);
    },
    load: async (reference, from = directory) => {
      const own = files();
      if (isPath(reference)) return fromPath(reference, from, own);
      const file = own.get(reference);
      if (file) return fromFile(reference, file);
      const found = `unknown theorem ${quote(reference)}`;
      const { mend } = didYouMean(reference, own.keys());
      if (mend !== undefined) throw new InputError({ field: 'theorem', found, mend });
      throw new InputError({
        field: 'theorem',
        found,
        allowed: `one of the ${own.size} theorems that 'exhibit list' shows, or the path of a theorem file such as ./mine.yaml`,
        mend: '--library DIR adds those of a folder',
      });
    },
  };
  return library;
}

/** Every theorem's file by its id. */
function combined(folders: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map(ownFiles());
  for (const folder of new Set(folders)) {
    for (const [id, file] of theoremsIn(folder)) {
      checkUnique(id, files.get(id), file);
      files.set(id, file);
    }
  }
  return files;
}

function checkUnique(id: string, known: string | undefined, file: string): void {
  if (known === undefined || realpathSync(known) === realpathSync(file)) return;
  const found = `two theorems with the id ${quote(id)}: ${shown(known)} and ${shown(file)}`;
  throw new InputError({ field: 'theorem', found, allowed: 'each id once', mend: 'give one of them another id' });
}

async function fromPath(reference: string, from: string, known: ReadonlyMap<string, string>): Promise<Theorem> {
  const file = resolve(from, reference);
  refuseOtherKinds(shown(file), ['theorem', 'module'], `the file of a theorem: ${Object.keys(READERS).join(', ')}`);
  if (!statusOf(file)?.isFile()) {
    const mend = 'a relative path starts from the file that names it';
    throw new InputError({ field: 'theorem', found: `no theorem file ${quote(shown(file))}`, mend });
  }
  const theorem = await read(file);
  checkUnique(theorem.id, known.get(theorem.id), file);
  return theorem;
}

async function fromFile(id: string, file: string): Promise<Theorem> {
  if (ownFiles().get(id) === file) return loadTheorem(id);
  const theorem = await read(file);
  if (theorem.id === id) return theorem;
  const found = `the theorem ${quote(theorem.id)} in a file that is called after ${quote(id)}`;
  throw new InputError({ file, found, allowed: 'a module that is called after its theorem' });
}

async function read(file: string): Promise<Theorem> {
  const reader = READERS[extname(file).toLowerCase()];
  if (!reader) {
    const allowed = Object.keys(READERS).join(', ');
    throw new InputError({ file: shown(file), found: 'a file of another kind', allowed });
  }
  const theorem = await reader(file);
  origins.set(theorem, file);
  return theorem;
}

/** A path as short as it can be written from here. */
function shown(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') ? file : short;
}
