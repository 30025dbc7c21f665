import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { DTYPES } from '../../src/evaluate/target.js';
import { readInstanceFile, resolveInstance } from '../../src/library/instance.js';
import { ROOT } from '../cli/exhibit.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const FOLDER = join(ROOT, 'proofs-check');
/** Instances of every kind of network that run in seconds; all of them by night. */
const CHOSEN = [
  'softmin-gap-small-beta',
  'memorize-one-sequence',
  'task-one-head',
  'retrieval-sharp',
  'norm-small-tau',
  'delay-tight',
  'hat-interpolation-square',
  'yarotsky-square-20-layers',
  'relu-product-pieces',
  'relu-min-tree-fewer-units',
  'telgarsky-sawtooth-competitor',
  'mcshane-extension-square',
  'threshold-min-thousand',
];
const INSTANCES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /instances\/[^/]+\.yaml$/.test(name))
  .map((name) => [basename(name, '.yaml'), join(FOLDER, name)] as const)
  .filter(([, file]) => /^theorem:/m.test(readFileSync(file, 'utf8')))
  .filter(([, file]) => readInstanceFile(file).expect !== 'bad-input')
  .filter(([name]) => NIGHTLY || CHOSEN.includes(name))
  .sort();
const LONG = NIGHTLY ? 600_000 : 60_000;

describe('every execution claim holds in every format on the CPU', () => {
  const execution = DTYPES.map((dtype) => ({ provider: 'cpu', dtype }) as const);

  test.each(INSTANCES)(
    '%s',
    async (_, file) => {
      const { theorem, instance } = await resolveInstance(file);
      const { claims } = await verify(theorem, instance, { seed: 3, digits: 17, execution, progress: () => {} });
      const executed = claims.filter(({ claim }) => claim.kind === 'execution');
      expect(executed.length).toBeGreaterThan(0);
      for (const { id, verdict, enclosure, facts } of executed) {
        expect(verdict, `${id}: ${facts?.join('; ')}`).toBe('observed');
        if (enclosure?.lo && enclosure.hi) expect(enclosure.lo.le(enclosure.hi), id).toBe(true);
      }
    },
    LONG,
  );
});
