import { readFileSync } from 'node:fs';
import { PACKAGE } from './root.js';

/** The package's name and version, as certificates, models and results state them. */
export function tool(): { readonly name: string; readonly version: string } {
  const { name, version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'));
  return { name, version };
}
