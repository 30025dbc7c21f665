import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, utf8, writeFile } from '../files/write.js';
import type { Job } from './point.js';
import type { Outcome } from './quantity.js';

/**
 * Results of points as files named by their keys, `points/ab/cdef....json`: a file appears whole or not at all, its
 * bytes depend on its key alone, and sweeps that have points in common share them.
 */
export class Store {
  constructor(readonly folder: string) {}

  /** The outcome of a point that was computed before; undefined for a file that is damaged as for none. */
  read({ key }: Job): Outcome | undefined {
    try {
      const stored = JSON.parse(readFileSync(this.#path(key), 'utf8'));
      return stored.key === key ? stored.outcome : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  write({ key, theorem, params, seed, digits }: Job, outcome: Outcome): void {
    const path = this.#path(key);
    makeFolder(dirname(path));
    writeFile(path, utf8([`${JSON.stringify({ key, theorem, params, seed, digits, outcome })}\n`]));
  }

  #path(key: string): string {
    return join(this.folder, 'points', key.slice(0, 2), `${key.slice(2)}.json`);
  }
}
