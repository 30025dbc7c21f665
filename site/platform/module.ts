import * as mathjs from 'mathjs/number';
import * as yaml from 'yaml';

/** The web's side of `node:module`: what is required by name are the parsers of `vendored`. */
export function createRequire() {
  return (file: string) => (file.includes('yaml') ? yaml : mathjs);
}
