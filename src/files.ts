import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from './errors.js';

/** One call of the operating system moves at most 2^31 - 1 bytes. */
const LARGEST_TRANSFER = 2 ** 30;

/** Writes a file piece by piece so that it appears whole or not at all. Throws InputError when it cannot. */
export function writeAtomically(path: string, pieces: Iterable<Uint8Array>): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  reportingFaults(path, 'written', () => {
    try {
      writeWhole(temporary, pieces);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** The bytes of a plain file of at most `limit` bytes. Throws InputError when there is none or it is larger. */
export function readWhole(path: string, limit: number): Uint8Array {
  return readPlainFile(path, 0, (size) => {
    if (size > limit) throw new InputError({ file: path, found: `${size} bytes`, allowed: `at most ${limit}` });
    return { offset: 0, length: size };
  });
}

/** `length` bytes of a plain file from `offset` on; a link is refused. Throws InputError when the file is shorter. */
export function readRegion(path: string, offset: number, length: number): Uint8Array {
  return readPlainFile(path, constants.O_NOFOLLOW ?? 0, (size) => {
    if (offset + length <= size) return { offset, length };
    throw new InputError({
      file: path,
      found: `${size} bytes`,
      allowed: `at least ${offset + length} for the data in it`,
    });
  });
}

/** Opening does not wait, so that a pipe cannot hold the program up. */
function readPlainFile(
  path: string,
  flags: number,
  choose: (size: number) => { offset: number; length: number },
): Uint8Array {
  return reportingFaults(path, 'read', () => {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | flags);
    try {
      const status = fstatSync(file);
      if (!status.isFile()) throw new InputError({ file: path, found: 'no plain file', allowed: 'a plain file' });
      const { offset, length } = choose(status.size);
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const count = readSync(file, bytes, done, Math.min(length - done, LARGEST_TRANSFER), offset + done);
        if (count === 0) throw new InputError({ file: path, found: 'a file that became shorter while it was read' });
        done += count;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  });
}

function writeWhole(path: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(path, 'wx');
  try {
    for (const piece of pieces) {
      for (let done = 0; done < piece.length; ) {
        done += writeSync(file, piece, done, Math.min(piece.length - done, LARGEST_TRANSFER));
      }
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function reportingFaults<T>(path: string, verb: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined && code !== 'ERR_INVALID_ARG_VALUE') throw error;
    throw new InputError({ file: path, found: `cannot be ${verb}: ${reasonOf(error as Error)}` });
  }
}

/** `no such file or directory` of `ENOENT: no such file or directory, open '...'`. */
function reasonOf({ message }: Error): string {
  return /^[A-Z]+: (.*?),/.exec(message)?.[1] ?? message;
}

/** Text in pieces as bytes. */
export function* utf8(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const piece of pieces) yield encoder.encode(piece);
}

/** All bytes of a stream. Throws InputError beyond `limit` bytes. */
export async function readStream(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit)
      throw new InputError({ file: 'stdin', found: `more than ${limit} bytes`, allowed: `at most ${limit}` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
