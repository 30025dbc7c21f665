import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/network/canonical.js';
import { isOp } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { decode } from '../../src/onnx/decode.js';
import { agreement } from './agree.js';

const folder = join(import.meta.dirname, 'fixtures', 'others');
const read = (file: string) => readFileSync(join(folder, file));

describe('a file of another exporter is the function that onnxruntime computes:', () => {
  test.each(readdirSync(folder))('%s', async (file) => {
    const model = read(file);
    const decoded = decode(model);
    const { worst } = await agreement(model, decoded, 100);
    expect(worst).toBeLessThanOrEqual(2);
  });
});

describe('what is read', () => {
  test('has no batch axis, whether it is free or 1', () => {
    expect(decode(read('batch1-mlp.onnx')).network.inputs.map(({ shape }) => sizes(shape))).toEqual([[1]]);
    expect(decode(read('gemm-mlp.onnx')).network.inputs.map(({ shape }) => sizes(shape))).toEqual([[1]]);
  });

  test('is the same network for Gemm as for MatMul and Add', () => {
    const { network } = decode(read('gemm-mlp.onnx'));
    expect(network.nodes.filter((node) => !isOp(node, 'constant')).map(({ op }) => op)).toEqual([
      'input',
      'matmul',
      'add',
      'relu',
      'matmul',
      'add',
    ]);
    expect(sha256(decode(read('mm_const_nodes.onnx')).network)).toBe(
      sha256(decode(read('mm_inits_as_inputs.onnx')).network),
    );
  });
});
