import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError } from '../errors.js';
import { statusOf } from './read.js';

/** What a file is by its name and its first lines, and the command that takes such files. */
interface Kind {
  readonly what: string;
  readonly takenBy: string;
  readonly extensions: readonly string[];
  /** What stands in the first lines. */
  readonly holds?: RegExp;
}

/** The first that fits counts. */
const KINDS = {
  model: { what: 'a network', takenBy: 'exhibit prove, evaluate and run', extensions: ['.onnx'] },
  weights: { what: 'a file of weights', takenBy: 'weights: of a theorem file', extensions: ['.safetensors'] },
  property: { what: 'a VNN-LIB property', takenBy: 'exhibit prove MODEL FILE.vnnlib', extensions: ['.vnnlib'] },
  certificate: {
    ...{ what: 'a certificate', takenBy: 'exhibit check', extensions: ['.json'] },
    holds: /^\s*\{\s*"format":\s*"exhibit-certificate/,
  },
  network: {
    ...{ what: 'a network', takenBy: 'exhibit prove and evaluate', extensions: ['.json'] },
    holds: /^\s*\{\s*"format":\s*"exhibit-network/,
  },
  result: {
    ...{ what: 'a result', takenBy: 'exhibit report', extensions: ['.json'] },
    holds: /^\s*\{\s*("format":\s*\d+,\s*)?"tool":/,
  },
  sweep: { what: 'a sweep', takenBy: 'exhibit sweep', extensions: ['.yaml', '.yml'], holds: /^axes:/m },
  theorem: {
    ...{ what: 'a theorem', takenBy: 'exhibit show and verify', extensions: ['.yaml', '.yml'] },
    holds: /^(?:summary|source|parameters|constants):|^network:[ \t]*(?:#.*)?$/m,
  },
  instance: {
    ...{ what: 'an instance', takenBy: 'exhibit verify and audit', extensions: ['.yaml', '.yml'] },
    holds: /^(theorem|networks?):/m,
  },
  module: { what: 'a module', takenBy: 'exhibit show and verify', extensions: ['.mjs', '.js', '.ts', '.mts'] },
} as const satisfies Record<string, Kind>;

export type FileKind = keyof typeof KINDS;

/** The command that takes a file says so, where another one was asked: throws InputError for a file of none of `kinds`. */
export function refuseOtherKinds(file: string, kinds: readonly FileKind[], allowed: string): void {
  const kind = kindOf(file);
  if (kind === null || kinds.includes(kind)) return;
  const { what, takenBy } = KINDS[kind];
  throw new InputError({ file, found: what, allowed, mend: `${what} is taken by ${takenBy}` });
}

/** Null for a file that looks like none of them, or is not there: whoever reads it says what is wrong. */
function kindOf(file: string): FileKind | null {
  const extension = extname(file).toLowerCase();
  const isThere = statusOf(file)?.isFile();
  const start = isThere && /^\.(ya?ml|json)$/.test(extension) ? beginning(file) : '';
  const found = (Object.entries(KINDS) as [FileKind, Kind][]).find(
    ([, { extensions, holds }]) => extensions.includes(extension) && (!holds || holds.test(start)),
  );
  return found ? found[0] : null;
}

const LOOKED_AT = 1 << 16;

function beginning(file: string): string {
  const bytes = Buffer.alloc(LOOKED_AT);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return bytes.subarray(0, readSync(descriptor, bytes, 0, LOOKED_AT, 0)).toString('utf8');
  } catch {
    return ''; // Whoever reads the file says why it cannot be read.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
