#!/usr/bin/env node
import { checkDocument } from './check.js';
import { describe, EXIT, line, readFiles } from './command.js';
import { Malformed } from './failure.js';

const USAGE = `usage: exhibit-check CERTIFICATE.json|- [--network FILE.json]

Verifies a certificate of exhibit ('-': on stdin) against the network file that it names beside it, or against FILE.
The last line is s VERIFIED (exit 0), s REJECTED (1) or s UNCHECKED (2, it holds no claim that can be checked);
a file that is no certificate exits 3, a result that cannot be written 4.
`;

/** Writes the whole text and returns `code`; EXIT.unwritable where stdout does not take it, unless its reader has left. */
function result(text: string, code: number): Promise<number> {
  return new Promise((done) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return done(code);
      process.stderr.write(`error: stdout cannot be written: ${error.message}\n`);
      done(EXIT.unwritable);
    });
    process.stdout.write(text, (error) => error ?? done(code));
  });
}

async function main(words: readonly string[]): Promise<number> {
  if (words.length === 1 && ['--help', '-h'].includes(words[0])) return result(USAGE, EXIT.verified);
  const [certificate, flag, network, ...rest] = words;
  const isUsed =
    certificate !== undefined &&
    (certificate === '-' || !certificate.startsWith('-')) &&
    (flag === undefined || (flag === '--network' && network)) &&
    rest.length === 0;
  if (!isUsed) {
    process.stderr.write(USAGE);
    return EXIT.badInput;
  }
  try {
    const outcome = checkDocument(...(await readFiles(certificate, network)));
    return await result(describe(outcome), EXIT[outcome.verdict]);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    process.stderr.write(`error: ${line(certificate)}: ${line(error.message)}\n`);
    return EXIT.badInput;
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
