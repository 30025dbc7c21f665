import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { CODE, EXTENSION } from './root.js';

/**
 * A package that few commands use and whose loading takes long, read at its first use: the build puts what is used of it into
 * `vendor/NAME.cjs`, and the sources take it from node_modules, where it is called `source`.
 */
export function vendored<T>(name: string, source = name): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= createRequire(import.meta.url)(
      EXTENSION === '.ts' ? source : fileURLToPath(new URL(`vendor/${name}.cjs`, CODE)),
    ) as T;
    return loaded;
  };
}
