import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INSTANCES, ROOT, scratch } from '../cli/exhibit.js';

const folder = scratch();

test('the weather instances hold the series as its package has it', () => {
  const written = join(folder, 'windows.csv');
  execFileSync(process.execPath, [join(ROOT, 'scripts/weather-windows.mjs'), written]);
  expect(readFileSync(join(INSTANCES, 'seattle-temperatures.csv')).equals(readFileSync(written))).toBe(true);
});
