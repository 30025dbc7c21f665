import { setFlagsFromString } from 'node:v8';
import { keepCode } from '../kept-code.js';

/**
 * What makes V8 optimise functions after ten times as much of their work as it would by itself, in the versions of node that have it:
 * otherwise a third of the processor time of commands goes into optimising what is soon over.
 */
const PATIENCE: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=800000',
  22: '--invocation-count-for-turbofan=30000',
  24: '--invocation-count-for-turbofan=30000',
};

const patience = PATIENCE[process.versions.node.split('.')[0]];
if (patience !== undefined) setFlagsFromString(patience);
keepCode();
// onnxruntime 1.30 tells its maker about each session otherwise; it reads the process's environment, of which threads have copies.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

import('./begin.js').then(async ({ begin }) => {
  process.exitCode = await begin(process.argv.slice(2));
});
