import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Whether a descriptor is a terminal. What no device is, is none, and needs no node:tty, which takes milliseconds to load. */
export function isTerminal(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && isatty(descriptor);
  } catch {
    return false;
  }
}
