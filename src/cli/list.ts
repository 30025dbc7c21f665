import { painter } from '../report/style.js';
import type { CommonFlags } from './flags.js';
import { libraryFor } from './instance.js';
import { emit } from './output.js';

/** `exhibit list`: every theorem with its line and source. */
export async function list(flags: CommonFlags): Promise<number> {
  const library = libraryFor(flags);
  const theorems = await Promise.all(library.ids().map((id) => library.describe(id)));
  const paint = painter(process.stdout);
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
