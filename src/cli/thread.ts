import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { isTerminal } from '../files/terminal.js';
import { keepCode } from '../kept-code.js';
import { setForWork } from './patience.js';

/** What `runInThread` starts; `done` when the command is. */
const { words, cell } = workerData as { words: readonly string[]; cell: Int32Array };
// Every search needs these, and before flags are set they need not be compiled.
const load = createRequire(import.meta.url);
for (const name of ['node:crypto', 'node:perf_hooks']) load(name);
for (const descriptor of [1, 2]) isTerminal(descriptor);
setForWork();
keepCode();
export const done = run();

async function run(): Promise<void> {
  const [{ runCommand }, { listenTo }] = await Promise.all([import('./program.js'), import('../deadline.js')]);
  listenTo(cell);
  process.exitCode = await runCommand(words);
}
