import { Piscina } from 'piscina';
import { CODE, EXTENSION } from '../root.js';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import type { Task } from './keep-point.js';
import type { Job } from './point.js';

/**
 * The young generation of a worker in megabytes. A point makes many short-lived exact numbers; with V8's default the
 * scavenger runs so often that its helper threads take the cores the other workers need.
 */
const youngGeneration = 384;

/** Points that a thread is sent at once, at most: a message for each of them takes longer than some points. */
const MOST_SENT = 32;

/** A point that no thread has begun. */
interface Waiting {
  readonly job: Job;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Threads that start at once; more start when there is work for them. */
const FIRST = 4;

export type Threads = Piscina<Task, Answer[]>;

/** Threads of this process, the first of which load meanwhile what points need. */
export function startThreads(count: number): Threads {
  return new Piscina({
    filename: new URL(`src/rates/thread${EXTENSION}`, CODE).href,
    minThreads: Math.min(count, FIRST),
    maxThreads: count,
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    idleTimeout: Number.POSITIVE_INFINITY,
  });
}

/** So many worker threads of this process. They keep what they compute in the folder of results, if one is given. */
export function threads(count: number, version: string, folder?: string, pool = startThreads(count)): Engine {
  const waiting: Waiting[] = [];
  let idle = count;
  /** Each thread that is free gets half of its share, so that none is left with many points when there are no others. */
  const distribute = () => {
    while (idle > 0 && waiting.length > 0) {
      idle -= 1;
      void work(waiting.splice(0, Math.min(MOST_SENT, Math.ceil(waiting.length / (2 * count)))));
    }
  };
  const work = async (sent: Waiting[]) => {
    try {
      const answers = await pool.run({ jobs: sent.map(({ job }) => job), version, folder });
      for (const answer of answers) sent.shift()!.resolve(answer);
      waiting.unshift(...sent);
    } catch (error) {
      for (const { reject } of sent) reject(error as Error);
    }
    idle += 1;
    distribute();
  };
  return {
    width: 2 * MOST_SENT * count,
    compute: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        distribute();
      }),
    close: async () => {
      const closed = new Error('the threads were ended');
      for (const { reject } of waiting.splice(0)) reject(closed);
      await pool.destroy();
    },
  };
}
