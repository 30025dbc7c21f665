import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, OutputError } from '../errors.js';
import { describingFaults, LARGEST_TRANSFER } from './faults.js';
import { SHORT_WAIT, sleep } from './sleep.js';

/**
 * Where a result is written: a plain file, which is replaced whole; something else that takes bytes, such as a device
 * or a pipe, which is written through and never replaced; or a descriptor of this process, such as /dev/stdout.
 */
type Target =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number | undefined }
  | { readonly kind: 'stream'; readonly path: string }
  | { readonly kind: 'descriptor'; readonly descriptor: number };

/**
 * Writes a file piece by piece. A plain file appears whole or not at all; a link is followed, and what it leads to is
 * replaced. Throws InputError for a path that cannot be written, OutputError when the disk is full.
 */
export function writeFile(path: string, pieces: Iterable<Uint8Array>): void {
  describingFaults(path, 'written', () => {
    const target = targetOf(path);
    if (target.kind === 'file') replaceWhole(target.path, target.mode, pieces);
    else if (target.kind === 'stream') writeThrough(target.path, path, pieces);
    else for (const piece of pieces) writeAll(target.descriptor, piece);
  });
}

/**
 * Puts a plain file at the path, whole or not at all, whatever but a folder was there before, without waiting for the disk:
 * after a power failure it may be empty, which its reader must notice. Throws as `writeFile`.
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  describingFaults(path, 'written', () => replaceWhole(path, undefined, [bytes], false));
}

/** Throws InputError for a path that `writeFile` would refuse, so that no work is done in vain. */
export function checkWritable(path: string): void {
  describingFaults(path, 'written', () => {
    const target = targetOf(path);
    if (target.kind === 'file') statSync(dirname(target.path));
  });
}

/** Whether something can be put beside the path: it is, or will be, a plain file. */
export function isPlainTarget(path: string): boolean {
  return describingFaults(path, 'written', () => targetOf(path).kind === 'file');
}

/** Makes a folder and those above it. Throws InputError when that is not possible. */
export function makeFolder(folder: string): void {
  describingFaults(folder, 'made', () => mkdirSync(folder, { recursive: true }));
}

/** Text in pieces as bytes. */
export function* utf8(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const piece of pieces) yield encoder.encode(piece);
}

/** Links that lead to links, beyond which they are taken for a circle, as Linux does. */
const MOST_LINKS = 40;
const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
const STANDARD: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };

/** Follows links one by one, since the last of them may be a descriptor, whose file has to stay the same file. */
function targetOf(given: string): Target {
  let path = given;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const [, number] = DESCRIPTOR.exec(resolve(path)) ?? [];
    const descriptor = number === undefined ? STANDARD[resolve(path)] : Number(number);
    if (descriptor !== undefined) return { kind: 'descriptor', descriptor };
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (!status?.isSymbolicLink()) return classified(path, given, status);
    path = resolve(dirname(path), readlinkSync(path));
  }
  throw new InputError({ file: given, found: 'a circle of symbolic links' });
}

function classified(path: string, given: string, status: Stats | undefined): Target {
  if (!status || status.isFile()) return { kind: 'file', path, mode: status && status.mode & 0o777 };
  if (!status.isDirectory() && !status.isSocket()) return { kind: 'stream', path };
  const found = status.isDirectory() ? 'a folder' : 'a socket';
  throw new InputError({ file: given, found, allowed: 'a file, a device or a pipe to write to' });
}

function replaceWhole(
  path: string,
  mode: number | undefined,
  pieces: Iterable<Uint8Array>,
  waits: boolean = true,
): void {
  const temporary = temporaryBeside(path);
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      for (const piece of pieces) writeAll(file, piece);
      if (waits) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

let own: string | undefined;
let written = 0;

function temporaryBeside(path: string): string {
  own ??= randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${own}${written++}`);
}

/** A pipe that nobody opens for reading must not hold the program up for ever. */
const PATIENCE_SECONDS = 10;

function writeThrough(path: string, given: string, pieces: Iterable<Uint8Array>): void {
  const file = openForWriting(path, given);
  try {
    for (const piece of pieces) writeAll(file, piece);
  } finally {
    closeSync(file);
  }
}

function openForWriting(path: string, given: string): number {
  const end = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (Date.now() > end)
        throw new OutputError(`${given}: nobody reads from this pipe (waited ${PATIENCE_SECONDS} s)`);
      sleep(SHORT_WAIT);
    }
  }
}

/** Writes all bytes, waiting for a reader that is slower. Throws the operating system's faults. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(file, bytes, done, Math.min(bytes.length - done, LARGEST_TRANSFER));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      sleep(SHORT_WAIT);
    }
  }
}
