import fc from 'fast-check';
import { beforeEach } from 'vitest';
import { allow } from '../src/checker/budget.js';

// Property tests draw the same cases in every run, so that a red run is red again; the nightly form explores.
if (process.env.EXHIBIT_NIGHTLY === undefined) fc.configureGlobal({ seed: 20_261_122 });

// What programs that tests start see of the caller's surroundings: a terminal's wishes must not decide a test.
for (const name of Object.keys(process.env)) {
  if (/^(NO_COLOR|FORCE_COLOR|NODE_DISABLE_COLORS|CI|COLORTERM|COLUMNS|LINES|LANG|LANGUAGE|LC_\w+)$/.test(name))
    delete process.env[name];
}
Object.assign(process.env, { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' });

// Files share a worker and so the checker's budget, of which a test must not be left what an earlier one left of its own.
beforeEach(() => allow({ work: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY }));
