import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTheorem, theoremIds } from '../../src/library/package.js';
import { computePoint } from '../../src/rates/compute.js';
import { rateSweep } from '../../src/rates/rates.js';
import { runSweep } from '../../src/rates/run.js';
import { Store } from '../../src/rates/store.js';
import { countPoints, readSweep } from '../../src/rates/sweep.js';
import { scratch } from '../cli/exhibit.js';

const ROOT = resolve(import.meta.dirname, '../../proofs-check');
const SWEEPS = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\/sweeps\/.*\.yaml$/.test(name),
);
/** These take seconds to minutes each, and are swept at night. */
const SLOW = [
  ...['retrieval-parameters.yaml', 'mcshane-extension.yaml', 'hat-root.yaml'],
  ...['softmax-saturation.yaml', 'softmax-column-defect.yaml'],
  ...['airy-fast.yaml', 'airy-memory.yaml', 'polynomial-hilbert.yaml', 'polynomial-memory.yaml'],
];
const folder = scratch();
const SETTINGS = { seed: 0, digits: 17, version: 'test' };

describe.each(SWEEPS)('%s', (name) => {
  test.skipIf(SLOW.includes(basename(name)) && !process.env.EXHIBIT_NIGHTLY)(
    'every rate is proved, or in an interval narrower than 5 %',
    async () => {
      const file = join(ROOT, name);
      const sweep = await readSweep(readFileSync(file, 'utf8'), loadTheorem, file);
      const engine = { width: 1, compute: (job: never) => computePoint(job, 'test'), close: async () => {} };
      const options = { ...SETTINGS, store: new Store(folder), progress: () => {} };
      const results = await runSweep(sweep, countPoints(sweep, false), () => engine, options);
      const rates = rateSweep(sweep, results, SETTINGS);
      if (!/^rates?:/m.test(readFileSync(file, 'utf8'))) return;
      expect(rates.length).toBeGreaterThan(0);
      for (const { verdict, interval, prediction } of rates) {
        expect(['proved', 'consistent']).toContain(verdict);
        if (verdict === 'proved') continue;
        const predicted = Number(prediction.exponent!.num) / Number(prediction.exponent!.den);
        expect(interval![0]).toBeLessThanOrEqual(predicted);
        expect(interval![1]).toBeGreaterThanOrEqual(predicted);
        expect(interval![1] - interval![0]).toBeLessThan(0.05 * Math.abs(predicted || 1));
      }
    },
  );
});

test('every rate that a theorem states is swept', async () => {
  const swept = new Set<string>();
  for (const name of SWEEPS) {
    const sweep = await readSweep(readFileSync(join(ROOT, name), 'utf8'), loadTheorem);
    for (const { quantity, against } of sweep.rates) swept.add(`${sweep.theorem.id} ${quantity} ${against.text}`);
  }
  for (const id of theoremIds()) {
    for (const { quantity, against } of (await loadTheorem(id)).rates ?? [])
      expect(swept).toContain(`${id} ${quantity} ${against}`);
  }
});
