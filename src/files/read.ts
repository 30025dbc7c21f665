import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { InputError } from '../errors.js';
import { describingFaults, LARGEST_TRANSFER, reasonOf } from './faults.js';
import { recordFile } from './record.js';
import { SHORT_WAIT, sleep } from './sleep.js';

/** What is at a path; undefined for nothing, and for what can be no path or may not be looked at. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** What a folder holds. Throws InputError where it cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  return describingFaults(folder, 'read', () => readdirSync(folder, { withFileTypes: true }));
}

/** The bytes of a plain file of at most `limit` bytes. Throws InputError when there is none or it is larger. */
export function readWhole(path: string, limit: number): Uint8Array {
  const bytes = readPlainFile(path, 0, (size) => {
    if (size > limit) throw new InputError({ file: path, found: `${size} bytes`, allowed: `at most ${limit}` });
    return { offset: 0, length: size };
  });
  recordFile(path, bytes);
  return bytes;
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

/** The text of a plain file of at most `limit` bytes. Throws InputError when there is none or it is not in UTF-8. */
export function readText(path: string, limit: number): string {
  return decodeText(readWhole(path, limit), path);
}

/** UTF-8 as text, without a byte order mark. Throws InputError for other bytes. */
export function decodeText(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const allowed = `UTF-8, at most ${LONGEST_STRING} characters`;
    throw new InputError({ file, found: 'bytes that are no text in UTF-8', allowed });
  }
}

/** Of V8, on 64-bit machines. */
const LONGEST_STRING = 2 ** 29 - 24;

const CHUNK = 2 ** 16;

/** All bytes of stdin. Throws InputError beyond `limit` bytes. */
export function readStdin(limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = readSome(0);
    if (chunk.length === 0) return Buffer.concat(chunks);
    size += chunk.length;
    if (size > limit)
      throw new InputError({ file: 'stdin', found: `more than ${limit} bytes`, allowed: `at most ${limit}` });
    chunks.push(chunk);
  }
}

/** What a descriptor has to give next, nothing at its end. */
function readSome(descriptor: number): Uint8Array {
  for (;;) {
    try {
      const bytes = Buffer.allocUnsafe(CHUNK);
      return bytes.subarray(0, readSync(descriptor, bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return new Uint8Array();
      if (code !== 'EAGAIN')
        throw new InputError({ file: 'stdin', found: `cannot be read: ${reasonOf(error as Error)}` });
      sleep(SHORT_WAIT);
    }
  }
}

/** Opening does not wait, so that a pipe cannot hold the program up. */
function readPlainFile(
  path: string,
  flags: number,
  choose: (size: number) => { offset: number; length: number },
): Uint8Array {
  return describingFaults(path, 'read', () => {
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
