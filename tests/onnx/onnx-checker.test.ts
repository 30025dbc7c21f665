import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { scaledIdentity, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { writeModel } from '../../src/onnx/model-file.js';
import { randomNetworks } from '../generators/networks.js';

const python = (program: string, ...args: string[]) =>
  spawnSync('/usr/bin/python3', ['-c', program, ...args], { encoding: 'utf8' });

const CHECK = `
import glob, sys, onnx
for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
    try:
        onnx.checker.check_model(path, full_check=True)
        onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True)
    except Exception as error:
        sys.exit(path + ': ' + str(error))
`;

describe.skipIf(python('import onnx').status !== 0)('the checker of the ONNX project', () => {
  test('accepts every model, with its types and shapes inferred', () => {
    const directory = mkdtempSync(join(tmpdir(), 'exhibit-'));
    try {
      const networks = fc.sample(randomNetworks({ steps: 12 }), 60);
      networks.forEach((network, k) => {
        const dtype = (['float64', 'float32', 'float16'] as const)[k % 3];
        writeModel(join(directory, `${k}.onnx`), network, { dtype, metadata: { theorem: 'none' } });
      });
      const b = new Builder();
      const u = b.input('u', { time: 5, channel: 2 });
      const h = b.recurrence(u, b.constant(scaledIdentity(3, Rational.of(1, 2))), b.constant(tensor([3, 2], six)), 'h');
      writeModel(join(directory, 'external.onnx'), b.network({ h }), { dtype: 'float64', largestInline: 0 });
      const { status, stderr } = python(CHECK, directory);
      expect(stderr).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

const six = [1, 2, 3, 4, 5, 6].map((k) => Rational.of(k));
