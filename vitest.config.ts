import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { wat } from './scripts/wat.mjs';

/** The files that take longest, in this order first, so that the last workers end together. */
const LONGEST = [
  ...['browser/site', 'docs/readme', 'soundness/mutants', 'cli/faults', 'cli/sweep', 'rates/shipped'],
  ...['soundness/precision', 'soundness/retrieval', 'cli/prove', 'rates/redis', 'browser/report', 'rates/queue'],
  ...['browser/numbers', 'soundness/certificates', 'cli/repeat', 'cli/commands', 'cli/output', 'docs/prove'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  plugins: [wat()],
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
