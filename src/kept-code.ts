import { isAscii } from 'node:buffer';
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { CODE } from './root.js';

/**
 * Keeps the code that V8 compiles of this package between runs, as compiling takes a quarter of a short command. Node does so
 * itself from 22 on; before, this does. Both heed node's variables NODE_COMPILE_CACHE, a folder for it, and
 * NODE_DISABLE_COMPILE_CACHE. Only speed depends on what is kept: what is not there, is another user's, was made by another
 * node or does not have its checksum is compiled anew.
 */
export function keepCode(): void {
  if (isKeeping || process.env.NODE_DISABLE_COMPILE_CACHE) return;
  isKeeping = true;
  const { enableCompileCache, getCompileCacheDir } = module as typeof module & Partial<CompileCache>;
  if (!enableCompileCache) {
    keepIn(ownFolder());
    return;
  }
  enableCompileCache();
  const folder = getCompileCacheDir?.();
  // Threads, which do the work, take the folder from the environment.
  if (folder) process.env.NODE_COMPILE_CACHE ??= dirname(folder);
}

let isKeeping = false;

let writeCompiled = () => {};

/** Writes what is to be kept of the code that is loaded so far: at the exit it is done for the rest. */
export function writeKept(): void {
  const { flushCompileCache } = module as typeof module & Partial<CompileCache>;
  flushCompileCache?.();
  writeCompiled();
}

/** What node has from 22 on. */
interface CompileCache {
  enableCompileCache(): void;
  getCompileCacheDir(): string | undefined;
  /** From 22.10 on. */
  flushCompileCache(): void;
}

/** A folder that this user alone can write to; null where there is none. */
function ownFolder(): string | null {
  const [engine, place] = [cachedDataVersionTag(), crc32(CODE.href)].map((number) => number.toString(16));
  const name = `${process.version}-${process.arch}-${engine}-${place}`;
  const folder = join(process.env.NODE_COMPILE_CACHE || usualFolder(), 'exhibit-audit', name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    return stats.isDirectory() && isOwn(stats) ? folder : null;
  } catch {
    return null;
  }
}

/** Where programs keep what they can make again. */
function usualFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}

/** Whether nobody else can have written it; Windows knows no modes, and the folder is the user's there. */
function isOwn({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0);
}

/** A file that was compiled in this run, where its code is kept, and what was there before. */
interface Compiled {
  readonly script: Script;
  readonly source: Buffer;
  readonly file: string;
  readonly before: Kept | undefined;
}

interface Kept {
  readonly data: Buffer;
  /** Runs that have looked whether they compiled more than this. */
  readonly looks: number;
}

/** Files of the build; those that import are passed over, since node 20 does not let code that was kept do so. */
const isKept = (path: string) => !/^(\.\.|src.chunks.imports-)/.test(path);

function keepIn(folder: string | null): void {
  if (folder === null) return;
  const root = fileURLToPath(CODE);
  const { extensions } = createRequire(import.meta.url);
  let compiled: Compiled[] = [];
  extensions['.cjs'] = (target, file) => {
    const path = relative(root, file);
    if (!isKept(path)) return extensions['.js']!(target, file);
    const { source, code } = readWrapped(file);
    const kept = join(folder, path.replaceAll(sep, '-'));
    const before = readKept(kept, source);
    const script = new Script(code, { filename: file, cachedData: before?.data });
    compiled.push({ script, source, file: kept, before: script.cachedDataRejected ? undefined : before });
    script.runInThisContext()(target.exports, createRequire(file), target, file, dirname(file));
  };
  writeCompiled = () => {
    const written = compiled.filter(keep);
    compiled = [];
    // Once for a new build, or what was old: to look through the folders takes as long as a short command.
    if (written.some(({ before }) => before === undefined)) removeOld(folder);
  };
  process.on('exit', writeCompiled);
}

const [BEFORE, AFTER] = module
  .wrap('\0')
  .split('\0')
  .map((part) => Buffer.from(part));

/** A file, and the function that it is the body of; the build writes ASCII, whose strings take a byte for each character. */
function readWrapped(file: string): { readonly source: Buffer; readonly code: string } {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const end = BEFORE.length + size;
    const all = Buffer.allocUnsafeSlow(end + AFTER.length);
    BEFORE.copy(all);
    AFTER.copy(all, end);
    for (let at = BEFORE.length; at < end; ) {
      const count = readSync(descriptor, all, at, end - at, null);
      if (count === 0) throw new Error(`${file} became shorter while it was read`);
      at += count;
    }
    return { source: all.subarray(BEFORE.length, end), code: all.toString(isAscii(all) ? 'latin1' : 'utf8') };
  } finally {
    closeSync(descriptor);
  }
}

/** The runs that look whether they compiled more than is kept, which takes milliseconds; then as many long ones do. */
const LOOKS = 8;

/** Microseconds of processor time of a long run. */
const LONG = 2e6;

/** The least factor by which it has grown then. */
const GROWN = 1.005;

/** Whether it was written, as what is kept is missing or has less in it. */
function keep({ script, source, file, before }: Compiled): boolean {
  if (before && before.looks >= (cpuTime() < LONG ? LOOKS : 2 * LOOKS)) return false;
  const made = script.createCachedData();
  const data = before && made.length < GROWN * before.data.length ? before.data : made;
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(crc32(data, crc32(source)));
  head.writeUInt8((before?.looks ?? 0) + 1, SUM);
  const own = `${file}.${process.pid}.${threadId}`;
  try {
    writeFileSync(own, Buffer.concat([head, data]), { mode: 0o600, flag: 'wx' });
    renameSync(own, file);
    return true;
  } catch {
    rmSync(own, { force: true });
    return false;
  }
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Milliseconds after which what was kept is removed; if it is of use still, it is made again. */
const OLD = 30 * 24 * 3600 * 1000;

/** Removes it from the folders of all builds, versions of node and flags of V8, and the folders of which nothing is left. */
function removeOld(folder: string): void {
  const all = dirname(folder);
  const others = readdirSync(all, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const of of [folder, ...others.map(({ name }) => join(all, name))]) {
    try {
      for (const name of readdirSync(of)) removeIfOld(join(of, name));
      if (of !== folder) rmdirSync(of);
    } catch {
      // It holds something still, or is another user's.
    }
  }
}

function removeIfOld(file: string): void {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - written > OLD) rmSync(file, { force: true });
}

/** Bytes of the checksum of source and code, with which a file begins, as V8 compares lengths only; a byte counts the looks. */
const SUM = 4;
const HEAD = SUM + 1;

function readKept(file: string, source: Buffer): Kept | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      if (!isOwn(fstatSync(descriptor))) return;
      const all = readFileSync(descriptor);
      const data = all.subarray(HEAD);
      return all.readUInt32LE() === crc32(data, crc32(source)) ? { data, looks: all[SUM] } : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
}
