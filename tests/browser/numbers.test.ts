import { expect, test } from 'vitest';
import { launch, ROOT } from '../cli/exhibit.js';
import { CHROMIUM } from './chromium.js';

test.skipIf(CHROMIUM === undefined)('the tests of the numbers layer pass in a browser, too', async () => {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const args = [vitest, 'run', '--config', 'vitest.browser.config.ts', '--reporter', 'dot'];
  const { code, stdout, stderr } = await launch(process.execPath, args, { cwd: ROOT });
  expect(code, `${stdout}\n${stderr}`).toBe(0);
});
