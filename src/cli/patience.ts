import { setFlagsFromString } from 'node:v8';

/**
 * What makes V8 optimise functions after ten times as much of their work as it would by itself, in the versions of node that have it:
 * otherwise a third of the processor time of commands goes into optimising what is soon over.
 */
const PATIENCE: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=800000',
  22: '--invocation-count-for-turbofan=30000',
  24: '--invocation-count-for-turbofan=30000',
};

/**
 * The heap is marked at once when it is full: a pause is noticed by nobody here, and marking it bit by bit, on other threads too,
 * starts early and takes a tenth of a short command.
 */
const AT_ONCE = '--no-incremental-marking';

/**
 * Sets V8 for work of which only the sum of time counts. The code of node itself that a thread starts with is kept under V8's own
 * flags and compiled anew under others, which takes as long as a third of the start of node: the thread that does the work calls
 * this once it runs.
 */
export function setForWork(): void {
  const patience = PATIENCE[process.versions.node.split('.')[0]];
  for (const flag of [AT_ONCE, ...(patience === undefined ? [] : [patience])]) setFlagsFromString(flag);
}
