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

/** The files that put something else in the place of a module or a global, or that measure the memory of their process. */
const APART = [
  ...['cli/audit', 'cli/exit', 'execution/execution', 'onnx/model-file'],
  ...['soundness/enclosures', 'soundness/grid-construction', 'soundness/linear'],
].map((name) => `tests/${name}.test.ts`);

const shared = { setupFiles: ['tests/setup.ts'], testTimeout: 120_000 };

/** Modules are loaded once in each of two workers, a quarter of the time, but for files that need some of their own. */
export default defineConfig({
  plugins: [wat()],
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [wat()],
        test: { ...shared, name: 'tests', include: ['tests/**/*.test.ts'], exclude: APART, isolate: false },
      },
      { plugins: [wat()], test: { ...shared, name: 'apart', include: APART } },
    ],
  },
});
