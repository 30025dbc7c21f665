import type { CommonFlags } from './flags.js';

/** Results go to stdout: the document with --json, the text otherwise. */
export function emit(flags: CommonFlags, document: () => unknown, text: () => string): void {
  process.stdout.write(flags.json ? `${JSON.stringify(document(), null, 2)}\n` : text());
}

/** Says on stderr what is going on: one line that is rewritten on a terminal, nothing elsewhere. */
export function progressLine(flags: CommonFlags): (message: string, done?: number, total?: number) => void {
  if (flags.quiet || !process.stderr.isTTY) return () => {};
  process.on('exit', () => process.stderr.write('\r\x1b[K'));
  return (message, done, total) => {
    const share = done === undefined ? '' : total === undefined ? ` ${done}` : ` ${Math.floor((100 * done) / total)} %`;
    process.stderr.write(`\r\x1b[K${`${message}${share}`.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
}

/** Talk for people on stderr, not with --quiet. */
export function say(flags: CommonFlags, message: string): void {
  if (!flags.quiet) process.stderr.write(`${message}\n`);
}
