import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { decode } from '../../src/onnx/decode.js';
import type { Message } from '../../src/onnx/schema.js';
import { serialiseModel } from '../../src/onnx/wire.js';
import { agreement } from './agree.js';

const [FLOAT, UINT8, INT8, INT64] = [1, 2, 3, 7];

/** y = x times constants that are cast to integers of a type, and back. */
function model(constants: readonly number[], to: number): Uint8Array {
  const port = (name: string): Message<'ValueInfo'> => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimValue: constants.length }] } } },
  });
  const cast = (type: number) => [{ name: 'to', type: 2, i: type }];
  const rawData = new Uint8Array(Float32Array.from(constants).buffer);
  return serialiseModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'casts',
      node: [
        { input: ['w'], output: ['i'], opType: 'Cast', attribute: cast(to) },
        { input: ['i'], output: ['f'], opType: 'Cast', attribute: cast(FLOAT) },
        { input: ['x', 'f'], output: ['y'], opType: 'Mul' },
      ],
      initializer: [{ name: 'w', dims: [constants.length], dataType: FLOAT, rawData }],
      input: [port('x')],
      output: [port('y')],
    },
  });
}

test('numbers are cut to integers as onnxruntime does it, within the type', async () => {
  const file = model([2.7, -2.7, 127.9, -128], INT8);
  expect((await agreement(file, decode(file), 50)).worst).toBeLessThanOrEqual(1);
});

test.each([
  [[300, 1], UINT8, /the conversion of 300 to an integer from 0 to 255/],
  [[-1, 1], UINT8, /the conversion of -1 /],
  [[128, 1], INT8, /from -128 to 127/],
  [[2 ** 63, 1], INT64, /to 9223372036854775807/],
])('%j as integers of the type %d are refused: the specification leaves open what they are', (constants, to, why) => {
  expect(() => decode(model(constants, to))).toThrow(InputError);
  expect(() => decode(model(constants, to))).toThrow(why);
});
