import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOp } from '../../src/network/network.js';
import { decode } from '../../src/onnx/decode.js';
import { agreement } from './agree.js';

/** Written by fixtures/make.py with PyTorch 1.13. */
const folder = join(import.meta.dirname, 'fixtures', 'torch');
const read = (file: string) => readFileSync(join(folder, file));

describe('a model that PyTorch exported is the function that onnxruntime computes:', () => {
  test.each(readdirSync(folder))('%s', async (file) => {
    const model = read(file);
    const decoded = decode(model);
    const { worst, inputs } = await agreement(model, decoded, file === 'encoder.onnx' ? 200 : 1000);
    console.info(`${file}: off by at most ${worst.toFixed(2)} of the rounding bound on ${inputs} inputs`);
    expect(worst).toBeLessThanOrEqual(2);
  });
});

test.each(['layernorm.onnx', 'layernorm-13.onnx'])('%s is normalised by one operation', (file) => {
  expect(decode(read(file)).network.nodes.filter((node) => isOp(node, 'normalise'))).toHaveLength(1);
});
