/** Where a piece of bad input stands: a file, a line in it, a field. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
}

/** What was wrong with an input and how to mend it; every part ends up in the one message the user sees. */
export interface Fault extends Place {
  /** What was found, as a sentence without a full stop. */
  readonly found: string;
  /** What is allowed there. */
  readonly allowed?: string;
  /** What the user can do about it. */
  readonly mend?: string;
}

/** Bad input: the user's to mend, exit code 3. Everything else that is thrown is a defect of ours, exit code 4. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(describe(fault));
    this.fault = fault;
  }

  /** The same error, placed in the file, line or field that the caller knows; what is already known stays. */
  at(place: Place): InputError {
    return new InputError({ ...place, ...withoutUndefined(this.fault) });
  }
}

/**
 * A result that could not be written: neither the input's fault nor a defect, exit code 4, since no verdict was given.
 */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Runs `read` and adds `place` to any InputError that it throws. */
export function placed<T>(place: Place, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) throw error.at(place);
    throw error;
  }
}

const LONGEST_QUOTE = 80;

/** Text from the user as it may be repeated in a message: one line, at most 80 characters. */
export function quote(text: string): string {
  const line = JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
  return `'${line.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** What a library or a server says of a text may hold much of that text: at most 300 characters of it, on one line. */
export function brief(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}...` : line;
}

const LONGEST_WORDS = 300;

function describe({ file, line, field, found, allowed, mend }: Fault): string {
  const place = [file && (line ? `${file}:${line}` : file), field && `field ${quote(field)}`]
    .filter(Boolean)
    .join(', ');
  const sentences = [found, allowed && `allowed: ${allowed}`, mend].filter(Boolean).join('; ');
  return place ? `${place}: ${sentences}` : sentences;
}

function withoutUndefined(fault: Fault): Fault {
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as unknown as Fault;
}
