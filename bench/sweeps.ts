import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Row, show, showSeconds, summary } from './row.js';

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const FILE = fileURLToPath(new URL('../../bench/sweep.yaml', import.meta.url));

const RUNS = 3;

/** A sweep of 1000 small points with two workers against one, the start of the command included; two processors at best give 2. */
export async function rows(): Promise<Row[]> {
  const [one, two] = [1, 2].map((jobs) => summary(Array.from({ length: RUNS }, () => seconds(jobs))));
  const ratio = show(one.median / two.median, 'times as fast as one');
  return [{ name: '1000 points, two workers (time that passes)', value: `${showSeconds(two)}, ${ratio}` }];
}

function seconds(jobs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [MAIN, 'sweep', FILE, '--jobs', `${jobs}`, '-o', folder]);
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`the sweep exits with ${status}`);
  return (performance.now() - start) / 1000;
}
