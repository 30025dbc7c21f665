import { readFileSync } from 'node:fs';

/** The package's name and version, as certificates, models and results state them. */
export function tool(): { readonly name: string; readonly version: string } {
  for (const up of ['../', '../../']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8'));
      if (name === 'exhibit') return { name, version };
    } catch {
      // Compiled code lies one level deeper than the sources.
    }
  }
  throw new Error('the package file of exhibit is missing');
}
