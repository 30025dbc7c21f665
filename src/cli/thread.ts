import { workerData } from 'node:worker_threads';
import { listenTo } from '../deadline.js';
import { runCommand } from './program.js';

/** What `runInThread` starts. */
const { words, cell } = workerData as { words: readonly string[]; cell: Int32Array };
listenTo(cell);
process.exitCode = await runCommand(words);
