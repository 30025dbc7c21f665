import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Renewed, renewal } from '../certificate/earlier/renewal.js';
import { checkDocument, checkCertificate as checkText } from '../checker/check.js';
import { EXIT as CHECKED, describe, readFiles } from '../checker/command.js';
import { Malformed } from '../checker/failure.js';
import { InputError } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { checkWritable, isPlainTarget, utf8, writeFile } from '../files/write.js';
import type { CommonFlags } from './flags.js';
import { emit, say } from './output.js';

/**
 * `exhibit check CERTIFICATE`: the independent checker, with the flags and exit codes of the other commands. Steps of earlier
 * releases are translated before, which the checker need not believe; with --renew what it verified then is written.
 */
export async function checkCertificate(path: string, flags: CommonFlags): Promise<number> {
  refuseOtherKinds(path, ['certificate'], "a certificate, as 'exhibit verify --certificate FILE' writes it");
  if (flags.renew !== undefined) demandTarget(flags.renew);
  try {
    const [certificate, network] = await readFiles(path, flags.network);
    const found = renewal(certificate, network, networkBeside(flags.renew ?? path));
    const outcome = found ? checkText(found.text, network) : checkDocument(certificate, network);
    for (const note of notesOf(found?.claims ?? [])) say(flags, note);
    if (flags.renew !== undefined)
      say(flags, renewed(flags.renew, found?.text, network, outcome.verdict === 'verified'));
    emit(
      flags,
      () => (found ? { ...outcome, renewed: found.claims.map(({ id, rules }) => ({ id, rules })) } : outcome),
      () => describe(outcome),
    );
    return CHECKED[outcome.verdict];
  } catch (error) {
    if (error instanceof Malformed) throw new InputError({ file: path, found: error.message });
    throw error;
  }
}

const MOST_NOTES = 10;

function notesOf(claims: readonly Renewed[]): readonly string[] {
  const more = claims.length - MOST_NOTES;
  return [...claims.slice(0, MOST_NOTES).map(noteOf), ...(more > 0 ? [`note: so have ${more} other claims`] : [])];
}

function noteOf({ id, rules, failure }: Renewed): string {
  const steps = `note: claim ${id} has steps of an earlier release (${rules.join(', ')})`;
  return failure === null
    ? `${steps}; checked were steps of today in their place, which --renew FILE writes`
    : `${steps}, which could not be translated: ${failure}`;
}

/** What stands there may be what was published, or its network. */
function demandTarget(file: string): void {
  checkWritable(file);
  const known = [file, join(dirname(file), networkBeside(file))].find((one) => existsSync(one));
  if (known !== undefined && isPlainTarget(file)) {
    throw new InputError({
      field: '--renew',
      file: known,
      found: 'a file that exists',
      allowed: 'the name of a new file',
    });
  }
  if (isPlainTarget(file)) return;
  throw new InputError({
    field: '--renew',
    file,
    found: 'no plain file',
    allowed: 'a plain file, since the network that it speaks of is written beside it',
  });
}

/** Writes what the checker verified, the network first, so that there is never a certificate without it; says what was written. */
function renewed(file: string, text: string | undefined, network: Uint8Array, isVerified: boolean): string {
  if (!isVerified) return `${file} was not written: not all claims were verified`;
  if (text === undefined)
    return `${file} was not written: no step is of an earlier release, the certificate is of today`;
  const beside = networkBeside(file);
  writeFile(join(dirname(file), beside), [network]);
  writeFile(file, utf8([text]));
  return `${file}: the same statements by steps of today, about the network ${beside}`;
}

function networkBeside(file: string): string {
  return `${basename(file, '.json')}.network.json`;
}
