import { setFlagsFromString } from 'node:v8';
import { keepCode } from '../kept-code.js';

// Bytes of bytecode that a function runs through before V8 optimises it. With a twelfth of it, V8's own choice, a third of the
// processor time of commands went into optimising what was over soon.
setFlagsFromString('--interrupt-budget=800000');
keepCode();
// onnxruntime 1.30 tells its maker about each session otherwise; it reads the process's environment, of which threads have copies.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

import('./begin.js').then(async ({ begin }) => {
  process.exitCode = await begin(process.argv.slice(2));
});
