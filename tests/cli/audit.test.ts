import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type * as Check from '../../src/checker/check.js';
import { audit } from '../../src/cli/audit.js';
import { lostRow } from '../../src/cli/audit-one.js';
import { here } from '../../src/cli/auditors.js';
import { ROOT } from './exhibit.js';

const FOLDER = join(ROOT, 'proofs-check');
const files = [
  'classical/instances/yarotsky-square-20-layers.yaml',
  'head-count/instances/memorize-duplicates.yaml',
  'head-count/instances/memorize-ragged.yaml',
].map((name) => join(FOLDER, name));

/** A checker that rejects what the theorem of the second instance claims. */
vi.mock('../../src/checker/check.js', async (original) => {
  const real = await original<typeof Check>();
  const checkCertificate: typeof real.checkCertificate = (text, ...rest) => {
    const written = [...text].join('');
    const outcome = real.checkCertificate(written, ...rest);
    if (!written.includes('single-head-memorization')) return outcome;
    const claims = outcome.claims.map((claim) => ({ ...claim, verdict: 'rejected', reason: 'a planted one' }) as const);
    return { ...outcome, claims };
  };
  return { ...real, checkCertificate };
});
vi.mock('../../src/files/write.js', async (original) => ({
  ...(await original<object>()),
  writeAll: (_: number, bytes: Uint8Array) => {
    out += Buffer.from(bytes).toString();
  },
}));
let out = '';

test('an instance on which prover and checker disagree is a defect, and the audit goes on', async () => {
  const flags = { json: true, quiet: true, seed: '0', digits: '17' } as never;
  const code = await audit(files, flags, () => here(flags, null));
  const { verdict, instances } = JSON.parse(out);
  expect([code, verdict]).toEqual([4, 'refuted']);
  const rows = instances.map((row: Record<string, unknown>) => [row.verdict, row.asExpected]);
  expect(rows).toEqual([
    ['proved', true],
    ['defect', false],
    ['bad-input', true],
  ]);
  expect(instances[1].message).toMatch(/^the checker rejects the claim \S+, which is proved: a planted one$/);
});

test('an instance whose thread ends under it is a defect of its own row', () => {
  const row = lostRow(files[2], 1, new Error('Worker terminated due to reaching memory limit'));
  expect(row).toMatchObject({ expect: 'bad-input', verdict: 'defect', asExpected: false, result: null });
  expect(row.message).toMatch(/^its thread ended: Worker terminated/);
});
