import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { wat } from './scripts/wat.mjs';
import { CHROMIUM } from './tests/browser/chromium.js';

/** The tests of the numbers layer in a browser: rounding is where engines could differ. */
export default defineConfig({
  plugins: [wat()],
  define: { 'process.env': '({})' },
  resolve: { alias: { 'node:async_hooks': fileURLToPath(new URL('site/platform/others.ts', import.meta.url)) } },
  test: {
    include: ['tests/numbers/*.test.ts'],
    // These start Node, with and without WebAssembly, and Python for MPFR.
    exclude: ['tests/numbers/kernels.test.ts', 'tests/numbers/bulk.test.ts'],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: CHROMIUM, args: ['--no-sandbox'] } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
