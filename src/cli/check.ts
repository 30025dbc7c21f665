import { EXIT as CHECKED, describe, runCheck } from '../checker/command.js';
import { Malformed } from '../checker/failure.js';
import { InputError } from '../errors.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit check CERTIFICATE`: the independent checker, with the flags and exit codes of the other commands. */
export async function checkCertificate(path: string, flags: CommonFlags): Promise<number> {
  try {
    const outcome = runCheck(path, flags.network);
    const { verified, ...details } = outcome;
    emit(
      flags,
      () => ({ verdict: verified ? 'verified' : 'rejected', ...details }),
      () => describe(outcome),
    );
    return verified ? CHECKED.verified : CHECKED.rejected;
  } catch (error) {
    if (error instanceof Malformed) throw new InputError({ file: path, found: error.message });
    throw error;
  }
}
