import { Piscina } from 'piscina';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';
import type { Job } from './point.js';

/** Worker threads of this process. */
export function threads(count: number, version: string): Engine {
  const pool = new Piscina<{ job: Job; version: string }, Answer>({
    filename: new URL('./thread.js', import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  return {
    width: 2 * count,
    compute: (job) => pool.run({ job, version }),
    close: () => pool.destroy(),
  };
}
