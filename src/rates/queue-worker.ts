import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import { readJob } from './outcome.js';
import { bullmq, nameOf } from './queue.js';
import { addressOf, connect, isReply, PATIENCE, type Patience, queueFault } from './redis.js';

/** A worker that has not renewed its claim for so long is gone, and its points go to another. */
const LOCK_SECONDS = 5;
/** Workers that one point may take down before it counts as the cause. */
const MOST_STALLS = 10;

/** What a worker does, and how it ends. */
export interface QueueWorker {
  /** Rejects with an InputError when the server is gone or refuses. */
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
  patience: Patience = PATIENCE,
): Promise<QueueWorker> {
  const address = addressOf(url);
  const redis = await connect(url, patience);
  const { Worker } = await bullmq();
  const worker = new Worker<unknown, Answer | null>(nameOf(version), ({ data }) => answer(engine, data), {
    connection: redis,
    concurrency,
    lockDuration: LOCK_SECONDS * 1000,
    stalledInterval: (LOCK_SECONDS * 1000) / 2,
    maxStalledCount: MOST_STALLS,
  });
  let isStopping = false;
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      if (isStopping) return;
      isStopping = true;
      reject(queueFault(address, error));
      void worker
        .close(true)
        .catch(() => {})
        .then(() => redis.disconnect());
    };
    // A job that vanished while it was computed is not the worker's to mend; what the server refuses is not either.
    worker.on('error', (error) => {
      if (isReply(error)) fail(error);
    });
    redis.on('end', () => fail(new Error('the connection was lost')));
    worker.on('closed', resolve);
  });
  ended.catch(() => {});
  await worker.waitUntilReady().catch(() => ended);
  return {
    ended,
    stop: async () => {
      isStopping = true;
      await worker.close().catch(() => {});
      redis.disconnect();
    },
  };
}

/** What other clients leave in the queue may be no job; then neither is the answer one, and the sweep submits it again. */
function answer(engine: Engine, data: unknown): Promise<Answer | null> {
  const job = readJob(data);
  return job ? engine.compute(job) : Promise.resolve(null);
}
