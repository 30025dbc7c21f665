import { unasked } from '../certificate/checked.js';
import { checkedStatements, writeStatementCertificate } from '../certificate/statements.js';
import { InputError, placed, quote } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readWhole } from '../files/read.js';
import { type ReadFile, recordingFiles } from '../files/record.js';
import { checkWritable } from '../files/write.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import { parseRational } from '../numbers/parse.js';
import { modelsOf, type StatementInstance } from '../proof/prove/instance.js';
import { type ProveResult, prove } from '../proof/prove/prove.js';
import type { ProveOptions } from '../proof/prove/proved.js';
import { readModels } from '../proof/prove/read-models.js';
import { readProperty, vnnlibAnswer } from '../proof/prove/vnnlib.js';
import { proveJson, proveText } from '../report/prove.js';
import { painter } from '../report/style.js';
import { parseStatement } from '../statement/index.js';
import { sequenceLength } from '../statement/sequences/reading.js';
import { callOf } from './call.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { emit, print, progressLine, say } from './output.js';
import { writeLatex, writePage } from './page.js';

/** For `?` without --width. */
const WIDTH = '1e-6';

/** `exhibit prove MODEL... STATEMENT`: a statement about networks of one's own. Exit code by the verdict. */
export async function proveCommand(args: readonly string[], flags: CommonFlags): Promise<number> {
  const options = optionsOf(flags, progressLine(flags));
  const { files, text } = split(args);
  if (/\.vnnlib$/i.test(text)) return property(files, text, options, flags);
  const statement = parseStatement(text);
  const statements = new Map([['claim', statement]]);
  const proving = async () =>
    prove(await readModels(files, undefined, sequenceLength([statement])), statements, options);
  const found = await recordingFiles(proving);
  const others = [flags.export, flags.coq].filter((file) => file !== undefined);
  if (others.length > 0) {
    const { writeExports } = await import('../export/export.js');
    writeExports(others, statements, found.value);
  }
  return reported(found, callOf('prove', args, flags), flags);
}

/** A VNN-LIB property: `proved` is the standard's `unsat`, no counterexample exists. */
async function property(files: readonly string[], text: string, options: ProveOptions, flags: CommonFlags) {
  if (files.length !== 1) throw new InputError({ found: `${files.length} networks for ${text}`, allowed: 'one' });
  const { value, files: read } = await recordingFiles(async () => {
    const [model] = await readModels(files);
    const query = readProperty(text, model);
    const named = query.statements.map(
      (statement, k) => [k === 0 ? 'property' : `property${k + 1}`, statement] as const,
    );
    return { query, result: prove([model], new Map(named), options) };
  });
  const { query, result } = value;
  if (!flags.vnnlib) return reported({ value: result, files: read }, callOf('prove', [...files, text], flags), flags);
  print(vnnlibAnswer(query, result));
  return result.verdict === 'undecided' ? EXIT.undecided : EXIT.proved;
}

/** `exhibit verify` of an instance with `network:` in the place of `theorem:`. */
export async function verifyStatements(instance: StatementInstance, flags: CommonFlags): Promise<number> {
  const options = optionsOf(flags, progressLine(flags));
  return reported(await provedInstance(instance, options), callOf('verify', [instance.file], flags), flags);
}

/** The statements of an instance proved, and every file that was read for that. */
export function provedInstance(
  instance: StatementInstance,
  options: ProveOptions,
): Promise<{ value: ProveResult; files: readonly ReadFile[] }> {
  return recordingFiles(async () => {
    readWhole(instance.file, LARGEST_YAML);
    return prove(await modelsOf(instance), instance.claims, options, instance.texts);
  });
}

/** The document of an instance with `network:`, checked, for `explain`. */
export async function statementResult(instance: StatementInstance, flags: CommonFlags): Promise<object> {
  const { value, files } = await provedInstance(instance, optionsOf(flags, progressLine(flags)));
  const call = callOf('verify', [instance.file], flags);
  return proveJson(withStatementCheck(value, flags), { call, files, ...common(flags) });
}

/** What `prove` is asked for beside the statement. */
export function optionsOf({ width = WIDTH, ...flags }: CommonFlags, progress: ProveOptions['progress']): ProveOptions {
  const { timeLimit } = common(flags);
  const number = placed({ field: '--width' }, () => parseRational(width));
  if (number.sign() <= 0) throw new InputError({ field: '--width', found: width, allowed: 'a number above 0' });
  for (const path of [flags.report, flags.latex, flags.certificate, flags.export, flags.coq])
    if (path !== undefined) checkWritable(path);
  const check = flags.check !== false;
  return {
    width: number,
    progress,
    check,
    ...(timeLimit !== undefined && { deadline: Date.now() + timeLimit * 1000 }),
  };
}

async function reported(
  { value, files: read }: { value: ProveResult; files: readonly ReadFile[] },
  call: string,
  flags: CommonFlags,
): Promise<number> {
  const result = withStatementCheck(value, flags);
  if (flags.certificate !== undefined) writeCertificate(result, flags.certificate, flags);
  const { seed, digits } = common(flags);
  const document = () => proveJson(result, { call, files: read, seed, digits });
  if (flags.report !== undefined) await writePage(flags.report, await withFigures(document(), result));
  if (flags.latex !== undefined) await writeLatex(flags.latex, document());
  emit(flags, document, () => proveText(result, digits, painter(1)));
  return EXIT[result.verdict];
}

/** Asks the checker, unless the user would rather not wait for it, in the time that the proof left. */
export function withStatementCheck(found: ProveResult, flags: CommonFlags): ProveResult {
  if (flags.check === false) return unasked(found);
  const { timeLimit } = common(flags);
  return checkedStatements(found, timeLimit && Date.now() + (timeLimit - found.seconds) * 1000);
}

/** Files first, the statement last. */
function split(args: readonly string[]): { files: readonly string[]; text: string } {
  const text = args.at(-1) ?? '';
  const files = args.slice(0, -1);
  const isFile = /\.(?:onnx|json)$/i;
  const allowed = "MODEL... 'STATEMENT', such as exhibit prove model.onnx 'for all x in [0,1]^2: |y| <= 1'";
  if (isFile.test(text)) {
    const found = files.every((file) => isFile.test(file)) ? 'no statement' : 'a network behind the statement';
    throw new InputError({ found, allowed, mend: 'the statement, in quotes, comes last' });
  }
  const words = files.filter((file) => !/\.\w+$/.test(file));
  if (words.length > 1) {
    const found = `${words
      .slice(0, 3)
      .map((word) => quote(word))
      .join(' ')} in the place of networks`;
    throw new InputError({ found, allowed, mend: 'put the whole statement into quotes' });
  }
  refuseOtherKinds(text, ['property'], allowed);
  if (files.length === 0) throw new InputError({ found: 'no network', allowed });
  return { files, text };
}

/** Writes the certificate, and says how much it holds. */
function writeCertificate(result: ProveResult, file: string, flags: CommonFlags): void {
  const covered = writeStatementCertificate(result, file);
  const [{ checked = '' }] = result.claims;
  const why = covered === 0 && typeof checked === 'string' ? `: ${checked}` : '';
  say(flags, `${file}: ${covered} of ${result.claims.length} claims for 'exhibit check'${why}`);
}

/** With what a page draws; nothing for statements about several networks. */
export async function withFigures(document: object, { models, claims }: ProveResult): Promise<object> {
  if (models.length !== 1) return document;
  const { figuresOf } = await import('../report/figures/figures.js');
  return { ...document, figures: figuresOf(models[0].network, claims) };
}
