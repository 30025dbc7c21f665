import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInterrupted } from '../deadline.js';
import { InputError } from '../errors.js';
import { entriesOf, statusOf } from '../files/read.js';
import { shownPath } from '../files/record.js';
import { isTheoremFile } from '../library/folders.js';
import { circumstancesJson } from '../report/circumstances.js';
import { painter } from '../report/style.js';
import { oneLine } from '../report/visible.js';
import { PACKAGE } from '../root.js';
import { tool } from '../version.js';
import { DEFECT, type Row } from './audit-one.js';
import { auditors } from './auditors.js';
import { callOf } from './call.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, noteMissingRuntime, targets } from './flags.js';
import { emit, print, StatusLine } from './output.js';
import { timeLeft } from './progress-bar.js';
import type { Showcase } from './showcase.js';

/**
 * `exhibit audit [PATH ...]`: every instance below the paths; exit 1 when a verdict is not as expected. After Ctrl-C the
 * instances at work end with what is known, the rest is left out, and the verdict is undecided at best. An instance that
 * brings a defect to light has the verdict `defect`, which is never as expected; the exit code is 4 then.
 */
export async function audit(
  paths: readonly string[],
  flags: CommonFlags,
  start: typeof auditors = auditors,
): Promise<number> {
  const files = (paths.length > 0 ? paths : [ownInstances()]).flatMap(instanceFiles).sort();
  if (files.length === 0)
    throw new InputError({
      found: 'no instance files',
      allowed: 'folders with *.yaml in an instances folder, or .yaml files',
    });
  common(flags);
  targets(flags);
  noteMissingRuntime(flags);
  const showcase = flags.report === undefined ? null : await openShowcase(flags.report);
  const rows: Row[] = [];
  for await (const row of inOrder(files, flags, start)) {
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

/** The rows of the instances in their order, as they come; after Ctrl-C only of those that were begun. */
async function* inOrder(files: readonly string[], flags: CommonFlags, start: typeof auditors): AsyncGenerator<Row> {
  const status = new StatusLine(flags);
  const began = performance.now();
  let done = 0;
  const heard = (message: string) => {
    const left = timeLeft(done, files.length, (performance.now() - began) / 1000);
    status.show(`${done + 1} of ${files.length}${left}: ${message}`);
  };
  const pool = start(files.length, flags, status.isShown ? heard : null);
  const begun: Promise<Row>[] = [];
  const next = () => {
    if (begun.length === files.length || isInterrupted()) return;
    const file = files[begun.length];
    heard(basename(file));
    const row = pool.run(file).then((found) => {
      done += 1;
      next();
      return found;
    });
    // It is thrown when its turn comes.
    row.catch(() => {});
    begun.push(row);
  };
  try {
    for (let k = 0; k < pool.width; k++) next();
    for (let k = 0; k < begun.length; k++) yield await begun[k];
  } finally {
    await pool.close();
  }
}

async function openShowcase(folder: string): Promise<Showcase> {
  const { Showcase } = await import('./showcase.js');
  return Showcase.open(folder);
}

function defectsText(count: number): string {
  return count === 0 ? '' : `, ${count} of them defects of exhibit: please report them`;
}

function rowText({ file, expect, verdict, asExpected, seconds, message }: Row): string {
  const paint = painter(1);
  const mark = asExpected ? paint('green', 'ok  ') : paint('red', 'FAIL');
  const lines = [`${mark} ${verdict.padEnd(9)} ${relative(process.cwd(), file)} (${seconds.toFixed(2)} s)`];
  if (!asExpected) lines.push(`     expected ${expect}${message ? `: ${message}` : ''}`);
  return `${lines.map(oneLine).join('\n')}\n`;
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
