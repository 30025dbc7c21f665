import { basename, dirname, join } from 'node:path';
import { type Result, type VerifyOptions, verify } from '../audit/verify.js';
import { certificate, reasonNotCovered } from '../certificate/certificate.js';
import { InputError, quote } from '../errors.js';
import { readWhole } from '../files/read.js';
import { type ReadFile, recordingFiles, shownPath } from '../files/record.js';
import { checkWritable, isPlainTarget, utf8, writeFile } from '../files/write.js';
import { isInstanceFile, resolveInstance } from '../library/instance.js';
import { originOf } from '../library/library.js';
import { adoptNames } from '../network/adopt.js';
import { canonicalForm } from '../network/canonical.js';
import { readNetwork } from '../onnx/network-file.js';
import { readStatementInstance } from '../proof/prove/instance.js';
import type { Figures } from '../report/figures/figures.js';
import { type ResultCircumstances, resultJson } from '../report/json.js';
import { painter } from '../report/style.js';
import { resultText } from '../report/terminal.js';
import { callOf } from './call.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, noteMissingRuntime, targets } from './flags.js';
import { emit, progressLine, say } from './output.js';
import { writeLatex, writePage } from './page.js';
import { verifyStatements } from './prove.js';

/** `exhibit verify`: build, prove, report. Exit code by the verdict. */
export async function verifyCommand(argument: string, flags: CommonFlags): Promise<number> {
  const settings = { ...common(flags), execution: targets(flags), progress: progressLine(flags) };
  checkTargets(flags);
  const statements = isInstanceFile(argument) ? readStatementInstance(argument) : null;
  if (statements) {
    refuseForStatements(argument, flags);
    return verifyStatements(statements, flags);
  }
  const { result, circumstances } = await verified(argument, flags, settings);
  noteMissingRuntime(flags);
  if (flags.certificate !== undefined) {
    writeCertificate(result, flags.certificate);
    const covered = result.claims.filter((found) => reasonNotCovered(found) === null).length;
    say(flags, `${flags.certificate}: ${covered} of ${result.claims.length} claims for 'exhibit check'`);
  }
  if (flags.coq !== undefined) {
    const { coqFile } = await import('../certificate/coq.js');
    writeFile(flags.coq, utf8(coqFile(result)));
  }
  const figures = flags.report === undefined ? undefined : await drawnOf(result);
  const document = () => resultJson(result, circumstances, figures);
  if (flags.report !== undefined) await writePage(flags.report, document());
  if (flags.latex !== undefined) await writeLatex(flags.latex, document());
  emit(flags, document, () => resultText(result, painter(1)));
  return EXIT[result.verdict];
}

/** The instance or theorem verified and checked, and what determined the result. */
export async function verified(
  argument: string,
  flags: CommonFlags,
  settings: VerifyOptions,
): Promise<{ result: Result; circumstances: ResultCircumstances }> {
  const { value, files } = await recordingFiles(async () => {
    const { theorem, instance } = await resolveInstance(argument, flags);
    const origin = originOf(theorem);
    if (origin !== null) readWhole(origin, LARGEST_MODULE);
    const network = flags.network === undefined ? undefined : await readNetwork(flags.network);
    return verify(theorem, instance, { ...settings, network: network && ((built) => adoptNames(network, built)) });
  });
  const isModel = ({ file }: ReadFile) => flags.network !== undefined && file === shownPath(flags.network);
  const call = callOf('verify', [argument], flags);
  return {
    result: await withCheck(value, flags),
    circumstances: { call, overrides: flags.param, models: files.filter(isModel), files },
  };
}

/** A module of a user's, which is also read as a whole so that its hash is known. */
const LARGEST_MODULE = 2 ** 30;

/** What a page draws of a result. */
export async function drawnOf({ network, claims }: Result): Promise<Figures> {
  const { figuresOf } = await import('../report/figures/figures.js');
  const stated = claims.filter(({ claim }) => claim.kind !== 'execution');
  return figuresOf(
    network,
    stated.map(({ id, statement, claim, witness }) => ({ id, statement: statement ?? claim.statement, witness })),
  );
}

/** Asks the checker, unless the user would rather not wait for it, in the time that the audit left. */
async function withCheck(result: Result, flags: CommonFlags): Promise<Result> {
  const { checked, unasked } = await import('../certificate/checked.js');
  if (flags.check === false) return unasked(result);
  const { timeLimit } = common(flags);
  return checked(result, timeLimit && Date.now() + (timeLimit - result.seconds) * 1000);
}

/** Options of theorems. Passed over in silence, they would let a verdict seem to be about another network. */
function refuseForStatements(file: string, { param, network, coq, provider, dtype }: CommonFlags): void {
  const given = { '-p': param?.[0], '--network': network, '--coq': coq, '--provider': provider, '--dtype': dtype };
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const found = `${quote(value)} for an instance that names its own network`;
    throw new InputError({
      file,
      field,
      found,
      allowed: 'this option with the instance of a theorem',
      mend: 'leave it out',
    });
  }
}

/** Says before any work what could not be written after it. */
function checkTargets({ certificate, coq, report, latex }: CommonFlags): void {
  for (const path of [certificate, coq, report, latex]) if (path !== undefined) checkWritable(path);
  if (certificate === undefined || isPlainTarget(certificate)) return;
  throw new InputError({
    field: '--certificate',
    file: certificate,
    found: 'no plain file',
    allowed: 'a plain file, since the network that it speaks of is written beside it',
    mend: 'write both into a folder and copy the certificate from there',
  });
}

/** Writes the network first, so that there is never a certificate without it. */
function writeCertificate(result: Result, file: string): void {
  const network = join(dirname(file), `${basename(file, '.json')}.network.json`);
  writeFile(network, utf8(canonicalForm(result.network)));
  writeFile(file, utf8(certificate(result, basename(network))));
}
