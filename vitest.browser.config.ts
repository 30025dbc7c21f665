import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM } from './tests/browser/chromium.js';

/** The tests of the numbers layer in a browser: rounding is where engines could differ. */
export default defineConfig({
  define: { 'process.env': '({})' },
  test: {
    include: ['tests/numbers/*.test.ts'],
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
