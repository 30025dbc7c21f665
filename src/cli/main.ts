import { keepCode } from '../kept-code.js';
import { runInThread } from './listen.js';
import { SEARCHING } from './searching.js';

// The thread that only listens loads nothing of what commands need.
keepCode();
// onnxruntime 1.30 tells its maker about each session otherwise; it reads the process's environment, of which threads have copies.
process.env.ORT_DISABLE_TELEMETRY ??= '1';
const words = process.argv.slice(2);
const code = SEARCHING.includes(words[0])
  ? runInThread(words)
  : import('./program.js').then(({ runCommand }) => runCommand(words));
code.then((found) => {
  process.exitCode = found;
});
