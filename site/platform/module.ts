import { create, factory, parseDependencies } from 'mathjs/number';

/** The web's side of `node:module`: the one module that is required by name is the parser of mathjs. */
export function createRequire() {
  return () => ({ create, factory, parseDependencies });
}
