import { InputError, OutputError } from '../errors.js';

/** One call of the operating system moves at most 2^31 - 1 bytes. */
export const LARGEST_TRANSFER = 2 ** 30;

/** Faults of the medium, not of the path that the user gave. */
const MEDIUM = ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG', 'EPIPE'];

/** Runs `action` and says of the operating system's faults which file could not be read or written, and why. */
export function describingFaults<T>(path: string, verb: 'read' | 'written' | 'made', action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw described(error, path, verb);
  }
}

/** The fault to throw for one that the operating system, or anything else, gave. */
function described(error: unknown, path: string, verb: 'read' | 'written' | 'made'): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined && code !== 'ERR_INVALID_ARG_VALUE') return error;
  const found = `cannot be ${verb}: ${reasonOf(error as Error)}`;
  if (verb !== 'read' && MEDIUM.includes(code ?? '')) return new OutputError(`${path}: ${found}`);
  return new InputError({ file: path, found });
}

/** `no such file or directory` of `ENOENT: no such file or directory, open '...'`. */
export function reasonOf({ message }: Error): string {
  return /^[A-Z]+: (.*?),/.exec(message)?.[1] ?? message;
}
