import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { isTerminal } from '../files/terminal.js';
import { writeKept } from '../kept-code.js';
import { CODE, EXTENSION } from '../root.js';
import { EXIT, reportFailure } from './exit.js';
import { talk } from './output.js';

/**
 * The young generation in megabytes. Tensors of exact numbers and intervals live for some operations: with V8's default
 * they are copied into the old generation before they are dropped.
 */
export const youngGeneration = 192;

/** Memory from which on the heap is collected when it has grown by so many percent; V8 lets a small one grow fourfold. */
const [MUCH, GROWTH] = [450 * 2 ** 20, 60];
const LOOK_EVERY = 250;

/** Lets a large heap grow less between collections, which costs a few percent of time and halves what 10^5 tokens take. */
function growSlowlyWhenLarge(): void {
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() < MUCH) return;
    setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
    clearInterval(timer);
  }, LOOK_EVERY);
  timer.unref();
}

/**
 * Runs a command in a thread of its own, while this one listens: a search does not return to the event loop, so nothing
 * else in its thread would hear of Ctrl-C. The first ends all searches with what they know, the second ends the program.
 * Returns the exit code.
 */
export function runInThread(words: readonly string[]): Promise<number> {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const interrupt = () => {
    if (Atomics.exchange(cell, 0, 1) === 1) process.exit(EXIT.interrupted);
    if (isTerminal(2)) talk('\ninterrupted: ending with what is known; once more to stop at once\n');
  };
  process.on('SIGINT', interrupt);
  growSlowlyWhenLarge();
  // The thread sets flags of V8, and what is kept under one set of them is not taken under another.
  writeKept();
  const columns = (isTerminal(1) && process.stdout.columns) || (isTerminal(2) && process.stderr.columns) || undefined;
  const worker = new Worker(new URL(`src/cli/thread${EXTENSION}`, CODE), {
    workerData: { words, cell, columns },
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    stdout: true,
    stderr: true,
  });
  // Results do not go this way, but what a user's module may say does; node would make these streams even if nobody says anything.
  worker.stdout.on('data', (bytes) => process.stdout.write(bytes));
  worker.stderr.on('data', (bytes) => process.stderr.write(bytes));
  return new Promise((done) => {
    worker.on('error', (error) => done(reportFailure(error, words.includes('--json'))));
    worker.on('exit', done);
  });
}
