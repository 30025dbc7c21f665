import { keepCode } from '../kept-code.js';
import { setForWork } from './patience.js';
import { SEARCHING, SHORT } from './searching.js';

const words = process.argv.slice(2);
if (![...SEARCHING, ...SHORT].includes(words[0] ?? '--help')) setForWork();
keepCode();
// onnxruntime 1.30 tells its maker about each session otherwise; it reads the process's environment, of which threads have copies.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

import('./begin.js').then(async ({ begin }) => {
  process.exitCode = await begin(words);
});
