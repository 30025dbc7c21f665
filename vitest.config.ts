import { defineConfig } from 'vitest/config';
import { wat } from './scripts/wat.mjs';

export default defineConfig({
  plugins: [wat()],
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 120_000,
    maxWorkers: 2,
  },
});
