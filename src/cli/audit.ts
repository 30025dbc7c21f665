import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VerifyOptions } from '../audit/verify.js';
import { isInterrupted } from '../deadline.js';
import { InputError, OutputError } from '../errors.js';
import { entriesOf, readText, statusOf } from '../files/read.js';
import { shownPath } from '../files/record.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import { isTheoremFile } from '../library/folders.js';
import { readStatementInstance } from '../proof/prove/instance.js';
import { circumstancesJson } from '../report/circumstances.js';
import { resultJson } from '../report/json.js';
import { proveJson } from '../report/prove.js';
import { painter } from '../report/style.js';
import { oneLine } from '../report/visible.js';
import { PACKAGE } from '../root.js';
import { tool } from '../version.js';
import { callOf } from './call.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, noteMissingRuntime, targets } from './flags.js';
import { emit, print, progressText, StatusLine } from './output.js';
import { timeLeft } from './progress-bar.js';
import { optionsOf, provedInstance, withFigures, withStatementCheck } from './prove.js';
import type { Showcase } from './showcase.js';
import { drawnOf, verified } from './verify.js';

interface Row {
  readonly file: string;
  readonly expect: string;
  readonly verdict: string;
  readonly asExpected: boolean;
  readonly seconds: number;
  readonly result: object | null;
  readonly message: string | null;
}

/**
 * `exhibit audit [PATH ...]`: every instance below the paths; exit 1 when a verdict is not as expected. After Ctrl-C the
 * instance at work ends with what is known, the rest is left out, and the verdict is undecided at best. An instance that
 * brings a defect to light has the verdict `defect`, which is never as expected; the exit code is 4 then.
 */
export async function audit(paths: readonly string[], flags: CommonFlags): Promise<number> {
  const files = (paths.length > 0 ? paths : [ownInstances()]).flatMap(instanceFiles).sort();
  if (files.length === 0)
    throw new InputError({
      found: 'no instance files',
      allowed: 'folders with *.yaml in an instances folder, or .yaml files',
    });
  const status = new StatusLine(flags);
  const start = performance.now();
  const rows: Row[] = [];
  const progress = (...args: Parameters<typeof progressText>) => {
    const left = timeLeft(rows.length, files.length, (performance.now() - start) / 1000);
    status.show(`${rows.length + 1} of ${files.length}${left}: ${progressText(...args)}`);
  };
  const settings = { ...common(flags), execution: targets(flags), progress };
  noteMissingRuntime(flags);
  const showcase = flags.report === undefined ? null : await openShowcase(flags.report);
  for (const file of files) {
    if (isInterrupted()) break;
    progress(basename(file));
    const row = await auditOne(file, flags, settings);
    await showcase?.add(row);
    rows.push(row);
    if (!flags.json) print(rowText(row));
  }
  await showcase?.close();
  const failures = rows.filter((row) => !row.asExpected).length;
  const defects = rows.filter((row) => row.verdict === DEFECT).length;
  const verdict = failures > 0 ? 'refuted' : rows.length < files.length ? 'undecided' : 'proved';
  const ended = rows.length < files.length ? `ended early: ${rows.length} of ` : '';
  emit(
    flags,
    () => ({
      tool: tool(),
      ...circumstancesJson({ call: callOf('audit', paths.map(shownPath), flags), ...common(flags) }),
      verdict,
      instances: rows,
    }),
    () =>
      `\n${ended}${files.length} instances, ${failures} not as expected${defectsText(defects)}\n\ns ${verdict.toUpperCase()}\n`,
  );
  return defects > 0 ? EXIT.internal : EXIT[verdict];
}

/** What is expected of no instance: prover and checker disagree, or one of them failed. The audit goes on. */
const DEFECT = 'defect';

async function openShowcase(folder: string): Promise<Showcase> {
  const { Showcase } = await import('./showcase.js');
  return Showcase.open(folder);
}

function defectsText(count: number): string {
  return count === 0 ? '' : `, ${count} of them defects of exhibit: please report them`;
}

function rowText({ file, expect, verdict, asExpected, seconds, message }: Row): string {
  const paint = painter(process.stdout);
  const mark = asExpected ? paint('green', 'ok  ') : paint('red', 'FAIL');
  const lines = [`${mark} ${verdict.padEnd(9)} ${relative(process.cwd(), file)} (${seconds.toFixed(2)} s)`];
  if (!asExpected) lines.push(`     expected ${expect}${message ? `: ${message}` : ''}`);
  return `${lines.map(oneLine).join('\n')}\n`;
}

async function auditOne(file: string, flags: CommonFlags, settings: VerifyOptions): Promise<Row> {
  const start = performance.now();
  const row = (expect: string, verdict: string, result: object | null, message: string | null): Row => {
    const seconds = (performance.now() - start) / 1000;
    return { file, expect, verdict, asExpected: expect === verdict, seconds, result, message };
  };
  const expect = expectationOf(file);
  try {
    const statements = readStatementInstance(file);
    if (statements) {
      const { value, files } = await provedInstance(
        statements,
        optionsOf({ ...flags, report: undefined }, settings.progress),
      );
      const { seed, digits } = settings;
      const circumstances = { call: callOf('verify', [shownPath(file)], flags), files, seed, digits };
      const found = withStatementCheck(value, flags);
      const document = proveJson(found, circumstances);
      const drawn = flags.report === undefined ? document : await withFigures(document, found);
      return row(expect, found.verdict, drawn, null);
    }
    const { result, circumstances } = await verified(shownPath(file), flags, settings);
    const drawn = flags.report === undefined ? undefined : await drawnOf(result);
    return row(expect, result.verdict, resultJson(result, circumstances, drawn), null);
  } catch (error) {
    if (error instanceof InputError) return row(expect, 'bad-input', null, error.message);
    if (error instanceof OutputError) throw error;
    return row(expect, DEFECT, null, error instanceof Error ? error.message : String(error));
  }
}

/** The expectation as the file's text states it, so that a file which cannot be read as an instance can expect that. */
function expectationOf(file: string): string {
  return /^expect:\s*(\S+)/m.exec(readText(file, LARGEST_YAML))?.[1] ?? 'proved';
}

function ownInstances(): string {
  return fileURLToPath(new URL('proofs-check', PACKAGE));
}

/** Sweeps are no instances, and what npm or another tool keeps below a project is not the user's. */
function isPassedOver(folder: string): boolean {
  return folder === 'sweeps' || folder === 'node_modules' || folder.startsWith('.');
}

/** All .yaml and .yml files below a path, but for theorem files and those in folders that are passed over. */
function instanceFiles(path: string): string[] {
  const stats = statusOf(path);
  if (!stats) throw new InputError({ file: path, found: 'no such file or folder' });
  if (stats.isFile()) return [path];
  return entriesOf(path).flatMap((entry) => {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) return isPassedOver(entry.name) ? [] : instanceFiles(inside);
    return /\.ya?ml$/.test(entry.name) && !isTheoremFile(inside) ? [inside] : [];
  });
}
