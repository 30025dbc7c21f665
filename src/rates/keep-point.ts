import { InputError, OutputError } from '../errors.js';
import { type Answer, computePoint } from './compute.js';
import type { Job } from './point.js';
import type { Outcome } from './quantity.js';
import { Store } from './store.js';

/** A point to compute, and the folder of results that it is kept in. */
export interface Task {
  readonly job: Job;
  readonly version: string;
  readonly folder?: string;
}

/** The answer to a task; a point with an outcome is kept in the task's folder. */
export async function keepPoint({ job, version, folder }: Task): Promise<Answer> {
  const answer = await computePoint(job, version);
  const isKept = folder !== undefined && 'outcome' in answer && keeps(folder, job, answer.outcome);
  return isKept ? { ...answer, isKept } : answer;
}

/** Whether a point was kept; where it was not, the main thread tries again and says why it cannot be. */
function keeps(folder: string, job: Job, outcome: Outcome): boolean {
  let isKept = true;
  const store = new Store(folder, () => {
    isKept = false;
  });
  try {
    store.write(job, outcome);
  } catch (error) {
    if (error instanceof InputError || error instanceof OutputError) return false;
    throw error;
  }
  return isKept;
}
