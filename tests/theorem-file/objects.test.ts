import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { readTheorem } from '../../src/theorem-file/read.js';

const OPTIONS = { seed: 0, digits: 20, execution: [], progress: () => {} };
const FANO = ['1,1,0,1,0,0,0', '0,1,1,0,1,0,0', '0,0,1,1,0,1,0', '0,0,0,1,1,0,1', '1,0,0,0,1,1,0', '0,1,0,0,0,1,1'];
const ROWS = [...FANO, '1,0,1,0,0,0,1'];

const THEOREM = `
theorem: colouring
parameters:
  matrix: {matrix: the incidence matrix}
  x: {list: a colouring}
network:
  A: matrix
  chi: x
  r: A @ chi
claims:
  signs: "max_{i in 1..7}(|chi[i]^2 - 1|) <= 0"
  error: "max_{i in 1..7}(|r[i]|) <= 5"
  value: "max_{i in 1..7}(|r[i]|) <= ?"
`;

const audited = (params: string, file = 'instance.yaml') =>
  verify(
    readTheorem(THEOREM, 'theorem.yaml') as never,
    readInstance(`theorem: colouring\nparams:\n${params}`, file),
    OPTIONS,
  );

describe('an exact object', () => {
  test('is a network without inputs: all named tensors are outputs, products stay operations, nothing is executed', async () => {
    const result = await audited(`  matrix: ${JSON.stringify(ROWS)}\n  x: [1, -1, 1, -1, 1, -1, 1]`);
    expect(result.network.inputs).toEqual([]);
    expect(result.network.outputs.map(({ name }) => name)).toEqual(['A', 'chi', 'r']);
    expect(result.network.nodes.some(({ op }) => op === 'matmul')).toBe(true);
    expect(result.claims.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'signs proved',
      'error proved',
      'value proved',
    ]);
    expect(String(result.claims[2].enclosure?.hi)).toBe('3');
  });

  test('is refuted by its own numbers', async () => {
    const result = await audited(`  matrix: ${JSON.stringify(ROWS)}\n  x: [1, 1, 1, 1, 1, 1, 0]`);
    expect(result.claims[0].verdict).toBe('refuted');
  });

  test('is made of a file beside the instance', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exhibit-object-'));
    writeFileSync(join(folder, 'fano.csv'), ROWS.join('\n'));
    const result = await audited('  matrix: fano.csv\n  x: [1, -1, 1, -1, 1, -1, 1]', join(folder, 'instance.yaml'));
    expect(result.verdict).toBe('proved');
  });

  test.each(['"1,000"', '0x10', 'inf', '1_000', '1;0'])(
    'loses no first row of its file to a number that is none: %s',
    async (cell) => {
      const folder = mkdtempSync(join(tmpdir(), 'exhibit-object-'));
      writeFileSync(join(folder, 'm.csv'), `${cell},2\n3,4\n`);
      const params = '  matrix: m.csv\n  x: [1, -1]';
      await expect(audited(params, join(folder, 'instance.yaml'))).rejects.toThrow(/m\.csv:1.* is not a number/);
    },
  );

  test('of shapes that do not fit is bad input', async () => {
    await expect(audited('  matrix: [[1, 2]]\n  x: [1, 2, 3]')).rejects.toThrow(InputError);
  });
});
