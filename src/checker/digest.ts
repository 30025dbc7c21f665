import { createHash } from 'node:crypto';

/** Lists up to this length in characters stand in a statement as they are. */
const LONGEST = 400;

/** All texts of a list: in words, or by the SHA-256 of their JSON where that would be long. */
export function listed(texts: readonly unknown[]): string {
  const words = texts.join(', ');
  return words.length <= LONGEST ? words : `the ${texts.length} of the certificate with the SHA-256 ${sha256(texts)}`;
}

/** The hash of a value's JSON, or of the bytes of a file. */
export function sha256(value: unknown): string {
  return createHash('sha256')
    .update(value instanceof Uint8Array ? value : JSON.stringify(value))
    .digest('hex');
}
