import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';

const ROOT = resolve(import.meta.dirname, '../../proofs-check');
const SOURCES = ['flagship', 'discrepancy', 'qmc', 'kronecker-gp', 'top-eigenvector', 'sparse-regression'];
const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const OPTIONS = { seed: 0, digits: 20, execution: [], progress: () => {} };
/** These take longer than the others together. */
const SLOW = ['automaton-shallow', 'automaton-weak', 'halving-unbalanced', 'mixture-negative-weight', 'parity-table'];

/** Every third of the instances that must be refuted or refused; at night all instances, the proved ones included. */
const INSTANCES = SOURCES.flatMap((source) => {
  const folder = join(ROOT, source, 'instances');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name))
    .filter((file) => NIGHTLY || !/^expect: proved$/m.test(readFileSync(file, 'utf8')))
    .filter((file) => NIGHTLY || !SLOW.some((name) => file.includes(name)));
});

test.each(INSTANCES.filter((_, k) => NIGHTLY || k % 3 === 0))(
  '%s is as expected',
  { timeout: 120_000 },
  async (file) => {
    const text = readFileSync(file, 'utf8');
    const instance = readInstance(text, file);
    const run = async () => (await verify(await loadTheorem(instance.theorem), instance, OPTIONS)).verdict;
    if (/^expect: bad-input$/m.test(text)) await expect(run()).rejects.toThrow(InputError);
    else expect(await run()).toBe(/^expect: (\w+)$/m.exec(text)![1]);
  },
);
