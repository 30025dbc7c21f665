import { basename } from './path.js';

/** The web's side of `node:fs`: files that the user dropped, and those that the page brought, in memory. */
const files = new Map<string, Uint8Array>();
const open: (Uint8Array | null)[] = [null, null, null];

/** Makes a file readable under a path. */
export function putFile(path: string, bytes: Uint8Array): void {
  files.set(path, bytes);
}

export const constants = { O_RDONLY: 0, O_NONBLOCK: 0, O_NOFOLLOW: 0 } as const;

function missing(path: string): Error {
  return Object.assign(new Error(`no such file: ${basename(path)}`), { code: 'ENOENT' });
}

function find(path: string | URL): Uint8Array {
  const found = files.get(String(path));
  if (!found) throw missing(String(path));
  return found;
}

export function openSync(path: string): number {
  return open.push(find(path)) - 1;
}

export function closeSync(descriptor: number): void {
  open[descriptor] = null;
}

export function fstatSync(descriptor: number) {
  return { isFile: () => true, size: open[descriptor]?.length ?? 0 };
}

export function readSync(descriptor: number, into: Uint8Array, offset = 0, length = into.length, position = 0): number {
  const part = open[descriptor]?.subarray(position, position + length) ?? new Uint8Array();
  into.set(part, offset);
  return part.length;
}

export function statSync(path: string) {
  return files.has(path) ? { isFile: () => true, isDirectory: () => false, size: find(path).length } : undefined;
}

export function existsSync(path: string | URL): boolean {
  return files.has(String(path)) || String(path).endsWith('package.json');
}

/** The build puts the package's version in. */
declare const VERSION: string;

export function readFileSync(path: string | URL): string {
  if (String(path).endsWith('package.json')) return JSON.stringify({ version: VERSION });
  return new TextDecoder().decode(find(path));
}

export function readdirSync(): string[] {
  return [];
}

function unwritable(): never {
  throw Object.assign(new Error('a page writes no files'), { code: 'EROFS' });
}

/** What writes, or looks at what a page has not. */
export {
  unwritable as accessSync,
  unwritable as chmodSync,
  unwritable as createReadStream,
  unwritable as fsyncSync,
  unwritable as lstatSync,
  unwritable as mkdir,
  unwritable as mkdirSync,
  unwritable as open,
  unwritable as readdir,
  unwritable as readFile,
  unwritable as readlinkSync,
  unwritable as realpathSync,
  unwritable as rename,
  unwritable as renameSync,
  unwritable as rm,
  unwritable as rmSync,
  unwritable as stat,
  unwritable as unlinkSync,
  unwritable as writeFileSync,
  unwritable as writeSync,
};
