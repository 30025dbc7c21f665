import { readFileSync } from 'node:fs';
import { PACKAGE } from './root.js';

/** The name of the command and the package's version, as certificates, models and results state them. */
export function tool(): { readonly name: string; readonly version: string } {
  const { version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'));
  return { name: 'exhibit', version };
}
