import { Mismatch } from '../../src/proof/derivation.js';

/** What is read off a network; why there is no such thing, otherwise. */
export function reading<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
}
