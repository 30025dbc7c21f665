import { InputError, OutputError } from '../errors.js';
import { type Answer, computePoint } from './compute.js';
import type { Job } from './point.js';
import type { Outcome } from './quantity.js';
import { Store } from './store.js';

/** Points to compute, and the folder of results that they are kept in. */
export interface Task {
  readonly jobs: readonly Job[];
  readonly version: string;
  readonly folder?: string;
}

/** Milliseconds after which a thread answers with the points that it has. */
const PATIENCE = 50;

let store: Store | undefined;

/**
 * The answers to the first points of a task, at least one of them; a point with an outcome is kept in the task's folder as soon
 * as it is there. Throws for a defect at the first point; where it is at another, the points before it are the answer.
 */
export async function keepPoints({ jobs, version, folder }: Task): Promise<Answer[]> {
  if (folder !== store?.folder) store = folder === undefined ? undefined : new Store(folder);
  const end = performance.now() + PATIENCE;
  const answers: Answer[] = [];
  try {
    for (const job of jobs) {
      const answer = await computePoint(job, version);
      const isKept = store && 'outcome' in answer && keeps(store, job, answer.outcome);
      answers.push(isKept ? { ...answer, isKept } : answer);
      if (performance.now() > end) break;
    }
  } catch (error) {
    if (answers.length === 0) throw error;
  }
  return answers;
}

/** Whether a point was kept; where it was not, the main thread tries again and says why it cannot be. */
function keeps(folder: Store, job: Job, outcome: Outcome): boolean {
  try {
    return folder.write(job, outcome);
  } catch (error) {
    if (error instanceof InputError || error instanceof OutputError) return false;
    throw error;
  }
}
