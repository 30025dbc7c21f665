import { codeVersion } from '../rates/code-version.js';
import { startWorker } from '../rates/queue-worker.js';
import { addressOf } from '../rates/redis.js';
import { threads } from '../rates/threads.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { say } from './output.js';
import { readJobs } from './sweep.js';

/** `exhibit worker --queue URL`: computes points until it is interrupted, and then finishes those in work. */
export async function worker(flags: CommonFlags): Promise<number> {
  common(flags);
  const jobs = readJobs(flags);
  const address = addressOf(flags.queue!);
  const version = codeVersion();
  const engine = threads(jobs, version);
  try {
    const { ended, stop } = await startWorker(flags.queue!, version, engine, jobs);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
    say(flags, `version ${version} waits for points at ${address}, ${jobs} at a time`);
    await ended;
    return EXIT.proved;
  } finally {
    await engine.close();
  }
}
