import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import { parseJson } from '../files/json.js';
import { readText } from '../files/read.js';
import { makeFolder, replaceFile } from '../files/write.js';
import { readOutcome } from './outcome.js';
import type { Job } from './point.js';
import type { Outcome } from './quantity.js';

const LARGEST_ENTRY = 2 ** 24;

/**
 * Results of points as files named by their keys, `points/ab/cdef....json`: a file appears whole or not at all, its
 * bytes depend on its key alone, and sweeps that have points in common share them. Each holds a checksum of the rest.
 * `notice` hears of entries that are something else, which count as absent.
 */
export class Store {
  /** Folders that are there, unless somebody removed them since. */
  readonly #made = new Set<string>();

  constructor(
    readonly folder: string,
    readonly notice: (message: string) => void = () => {},
  ) {}

  /** The outcome of a point that was computed before; undefined for an entry that is damaged as for none. */
  read({ key }: Job): Outcome | undefined {
    const path = this.#path(key);
    try {
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
      const { sha256, ...entry } = Object(parseJson(readText(path, LARGEST_ENTRY)));
      const outcome = readOutcome(entry.outcome);
      if (outcome && entry.key === key && sha256 === checksum(entry)) return outcome;
      this.notice(`${path}: no result of this point, or one that was altered; it is computed again`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.notice(`${error.at({ file: path }).message}; it is computed again`);
    }
    return undefined;
  }

  /** Keeps an outcome, if it can. What a power failure leaves of it has another checksum, and the point is computed again. */
  write({ key, theorem, params, seed, digits }: Job, outcome: Outcome): boolean {
    const path = this.#path(key);
    const folder = dirname(path);
    if (!this.#made.has(folder)) makeFolder(folder);
    this.#made.add(folder);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      this.notice(`${path}: a folder where a result belongs: that of this point is not kept`);
      return false;
    }
    const entry = { key, theorem, params, seed, digits, outcome };
    replaceFile(path, Buffer.from(`${JSON.stringify({ ...entry, sha256: checksum(entry) })}\n`));
    return true;
  }

  #path(key: string): string {
    return join(this.folder, 'points', key.slice(0, 2), `${key.slice(2)}.json`);
  }
}

function checksum(entry: object): string {
  return createHash('sha256').update(JSON.stringify(entry)).digest('hex');
}
