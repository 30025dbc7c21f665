import type { Answer } from './compute.js';
import type { Job } from './point.js';

/** Where points are computed: worker threads, or workers on a queue. */
export interface Engine {
  /** Jobs that it takes at once before they queue up in it. */
  readonly width: number;
  /** Computes a point. Rejects for a defect, and with an InputError when the engine itself cannot be reached. */
  compute(job: Job): Promise<Answer>;
  close(): Promise<void>;
}
