import { AsyncLocalStorage } from 'node:async_hooks';

/** Set by another thread when the user interrupts the program: everything that honours a deadline ends then. */
let interruption: Int32Array | undefined;

/** Shares the cell that the listening thread sets; see `src/cli/thread.ts`. */
export function listenTo(cell: Int32Array): void {
  interruption = cell;
}

/** For threads that this one starts. */
export function interruptionCell(): Int32Array | undefined {
  return interruption;
}

export function isInterrupted(): boolean {
  const isSet = interruption !== undefined && Atomics.load(interruption, 0) !== 0;
  if (isSet) interruptedAt ??= Date.now();
  return isSet;
}

/** When an interruption was first noticed. */
let interruptedAt: number | undefined;

const surrounding = new AsyncLocalStorage<number>();

/** Does the work under a time limit that holds for all it calls, also for what takes no deadline of its own. */
export function within<T>(deadline: number, work: () => T): T {
  return surrounding.run(deadline, work);
}

/**
 * Whether a search has to end with what it knows: the time (of `Date.now()`) is over, its own or else that of the work
 * around it, or the user interrupted.
 */
export function isPast(deadline?: number): boolean {
  const limit = deadline ?? surrounding.getStore();
  return isInterrupted() || (limit !== undefined && Date.now() > limit);
}

/**
 * Whether work under a time limit has to be given up, for walks that have no result in part. Searches end a little
 * earlier, so that what they found can still be evaluated, judged and said. False outside of any limit.
 */
export function isOver(): boolean {
  const limit = surrounding.getStore();
  if (limit === undefined) return false;
  const end = isInterrupted() ? Math.min(limit, interruptedAt!) : limit;
  return Date.now() > end + GRACE;
}

/** Milliseconds. */
const GRACE = 700;

/** A computation that was given up and has no result in part: nothing is decided by it. */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
}

/** Throws Unfinished where work under a time limit has to be given up. */
export function demandTime(work: string): void {
  if (isOver()) throw new Unfinished(`the time limit ended ${work}`);
}
