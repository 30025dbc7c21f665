import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { check, networkFileOf, type Outcome } from './check.js';
import { Malformed } from './failure.js';

const LARGEST_FILE = 2 ** 28;

export const EXIT = { verified: 0, rejected: 1, badInput: 3 } as const;

/** Checks the certificate at `path`; the network file is the one that it names beside it, unless given. */
export function runCheck(path: string, network: string | undefined): Outcome {
  const certificate = read(path).toString('utf8');
  return check(certificate, read(network ?? join(dirname(path), networkFileOf(certificate))));
}

/** Checks a file and prints what was verified and the verdict line. Returns the exit code. */
export function checkCommand(path: string, network: string | undefined): number {
  try {
    const outcome = runCheck(path, network);
    process.stdout.write(describe(outcome));
    return outcome.verified ? EXIT.verified : EXIT.rejected;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    process.stderr.write(`error: ${path}: ${error.message}\n`);
    return EXIT.badInput;
  }
}

/** The outcome in words; the verdict is the last line. */
export function describe({ verified, sha256, claims, unchecked, reason }: Outcome): string {
  const lines = [`network ${sha256}`, ...claims.map(({ id, statement }) => `verified ${line(id)}: ${line(statement)}`)];
  for (const { id, reason: why } of unchecked) lines.push(`not checked ${line(id)}: ${line(why)}`);
  if (reason !== null) lines.push(`rejected: ${line(reason)}`);
  return `${lines.join('\n')}\ns ${verified ? 'VERIFIED' : 'REJECTED'}\n`;
}

/** One line without control or direction characters or wide gaps, so that no text of the file can look like a verdict. */
function line(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ');
}

function read(path: string): Buffer {
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new Malformed(`${path} is no plain file`);
    if (status.size > LARGEST_FILE)
      throw new Malformed(`${path} has ${status.size} bytes, allowed are ${LARGEST_FILE}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed(`cannot be read: ${(error as Error).message}`);
  }
}
