import { InputError } from '../errors.js';
import { painter } from '../report/style.js';

/** Exit codes; scripts rely on them. */
export const EXIT = { proved: 0, refuted: 1, undecided: 2, badInput: 3, internal: 4 } as const;

/** Says on stderr what went wrong and returns the exit code: 3 for the user's input, 4 for a defect of ours. */
export function reportFailure(error: unknown): number {
  const paint = painter(process.stderr);
  if (error instanceof InputError) {
    process.stderr.write(`${paint('red', 'error')}: ${error.message.replace(/\s*\n\s*/g, ' ')}\n`);
    return EXIT.badInput;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${paint('red', 'internal error')}: ${detail}\nThis is a defect of exhibit: please report it with the command and its input.\n`,
  );
  return EXIT.internal;
}
