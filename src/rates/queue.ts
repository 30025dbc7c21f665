import type { Job as QueuedJob } from 'bullmq';
import { InputError } from '../errors.js';
import { importQueue } from '../imports.js';
import { optionalPackage } from '../optional.js';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import { readAnswer } from './outcome.js';
import type { Job } from './point.js';
import { addressOf, connect, isReply, PATIENCE, type Patience, queueFault } from './redis.js';

/** Points that a sweep keeps in the queue at once. */
const WINDOW = 256;
/** Finished points that stay in Redis, so that a sweep that was interrupted finds them. */
const KEPT = { age: 24 * 3600, count: 10_000 };
/** Times that a point is submitted again when it has vanished or its answer is none. */
const MOST_RETURNS = 10;
const QUIET = () => {};

/** Workers of another version have another queue: their results are not those of this one. */
export function nameOf(version: string): string {
  return `exhibit-${version}`;
}

/** The library of the queue. Throws InputError where it is not installed. */
export function bullmq(): Promise<typeof import('bullmq')> {
  const mend = 'npm install bullmq ioredis';
  return optionalPackage('bullmq', 'keeps the queue of a sweep', importQueue, mend);
}

interface Waiter {
  readonly job: Job;
  /** Times that the point was submitted. */
  submitted: number;
  /** Whether a submission or a look at it is under way. */
  isBusy: boolean;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Workers on a queue of BullMQ (https://docs.bullmq.io) on the Redis server at `url`. A point is a job whose id is the
 * point's key, so it is in the queue at most once, whoever submits it, and it goes to another worker when its own dies.
 *
 * Other clients of the server can do anything to the queue. Events only say when to look; the answer is read from the
 * job and must have an answer's form; a job that is gone (the server was flushed, ran out of memory, or lost its data in
 * a restart) is submitted again. Throws InputError when the server does not answer.
 */
export async function queueEngine(
  url: string,
  version: string,
  notice: (message: string) => void,
  patience: Patience = PATIENCE,
): Promise<Engine> {
  const address = addressOf(url);
  const redis = await connect(url, patience);
  const { Queue, QueueEvents } = await bullmq();
  const queue = new Queue<Job, Answer>(nameOf(version), { connection: redis });
  const events = new QueueEvents(nameOf(version), { connection: redis });
  const waiting = new Map<string, Waiter>();
  const settle = (key: string, act: (waiter: Waiter) => void) => {
    const waiter = waiting.get(key);
    if (waiter && waiting.delete(key)) act(waiter);
  };
  const dropAll = (error: Error) => {
    for (const key of [...waiting.keys()]) settle(key, ({ reject }) => reject(error));
  };

  const submit = async (waiter: Waiter, reason?: string) => {
    if (waiter.submitted > MOST_RETURNS) {
      const found = `a point that came back from the queue at ${address} ${MOST_RETURNS} times: ${reason}`;
      throw new InputError({ field: '--queue', found, allowed: 'a server that keeps what it is given' });
    }
    if (reason !== undefined) notice(`submitted again: a point of the sweep at ${address} ${reason}`);
    waiter.submitted += 1;
    const { job } = waiter;
    await queue.add('point', job, { jobId: job.key, removeOnComplete: KEPT, removeOnFail: { count: WINDOW } });
  };
  const replace = async (waiter: Waiter, found: QueuedJob, reason: string | undefined) => {
    await found.remove().catch((error) => {
      if (isReply(error)) throw error;
    });
    await submit(waiter, reason);
  };
  /** Looks what became of a point and acts on it. */
  const lookUp = async (waiter: Waiter): Promise<void> => {
    const { key } = waiter.job;
    const found: QueuedJob<Job, unknown> | undefined = await queue.getJob(key);
    if (!waiting.has(key)) return;
    if (!found) return submit(waiter, waiter.submitted > 0 ? 'has vanished' : undefined);
    if (found.finishedOn === undefined) {
      if ((await found.getState()) === 'unknown') await replace(waiter, found, 'has vanished from its list');
      return;
    }
    if (found.failedReason) {
      if (waiter.submitted === 0) return replace(waiter, found, undefined);
      const { failedReason } = found;
      return settle(key, ({ reject }) => reject(new Error(`a worker failed on a point: ${failedReason}`)));
    }
    const answer = readAnswer(found.returnvalue);
    if (!answer) return replace(waiter, found, 'had an answer that is none');
    settle(key, ({ resolve }) => resolve(answer));
  };
  /** Faults of the connection mend themselves or end it; what the server refuses stays refused. */
  const look = async (key: string): Promise<void> => {
    const waiter = waiting.get(key);
    if (!waiter || waiter.isBusy) return;
    waiter.isBusy = true;
    try {
      await lookUp(waiter);
    } catch (error) {
      if (isReply(error)) dropAll(queueFault(address, error as Error));
      else if (error instanceof InputError) settle(key, ({ reject }) => reject(error));
    } finally {
      waiter.isBusy = false;
    }
  };

  queue.on('error', QUIET);
  events.on('error', QUIET);
  events.on('completed', ({ jobId }) => void look(jobId));
  events.on('failed', ({ jobId }) => void look(jobId));
  redis.on('end', () => dropAll(queueFault(address, new Error('the connection was lost'))));
  const timer = setInterval(() => {
    for (const key of waiting.keys()) void look(key);
  }, patience.lookupSeconds * 1000);
  const close = async () => {
    clearInterval(timer);
    dropAll(new Error('the queue was closed'));
    await Promise.all([events.close(), queue.close()]).catch(QUIET);
    redis.disconnect();
  };
  try {
    await events.waitUntilReady();
    if ((await queue.getWorkersCount()) === 0)
      notice(`no worker of version ${version} is at ${address} yet: exhibit worker --queue ${address}`);
  } catch (error) {
    await close();
    throw queueFault(address, error as Error);
  }

  return {
    width: WINDOW,
    compute: (job) =>
      new Promise<Answer>((resolve, reject) => {
        waiting.set(job.key, { job, submitted: 0, isBusy: false, resolve, reject });
        void look(job.key);
      }),
    close,
  };
}
