import { Piscina } from 'piscina';
import { CODE, EXTENSION } from '../root.js';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import type { Task } from './keep-point.js';

/**
 * The young generation of a worker in megabytes. A point makes many short-lived exact numbers; with V8's default the
 * scavenger runs so often that its helper threads take the cores the other workers need.
 */
const youngGeneration = 384;

/** Worker threads of this process. They keep what they compute in the folder of results, if one is given. */
export function threads(count: number, version: string, folder?: string): Engine {
  const pool = new Piscina<Task, Answer>({
    filename: new URL(`src/rates/thread${EXTENSION}`, CODE).href,
    minThreads: count,
    maxThreads: count,
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  return {
    width: 4 * count,
    compute: (job) => pool.run({ job, version, folder }),
    close: () => pool.destroy(),
  };
}
