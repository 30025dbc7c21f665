import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exhibit, scratch } from './exhibit.js';

/** One that the checker does not take, as rules write it into statements: that is no disagreement. */
test('a quantity of an output with a Greek name is proved and says why it is not checked', async () => {
  const folder = join(scratch(), 'greek');
  mkdirSync(folder);
  const network = '  x: input [1]\n  α: relu(x @ [[1, 1]] + [0, -1/2]) @ [[2], [-4]]';
  writeFileSync(join(folder, 'tooth.yaml'), `theorem: tooth\nnetwork:\n${network}\nclaims:\n  a: sawtooth(α, 1)\n`);
  const { code, stdout } = await exhibit(['verify', join(folder, 'tooth.yaml'), '--dtype', 'float64', '--quiet']);
  expect(stdout).toMatch(/PROVED +a: sawtooth\(α, 1\).*not checked: the name "α" is not of up to 64 letters/s);
  expect(code).toBe(0);
});
