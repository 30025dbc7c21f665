import type { Job as QueuedJob } from 'bullmq';
import { optionalPackage } from '../optional.js';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import type { Job } from './point.js';
import { addressOf, connect, lost } from './redis.js';

/** Points that a sweep keeps in the queue at once. */
const WINDOW = 256;
/** Finished points that stay in Redis, so that a sweep that was interrupted finds them. */
const KEPT = { age: 24 * 3600, count: 10_000 };
/** A worker that has not renewed its claim for so long is gone, and its points go to another. */
const LOCK_SECONDS = 5;
/** Workers that one point may take down before it counts as the cause. */
const MOST_STALLS = 10;
/** Events can be missed while a connection is lost: so often the waiting points are looked up. */
const LOOKUP_SECONDS = 3;
const QUIET = () => {};

/** Workers of another version have another queue: their results are not those of this one. */
function nameOf(version: string): string {
  return `exhibit-${version}`;
}

/**
 * Workers on a queue of BullMQ (https://docs.bullmq.io) on the Redis server at `url`. A point is a job whose id is the
 * point's key, so it is in the queue at most once, whoever submits it, and it goes to another worker when its own dies.
 * Throws InputError when the server does not answer.
 */
export async function queueEngine(url: string, version: string, notice: (message: string) => void): Promise<Engine> {
  const redis = await connect(url);
  const { Queue, QueueEvents } = await optionalPackage(
    'bullmq',
    'keeps the queue of a sweep',
    () => import('bullmq'),
    'npm install bullmq ioredis',
  );
  const queue = new Queue<Job, Answer>(nameOf(version), { connection: redis });
  const events = new QueueEvents(nameOf(version), { connection: redis });
  const waiting = new Map<string, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const settle = (key: string, act: (waiter: { resolve(a: Answer): void; reject(e: Error): void }) => void) => {
    const waiter = waiting.get(key);
    if (waiter && waiting.delete(key)) act(waiter);
  };
  const failed = (key: string, reason: string) =>
    settle(key, ({ reject }) => reject(new Error(`a worker failed on a point: ${reason}`)));
  const finished = (key: string, answer: Answer) => settle(key, ({ resolve }) => resolve(answer));
  const dropAll = (error: Error) => {
    for (const key of [...waiting.keys()]) settle(key, ({ reject }) => reject(error));
  };
  queue.on('error', QUIET);
  events.on('error', QUIET);
  events.on('completed', ({ jobId, returnvalue }) => finished(jobId, returnvalue as unknown as Answer));
  events.on('failed', ({ jobId, failedReason }) => failed(jobId, failedReason));
  redis.on('end', () => dropAll(lost(addressOf(url), new Error('the connection was lost'))));
  await events.waitUntilReady();

  const submit = (job: Job) =>
    queue.add('point', job, { jobId: job.key, removeOnComplete: KEPT, removeOnFail: { count: WINDOW } });
  const lookUp = async (key: string): Promise<QueuedJob<Job, Answer> | undefined> => {
    const found = await queue.getJob(key);
    if (found?.finishedOn && !found.failedReason) finished(key, found.returnvalue);
    return found;
  };
  const timer = setInterval(() => {
    for (const key of waiting.keys()) lookUp(key).catch(QUIET);
  }, LOOKUP_SECONDS * 1000);
  if ((await queue.getWorkersCount()) === 0)
    notice(`no worker of version ${version} is at ${addressOf(url)} yet: exhibit worker --queue ${addressOf(url)}`);

  return {
    width: WINDOW,
    compute: async (job) => {
      const answer = new Promise<Answer>((resolve, reject) => waiting.set(job.key, { resolve, reject }));
      answer.catch(QUIET);
      await submit(job);
      const earlier = await lookUp(job.key);
      if (earlier?.failedReason && waiting.has(job.key)) {
        await earlier.remove().catch(QUIET);
        await submit(job);
      }
      return answer;
    },
    close: async () => {
      clearInterval(timer);
      dropAll(new Error('the queue was closed'));
      await Promise.all([events.close(), queue.close()]).catch(QUIET);
      redis.disconnect();
    },
  };
}

/** What a worker does, and how it ends. */
export interface QueueWorker {
  /** Rejects with an InputError when the server is gone. */
  readonly ended: Promise<void>;
  /** Finishes the points in work and takes no others. */
  stop(): Promise<void>;
}

/**
 * Takes points from the queue, `concurrency` at a time, and computes them in `engine`, which must leave this thread free
 * to renew the claims. Throws InputError when the server does not answer.
 */
export async function startWorker(
  url: string,
  version: string,
  engine: Engine,
  concurrency: number,
): Promise<QueueWorker> {
  const redis = await connect(url);
  const { Worker } = await optionalPackage(
    'bullmq',
    'keeps the queue of a sweep',
    () => import('bullmq'),
    'npm install bullmq ioredis',
  );
  const worker = new Worker<Job, Answer>(nameOf(version), ({ data }) => engine.compute(data), {
    connection: redis,
    concurrency,
    lockDuration: LOCK_SECONDS * 1000,
    stalledInterval: (LOCK_SECONDS * 1000) / 2,
    maxStalledCount: MOST_STALLS,
  });
  worker.on('error', QUIET);
  let isStopping = false;
  const ended = new Promise<void>((resolve, reject) => {
    redis.on('end', () => {
      if (isStopping) return;
      reject(lost(addressOf(url), new Error('the connection was lost')));
      worker.close(true).catch(QUIET);
    });
    worker.on('closed', resolve);
  });
  await worker.waitUntilReady();
  return {
    ended,
    stop: async () => {
      isStopping = true;
      await worker.close();
      redis.disconnect();
    },
  };
}
