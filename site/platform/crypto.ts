import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The web's side of `node:crypto`, as far as hashes and random bytes go. */
export function createHash(_: 'sha256') {
  const hash = sha256.create();
  const handle = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
      return handle;
    },
    digest(encoding?: 'hex' | 'base64') {
      const bytes = hash.digest();
      if (encoding === 'hex') return bytesToHex(bytes);
      return encoding === 'base64' ? btoa(String.fromCharCode(...bytes)) : bytes;
    },
  };
  return handle;
}

export function randomBytes(count: number) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return { toString: () => bytesToHex(bytes) };
}
