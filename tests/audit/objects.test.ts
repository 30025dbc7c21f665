import { expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { Rational } from '../../src/numbers/rational.js';
import { withConstants, withEntry } from '../generators/rebuild.js';

const OPTIONS = { seed: 0, digits: 17, execution: [], progress: () => {} };

async function audited(change: (label: string, size: number) => boolean) {
  const instance = readInstance('theorem: star-discrepancy-space\nparams: {n: 8}\n', 'test.yaml');
  const theorem = await loadTheorem(instance.theorem);
  const network = (built: Parameters<typeof withConstants>[0]) =>
    withConstants(built, (value, label) =>
      change(label, value.size) ? withEntry(value, value.size - 1, Rational.of(1, 7)) : value,
    );
  return verify(theorem, instance, { ...OPTIONS, network });
}

it('of which an operation has another constant are refused: its outputs mean something else', async () => {
  await expect(audited((_, size) => size === 1)).rejects.toThrow(InputError);
  await expect(audited((_, size) => size === 1)).rejects.toThrow(/computes something else/);
});

it('of which a given tensor has another entry are judged by what is computed of it', async () => {
  const { network, claims } = await audited((label) => label === 'P');
  expect(network.outputs[0].name).toBe('P');
  expect(claims.find(({ id }) => id === 'lower')?.verdict).toBe('proved');
});
