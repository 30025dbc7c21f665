import { workerData } from 'node:worker_threads';
import { OutputError } from '../errors.js';
import { reasonOf } from '../files/faults.js';
import { isTerminal } from '../files/terminal.js';
import { writeAll } from '../files/write.js';
import { jsonText, visible } from '../report/visible.js';
import { laidOut } from '../report/wrap.js';

type Flags = { readonly json?: boolean; readonly quiet?: boolean };

/**
 * Results go to stdout: the document with --json, the text otherwise; code, whose lines are not to be broken, as it is.
 * Throws OutputError when they cannot be written.
 */
export function emit(flags: Flags, document: () => unknown, text: () => string, isCode = false): void {
  if (flags.json) put(`${jsonText(document())}\n`);
  else if (isCode) put(visible(text()));
  else print(text());
}

/**
 * Prints text for people on stdout, without characters that act on a terminal, in lines that fit into one. Throws
 * OutputError.
 */
export function print(text: string): void {
  const width = columns();
  put(width === undefined ? visible(text) : laidOut(visible(text), width));
}

/**
 * The columns of the terminal that stdout is; undefined elsewhere. A thread has them from the one that started it,
 * and a terminal that does not know says 0.
 */
export function columns(): number | undefined {
  if (!isTerminal(1)) return undefined;
  return Math.max(NARROWEST, process.stdout.columns || workerData?.columns || DEFAULT_COLUMNS);
}

let isClosed = false;

/**
 * Node's own stream loses the end of what a full disk does not take, so the bytes are written here, all of them. A
 * reader that has seen enough, such as `head`, closes the pipe: then nothing is left to say, and the verdict's exit code
 * stands.
 */
function put(text: string): void {
  if (isClosed) return;
  clearStatus();
  try {
    writeAll(1, new TextEncoder().encode(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE')
      throw new OutputError(`the result could not be written to stdout: ${reasonOf(error as Error)}`);
    isClosed = true;
  }
}

/** Says something on stderr, as long as it takes it: talk that nobody hears changes no result. */
export function talk(text: string): void {
  clearStatus();
  raw(visible(text));
}

/** Talk for people on stderr, not with --quiet. */
export function say(flags: Flags, message: string): void {
  if (!flags.quiet) talk(`${message.replace(/\s*\n\s*/g, ' ')}\n`);
}

const CLEARED = '\r\x1b[K';
const [DEFAULT_COLUMNS, NARROWEST] = [80, 20];

/**
 * One line on stderr that is rewritten, on a terminal and without --quiet; nothing elsewhere. It is gone before a result
 * is emitted and when the program ends.
 */
export class StatusLine {
  readonly isShown: boolean;

  constructor(flags: Flags) {
    this.isShown = !flags.quiet && isTerminal(2);
    if (this.isShown) process.on('exit', clearStatus);
  }

  show(message: string): void {
    if (!this.isShown) return;
    const width = process.stderr.columns || workerData?.columns || DEFAULT_COLUMNS;
    const line = visible(message.replace(/\s*\n\s*/g, ' ')).slice(0, Math.max(1, width - 1));
    raw(`${CLEARED}${line}`);
    isDrawn = true;
  }
}

let isDrawn = false;

function clearStatus(): void {
  if (isDrawn) raw(CLEARED);
  isDrawn = false;
}

function raw(text: string): void {
  try {
    writeAll(2, new TextEncoder().encode(text));
  } catch {
    // Nowhere is left to report this.
  }
}

/** What `verify` says while it works. */
export function progressLine(flags: Flags): (message: string, done?: number, total?: number) => void {
  const line = new StatusLine(flags);
  return (...args) => line.show(progressText(...args));
}

export function progressText(message: string, done?: number, total?: number): string {
  if (done === undefined) return message;
  return `${message} ${total === undefined ? done : `${Math.floor((100 * done) / total)} %`}`;
}
