import { runInThread } from './listen.js';
import { SEARCHING } from './searching.js';

// The thread that only listens loads nothing of what commands need.
const words = process.argv.slice(2);
process.exitCode = SEARCHING.includes(words[0])
  ? await runInThread(words)
  : await (await import('./program.js')).runCommand(words);
