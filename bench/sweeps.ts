import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Row, show, summary, timeRow } from './row.js';

const MAIN = fileURLToPath(new URL('../src/cli/main.cjs', import.meta.url));
const SWEEPS = { '1000 points of milliseconds': 'sweep.yaml', '60 points of tenths of a second': 'sweep-larger.yaml' };

const RUNS = 3;

/** Sweeps with two workers against one, the start of the command included; two processors at best give 2. */
export async function rows(): Promise<Row[]> {
  // Removed when all is measured: file systems spare what was deleted in the last seconds, which would slow down the next run.
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  try {
    return Object.entries(SWEEPS).map(([name, file]) => {
      const [one, two] = [1, 2].map((jobs) => summary(Array.from({ length: RUNS }, () => seconds(file, jobs, folder))));
      const ratio = one.median / two.median;
      const unit = 'times as fast as one';
      return timeRow(`${name}, two workers (time that passes)`, two, {
        also: { [unit]: ratio },
        words: [show(ratio, unit)],
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function seconds(file: string, jobs: number, parent: string): number {
  const folder = mkdtempSync(join(parent, 'sweep-'));
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [MAIN, 'sweep', sweepFile(file), '--jobs', `${jobs}`, '-o', folder]);
  if (status !== 0) throw new Error(`the sweep exits with ${status}`);
  return (performance.now() - start) / 1000;
}

function sweepFile(name: string): string {
  return fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));
}
