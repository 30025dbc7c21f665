/** Milliseconds to wait for the other end of a pipe. */
export const SHORT_WAIT = 10;

/** Waits without returning to the event loop. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, milliseconds);
}
