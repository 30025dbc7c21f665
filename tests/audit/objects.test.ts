import { expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import type { ExactTensor } from '../../src/network/tensor.js';
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

/** An entry times 2: the last, or that of the second row and the third column of a matrix of this order. */
async function changed(theoremId: string, name: string, order?: number) {
  const instance = readInstance(`theorem: ${theoremId}\nparams: {}\n`, 'test.yaml');
  const theorem = await loadTheorem(instance.theorem);
  const network = (built: Parameters<typeof withConstants>[0]) =>
    withConstants(built, (value, label) =>
      label === name ? doubled(value, order ? order + 2 : value.size - 1) : value,
    );
  return verify(theorem, instance, { ...OPTIONS, network });
}

it.each([
  ['hammersley-slopes', 'values'],
  ['power-function-bound', 'B'],
  ['legt-delay', 'A'],
])('of which the matrix that the theorem is about is another one are refused: %s, %s', async (theorem, name) => {
  await expect(changed(theorem, name)).rejects.toThrow(/computes something else/);
});

it.each([
  ['spectral-mixture-pd', 'M', 8],
  ['float-cholesky', 'S', 19],
])(
  'of which a row is none of the kernel matrix are refuted, though the first row is right: %s',
  async (theorem, name, order) => {
    const { claims } = await changed(theorem, name, order);
    expect(claims.find(({ id }) => id === 'rows')?.verdict).toBe('refuted');
  },
);

function doubled(value: ExactTensor, at: number): ExactTensor {
  return withEntry(value, at, value.at(at, Rational.zero).mul(Rational.of(2)));
}
