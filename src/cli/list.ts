import { builtHeadings } from '../library/built.js';
import { configuresLibrary } from '../library/configured.js';
import { painter } from '../report/style.js';
import type { Heading } from '../theorem-file/heading.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit list`: every theorem with its line and source. */
export async function list(flags: CommonFlags): Promise<number> {
  const isOwn = flags.library === undefined && !configuresLibrary(process.cwd());
  const theorems = (isOwn && builtHeadings()) || (await readHeadings(flags));
  const paint = painter(1);
  const width = Math.max(...theorems.map(({ id }) => id.length));
  emit(
    flags,
    () => theorems.map(({ id, summary, source }) => ({ id, summary, source })),
    () =>
      theorems
        .map(({ id, summary, source }) => `${paint('bold', id.padEnd(width))}  ${summary} (${source.paper})\n`)
        .join(''),
  );
  return 0;
}

async function readHeadings(flags: CommonFlags): Promise<readonly Heading[]> {
  const { libraryFor } = await import('../library/instance.js');
  const library = libraryFor(flags);
  return Promise.all(library.ids().map((id) => library.describe(id)));
}
