import { workerData } from 'node:worker_threads';
import { listenTo } from '../deadline.js';
import { keepCode } from '../kept-code.js';

/** What `runInThread` starts; `done` when the command is. */
const { words, cell } = workerData as { words: readonly string[]; cell: Int32Array };
keepCode();
export const done = run();

async function run(): Promise<void> {
  const { runCommand } = await import('./program.js');
  listenTo(cell);
  process.exitCode = await runCommand(words);
}
