import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Rational } from '../../src/numbers/rational.js';
import { decode } from '../../src/onnx/decode.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';
import { agreement } from './agree.js';
import { floats, INT64, modelOf, port } from './by-hand.js';

/** y = softmax(x + mask), or softmax of `after` the sum, for x of shape [rows, n]. */
function model(mask: readonly (readonly number[])[], operator = 'Add'): Uint8Array {
  const shape = [mask.length, mask[0].length];
  return modelOf({
    node: [
      { input: ['x', 'mask'], output: ['logits'], opType: operator },
      { input: ['logits'], output: ['y'], opType: 'Softmax', attribute: [{ name: 'axis', type: 2, i: -1 }] },
    ],
    initializer: [floats('mask', shape, mask.flat())],
    input: [port('x', shape)],
    output: [port('y', shape)],
  });
}

const CAUSAL = [
  [0, -Infinity, -Infinity],
  [0.5, 0, -Infinity],
  [0, 0, 0],
];

function verdict(mask: readonly (readonly number[])[], text: string) {
  const network = decode(model(mask)).network;
  const claims = new Map([['claim', parseStatement(text)]]);
  const options = { width: Rational.of(1, 1000), progress: () => {} };
  return prove([{ name: null, file: 'masked.onnx', sha256: '', network }], claims, options).verdict;
}

/** As PyTorch exports torch.triu(torch.full((3, 3), -inf), 1), added to logits with the factor `beta`. */
function triangular(beta: number): Uint8Array {
  const one = { name: 'one', dims: [], dataType: INT64, int64Data: [1] };
  return modelOf({
    node: [
      { input: ['full', 'one'], output: ['mask'], opType: 'Trilu', attribute: [{ name: 'upper', type: 2, i: 1 }] },
      { input: ['mask', 'beta'], output: ['scaled'], opType: 'Mul' },
      { input: ['scaled', 'bias'], output: ['moved'], opType: 'Add' },
      { input: ['x', 'moved'], output: ['logits'], opType: 'Add' },
      { input: ['logits'], output: ['y'], opType: 'Softmax', attribute: [{ name: 'axis', type: 2, i: -1 }] },
    ],
    initializer: [
      floats('full', [3, 3], new Array(9).fill(-Infinity)),
      floats('bias', [3], [0.5, -0.25, 1]),
      floats('beta', [], [beta]),
      one,
    ],
    input: [port('x', [3, 3])],
    output: [port('y', [3, 3])],
  });
}

describe('-Infinity in a mask', () => {
  test('gives the weight 0, and onnxruntime computes the same', async () => {
    const file = model(CAUSAL);
    const { worst } = await agreement(file, decode(file), 200);
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('is no large number: the weight stays 0 whatever the logits are', () => {
    expect(verdict([[0, -Infinity]], 'for all x in R^2: y[2] <= 0')).toBe('proved');
    expect(verdict([[0, -Infinity]], 'for all x in [0, 1]^2: y[2] > 0')).toBe('refuted');
    expect(verdict([[0, -Infinity]], 'for all x in [-1e40, 1e40]^2: y[1] = 1')).toBe('proved');
  });

  test.each([
    [
      'a whole row of a mask',
      model([
        [0, 0],
        [-Infinity, -Infinity],
      ]),
    ],
    ['a product', model(CAUSAL, 'Mul')],
    ['a difference', model(CAUSAL, 'Sub')],
  ])('in %s is refused', (_, file) => {
    expect(() => decode(file)).toThrow(InputError);
    expect(() => decode(file)).toThrow(/-Infinity/);
  });

  test('may be a triangle, times a positive number, plus a finite one, as onnxruntime computes it', async () => {
    const file = triangular(2);
    const { worst } = await agreement(file, decode(file), 200);
    expect(worst).toBeLessThanOrEqual(1);
    expect(() => decode(triangular(0))).toThrow(/-Infinity/);
    expect(() => decode(triangular(-1))).toThrow(/-Infinity/);
  });
});
