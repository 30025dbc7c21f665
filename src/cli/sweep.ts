import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { InputError, quote } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readText } from '../files/read.js';
import { recordingFiles } from '../files/record.js';
import { makeFolder, utf8, writeFile } from '../files/write.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import { libraryFor } from '../library/instance.js';
import { codeVersion } from '../rates/code-version.js';
import type { Engine } from '../rates/engine.js';
import { rateSweep } from '../rates/rates.js';
import { rechecked } from '../rates/recheck.js';
import { addressOf } from '../rates/redis.js';
import { runSweep } from '../rates/run.js';
import { Store } from '../rates/store.js';
import { countPoints, readSweep } from '../rates/sweep.js';
import type { RateVerdict } from '../rates/verdict.js';
import { painter } from '../report/style.js';
import { overallRate, sweepCsv, sweepJson, sweepText } from '../report/sweep.js';
import { callOf } from './call.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, wholeNumber } from './flags.js';
import { emit, say } from './output.js';
import { progressBar } from './progress-bar.js';

const MOST_JOBS = 256;

const EXIT_OF: Readonly<Record<RateVerdict, number>> = {
  proved: EXIT.proved,
  consistent: EXIT.proved,
  inconsistent: EXIT.refuted,
  suspicious: EXIT.refuted,
  'too-few-points': EXIT.undecided,
};

/** `exhibit sweep FILE`: computes the points that the results folder lacks and judges the predicted rates. */
export async function sweep(file: string, flags: CommonFlags): Promise<number> {
  common(flags);
  refuseOtherKinds(file, ['sweep'], 'a sweep: theorem, axes and, if wished, params, record and rate');
  const jobs = readJobs(flags);
  if (flags.queue !== undefined) addressOf(flags.queue);
  const share = readShare(flags.recheck);
  const { startThreads, threads } = await import('../rates/threads.js');
  if (flags.queue !== undefined) {
    const address = flags.queue;
    return computed(file, flags, async (_, version) => {
      const { queueEngine } = await import('../rates/queue.js');
      const engine = await queueEngine(address, version, (message) => say(flags, `note: ${message}`));
      return share === 0 ? engine : rechecked(engine, () => threads(1, version), share);
    });
  }
  // They load what points need while this thread reads the sweep.
  const started = startThreads(jobs);
  try {
    return await computed(file, flags, (count, version) =>
      threads(Math.min(jobs, count), version, flags.output, started),
    );
  } finally {
    await started.destroy();
  }
}

/** The exit code of a sweep whose flags are valid; `engine` for so many points and a version of the code. */
async function computed(
  file: string,
  flags: CommonFlags,
  engine: (count: number, version: string) => Engine | Promise<Engine>,
): Promise<number> {
  const { seed, digits, timeLimit } = common(flags);
  const folderOfFile = dirname(file);
  const library = libraryFor(flags, folderOfFile);
  const load = (reference: string) => library.load(reference, folderOfFile);
  const { value: read, files } = await recordingFiles(() => readSweep(readText(file, LARGEST_YAML), load, file));
  const count = countPoints(read, flags.yes === true);
  const folder = flags.output!;
  if (flags.resume && !existsSync(folder)) {
    const mend = `name the folder of the sweep with -o`;
    throw new InputError({ file: folder, field: '--resume', found: 'no results to resume', mend });
  }
  makeFolder(folder);
  const settings = { seed, digits, version: codeVersion() };
  const start = () => engine(count, settings.version);
  const bar = progressBar(flags, count);
  const interruption = abortOnInterrupt();
  const results = await runSweep(read, count, start, {
    ...settings,
    store: new Store(folder, (message) => say(flags, `note: ${message}`)),
    progress: bar,
    signal: endedBy(interruption, timeLimit),
  });
  const rates = rateSweep(read, results, settings);
  // A sweep that ended early can be completed: the limit is no part of what it is then.
  const call = callOf('sweep', [file], { ...flags, timeLimit: undefined });
  const report = { sweep: read, results, rates, circumstances: { call, files, seed, digits } };
  const name = join(folder, basename(file, extname(file)));
  const document = sweepJson(report);
  writeFile(`${name}.json`, utf8([`${JSON.stringify(document, null, 2)}\n`]));
  writeFile(`${name}.csv`, utf8(sweepCsv(report)));
  emit(
    flags,
    () => document,
    () => sweepText(report, [`${name}.json`, `${name}.csv`], painter(1)),
  );
  const verdict = overallRate(report);
  if (interruption.aborted) return EXIT.interrupted;
  return verdict ? EXIT_OF[verdict] : EXIT.proved;
}

export function readJobs(flags: CommonFlags): number {
  return flags.jobs === undefined
    ? availableParallelism()
    : wholeNumber('--jobs', flags.jobs, { min: 1, max: MOST_JOBS });
}

/** Points are computed elsewhere, so that this thread hears of Ctrl-C: the first ends the sweep with the points it has. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  });
  return controller.signal;
}

/** Aborted after the seconds of the limit, or when the other is. Node collects signals of `AbortSignal.any` before they fire. */
function endedBy(interruption: AbortSignal, timeLimit: number | undefined): AbortSignal {
  if (timeLimit === undefined) return interruption;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), Math.ceil(timeLimit * 1000)).unref();
  interruption.addEventListener('abort', () => controller.abort());
  return controller.signal;
}

/** The share that `--recheck` asks for, from 0 to 1. */
function readShare(text = '1%'): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw new InputError({ field: '--recheck', found: quote(text), allowed: 'a share such as 1% or 0.01, at most 100%' });
}
