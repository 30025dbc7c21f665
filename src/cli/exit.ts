import type { CommanderError } from 'commander';
import { InputError, OutputError } from '../errors.js';
import { painter } from '../report/style.js';
import { oneLine } from '../report/visible.js';
import { emit, talk } from './output.js';

/** Exit codes; scripts rely on them. */
export const EXIT = { proved: 0, refuted: 1, undecided: 2, badInput: 3, internal: 4, interrupted: 130 } as const;

/**
 * Says on stderr, and with --json on stdout too, what went wrong. Returns the exit code: 3 for the user's input, 4 for a
 * result that could not be written and for a defect of ours.
 */
export function reportFailure(error: unknown, json = false): number {
  const { kind, code, message, place, detail } = failureOf(error);
  const paint = painter(2);
  const word = kind === 'internal' ? 'internal error' : 'error';
  talk(`${paint('red', word)}: ${detail ?? oneLine(message)}\n`);
  if (json && kind !== 'output')
    emit(
      { json },
      () => ({ error: { kind, message: oneLine(message), ...place } }),
      () => '',
    );
  return code;
}

interface Failure {
  readonly kind: 'bad-input' | 'output' | 'internal';
  readonly code: number;
  readonly message: string;
  readonly place?: object;
  readonly detail?: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof InputError)
    return { kind: 'bad-input', code: EXIT.badInput, message: error.message, place: error.fault };
  if (isCommanders(error))
    return { kind: 'bad-input', code: EXIT.badInput, message: error.message.replace(/^error: /, '') };
  if (error instanceof OutputError) return { kind: 'output', code: EXIT.internal, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const detail = `${stack}\nThis is a defect of exhibit: please report it with the command and its input.`;
  return { kind: 'internal', code: EXIT.internal, message, detail };
}

/** By its name: what only ends a command loads nothing of what reads one. */
function isCommanders(error: unknown): error is CommanderError {
  return error instanceof Error && error.name === 'CommanderError';
}
