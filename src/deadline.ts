/** Set by another thread when the user interrupts the program: everything that honours a deadline ends then. */
let interruption: Int32Array | undefined;

/** Shares the cell that the listening thread sets; see `src/cli/thread.ts`. */
export function listenTo(cell: Int32Array): void {
  interruption = cell;
}

export function isInterrupted(): boolean {
  return interruption !== undefined && Atomics.load(interruption, 0) !== 0;
}

/** Whether a search has to end with what it knows: the time (of `Date.now()`) is over, or the user interrupted. */
export function isPast(deadline: number | undefined): boolean {
  return isInterrupted() || (deadline !== undefined && Date.now() > deadline);
}
