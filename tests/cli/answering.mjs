// The built command in one process for many command lines: see answer.ts. Each line of stdin is a call
// {cwd, words}; a call's output goes to the descriptors 1 and 2 as ever, and ends on both with the mark of the first argument
// and its exit code.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  const [, , mark] = process.argv;
  // The thread that main.cjs would start for a command that searches; a thread has no working directory of its own.
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const resourceLimits = { maxYoungGenerationSizeMb: 192 };
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: { words: [], cell }, resourceLimits });
  thread.on('error', (error) => {
    console.error(error);
    process.exit(4);
  });
  const calls = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  for (let next = await calls.next(); !next.done; next = await calls.next()) {
    const { cwd, words } = JSON.parse(next.value);
    process.chdir(cwd);
    const code = await new Promise((done) => {
      thread.once('message', done);
      thread.postMessage(words);
    });
    for (const descriptor of [1, 2]) writeSync(descriptor, `${mark} ${code}\n`);
  }
  process.exit();
} else {
  const require = createRequire(import.meta.url);
  const thread = require.resolve('../../dist/src/cli/thread.cjs');
  parentPort.on('message', async (words) => {
    workerData.words = words;
    process.exitCode = undefined;
    // What the module does it does when it is loaded, so each call loads it anew.
    delete require.cache[thread];
    await require(thread).done;
    parentPort.postMessage(process.exitCode ?? 0);
  });
}
