import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { decode } from '../../src/onnx/decode.js';
import type { Message } from '../../src/onnx/schema.js';
import { serialiseModel } from '../../src/onnx/wire.js';

type Operator = Message<'Operator'>;

/** A chain of one operator applied again and again, to a constant or to an input of 4 numbers. */
function chain(from: 'w' | 'x', length: number, make: (input: string) => Partial<Operator>): Uint8Array {
  const type = { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'N' }, { dimValue: 4 }] } } };
  const node = Array.from({ length }, (_, k) => ({ output: [`n${k}`], ...make(k === 0 ? from : `n${k - 1}`) }));
  const last = `n${length - 1}`;
  return serialiseModel({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      input: [{ name: 'x', type }],
      initializer: [
        { name: 'w', dims: [4], dataType: 1, floatData: [1.1, 0.3, 7, 3] },
        { name: 'two', dims: [1], dataType: 7, int64Data: [2] },
        { name: 'twos', dims: [2], dataType: 7, int64Data: [1, 2] },
        { name: 'high', dims: [], dataType: 1, floatData: [999] },
      ],
      node: [...node, { opType: 'Add', input: ['x', last], output: ['y'] }],
      output: [{ name: 'y', type: { tensorType: { elemType: 1 } } }],
    },
  });
}

test.each<[string, Uint8Array]>([
  ['repeats of a constant', chain('w', 60, (input) => ({ opType: 'Tile', input: [input, 'two'] }))],
  ['repeats of an input', chain('x', 60, (input) => ({ opType: 'Tile', input: [input, 'twos'] }))],
  ['powers of a constant', chain('w', 20, (input) => ({ opType: 'Pow', input: [input, 'high'] }))],
  ['squares of a constant', chain('w', 2000, (input) => ({ opType: 'Mul', input: [input, input] }))],
  ['quotients of a constant', chain('w', 2000, (input) => ({ opType: 'Div', input: ['w', input] }))],
  [
    'concatenations of a constant',
    chain('w', 60, (input) => ({
      opType: 'Concat',
      input: [input, input],
      attribute: [{ name: 'axis', type: 2, i: 0 }],
    })),
  ],
])('%s cost bounded time and memory', (_, model) => {
  const start = process.cpuUsage();
  const before = process.memoryUsage().rss;
  try {
    decode(model);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
  expect(process.cpuUsage(start).user).toBeLessThan(20e6);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 31);
});
