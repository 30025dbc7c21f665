import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `.ts` when the sources run, `.js` when what was built from them does. */
export const EXTENSION = extname(fileURLToPath(import.meta.url));

/** The folder of the package file, above this module wherever the build has put it. */
export const PACKAGE = packageFolder(new URL('./', import.meta.url));

/** The folder with `src` and `proofs-check` in the form that runs. */
export const CODE = EXTENSION === '.ts' ? PACKAGE : new URL('dist/', PACKAGE);

function packageFolder(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder;
  const above = new URL('../', folder);
  if (above.href === folder.href) throw new Error('the package file of exhibit is missing');
  return packageFolder(above);
}
