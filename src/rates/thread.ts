import { type Answer, computePoint } from './compute.js';
import type { Job } from './point.js';

/** What a worker thread does with a task. */
export default function task({ job, version }: { job: Job; version: string }): Promise<Answer> {
  return computePoint(job, version);
}
