import { createReadStream, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Certificate, networkFileOf, type Outcome, readCertificate } from './check.js';
import { Malformed, Unfinished } from './failure.js';

const LARGEST_FILE = 2 ** 25;

export const EXIT = { verified: 0, rejected: 1, unfinished: 1, unchecked: 2, badInput: 3, unwritable: 4 } as const;

/**
 * The certificate at `path`, or on stdin for `-`, and the bytes of the network file that it names beside it, or of the one that
 * is given. Throws Malformed.
 */
export async function readFiles(path: string, network: string | undefined): Promise<[Certificate, Uint8Array]> {
  const certificate = readable((await read(path)).toString('utf8'));
  return [certificate, await read(network ?? join(dirname(path), networkFileOf(certificate)))];
}

/** A file that nothing is known of yet is no certificate when reading it takes the whole budget. */
function readable(text: string): Certificate {
  try {
    return readCertificate(text);
  } catch (error) {
    throw error instanceof Unfinished ? new Malformed(error.message) : error;
  }
}

/** The outcome in words; the verdict is the last line. What was not finished was not verified: the file is rejected. */
export function describe({ verdict, sha256, claims, unchecked, reason }: Outcome): string {
  const lines = [`network ${sha256}`];
  for (const { id, statement } of claims)
    if (statement !== null) lines.push(`verified ${line(id)}: ${line(statement)}`);
  for (const { id, reason: why } of unchecked) lines.push(`not checked ${line(id)}: ${line(why)}`);
  const failed = claims.flatMap((claim) => (claim.reason === null ? [] : [claim.reason]));
  for (const why of failed.length === 0 && reason !== null ? [reason] : failed) lines.push(`rejected: ${line(why)}`);
  const last = verdict === 'unfinished' ? 'rejected' : verdict;
  return `${lines.join('\n')}\ns ${last.toUpperCase()}\n`;
}

/** One line without control or direction characters or wide gaps, so that no text of the file can look like a verdict. */
export function line(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ');
}

async function read(path: string): Promise<Buffer> {
  try {
    if (path !== '-' && !statSync(path).isFile())
      throw new Malformed(`${path} is no plain file; '-' reads a certificate from stdin`);
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of path === '-' ? process.stdin : createReadStream(path)) {
      bytes += part.length;
      if (bytes > LARGEST_FILE) throw new Malformed(`${path} has more than ${LARGEST_FILE} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed(`cannot be read: ${(error as Error).message}`);
  }
}
