import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';

/** A file that a result depends on, and what it held. */
export interface ReadFile {
  readonly file: string;
  /** Of its bytes. */
  readonly sha256: string;
}

const recorder = new AsyncLocalStorage<Map<string, string>>();

/** What the work gives, and every whole file that was read for it, in the order of the first reading. */
export async function recordingFiles<T>(work: () => Promise<T>): Promise<{ value: T; files: readonly ReadFile[] }> {
  const found = new Map<string, string>();
  const value = await recorder.run(found, work);
  return { value, files: [...found].map(([file, sha256]) => ({ file, sha256 })) };
}

/** Notes a file that was read, where somebody asked for that. */
export function recordFile(path: string, bytes: Uint8Array): void {
  recorder.getStore()?.set(shownPath(path), sha256Of(bytes));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A path from where the command runs, if it lies below. */
export function shownPath(path: string): string {
  const own = relative(process.cwd(), path);
  return own === '' || own.startsWith('..') || isAbsolute(own) ? path : own;
}
