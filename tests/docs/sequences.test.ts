import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Rational } from '../../src/numbers/rational.js';
import { modelsOf, readStatementInstance } from '../../src/proof/prove/instance.js';
import { prove } from '../../src/proof/prove/prove.js';

const PAGE = readFileSync('docs/sequences.md', 'utf8');
const FILE = 'tests/onnx/fixtures/tokens/adder.yaml';

it('the instance of docs/sequences.md is proved of a network that PyTorch wrote', async () => {
  const [, shown] = /```yaml\n([\s\S]*?)```/.exec(PAGE)!;
  const file = readFileSync(FILE, 'utf8');
  expect(file.replace('adder-free.onnx', 'adder.onnx')).toBe(shown);
  const instance = readStatementInstance(FILE)!;
  const options = { width: Rational.of(1, 1000), progress: () => {} };
  const { claims } = prove(await modelsOf(instance), instance.claims, options, instance.texts);
  expect(claims.map(({ id, verdict }) => [id, verdict])).toEqual([['sum', 'proved']]);
});
