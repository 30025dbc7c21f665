import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { decode } from '../../src/onnx/decode.js';
import { agreement } from './agree.js';
import { cast, FLOAT, floats, INT8, INT64, modelOf, port, UINT8 } from './by-hand.js';

/** y = x times constants that are cast to integers of a type, and back. */
function model(constants: readonly number[], to: number): Uint8Array {
  const shape = [constants.length];
  return modelOf({
    node: [cast('w', 'i', to), cast('i', 'f', FLOAT), { input: ['x', 'f'], output: ['y'], opType: 'Mul' }],
    initializer: [floats('w', shape, constants)],
    input: [port('x', shape)],
    output: [port('y', shape)],
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
