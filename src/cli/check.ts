import { EXIT as CHECKED, describe, runCheck } from '../checker/command.js';
import { Malformed } from '../checker/failure.js';
import { InputError } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit check CERTIFICATE`: the independent checker, with the flags and exit codes of the other commands. */
export async function checkCertificate(path: string, flags: CommonFlags): Promise<number> {
  refuseOtherKinds(path, ['certificate'], "a certificate, as 'exhibit verify --certificate FILE' writes it");
  try {
    const outcome = await runCheck(path, flags.network);
    emit(
      flags,
      () => outcome,
      () => describe(outcome),
    );
    return CHECKED[outcome.verdict];
  } catch (error) {
    if (error instanceof Malformed) throw new InputError({ file: path, found: error.message });
    throw error;
  }
}
