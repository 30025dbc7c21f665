import { workerData } from 'node:worker_threads';
import { keepCode } from '../kept-code.js';

/** What `runInThread` starts; `done` when the command is. */
const { words, cell } = workerData as { words: readonly string[]; cell: Int32Array };
keepCode();
export const done = run();

async function run(): Promise<void> {
  const [{ runCommand }, { listenTo }] = await Promise.all([import('./program.js'), import('../deadline.js')]);
  listenTo(cell);
  process.exitCode = await runCommand(words);
}
