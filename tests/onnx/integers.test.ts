import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { decode } from '../../src/onnx/decode.js';
import type { Message } from '../../src/onnx/schema.js';
import { agreement } from './agree.js';
import { cast, FLOAT, INT8, INT32, INT64, modelOf, port, UINT8 } from './by-hand.js';

const ARRAYS = { [UINT8]: Uint8Array, [INT8]: Int8Array, [INT32]: Int32Array, [INT64]: BigInt64Array } as const;
type IntegerType = keyof typeof ARRAYS;

function integers(name: string, type: IntegerType, values: readonly (number | string)[]): Message<'Tensor'> {
  const data = (ARRAYS[type] as { from(list: Iterable<unknown>): ArrayBufferView }).from(
    values.map((value) => (type === INT64 ? BigInt(value) : value)),
  );
  return { name, dims: [values.length], dataType: type, rawData: new Uint8Array(data.buffer) };
}

function model(operators: readonly Message<'Operator'>[], initializer: Message<'Tensor'>[], width = 1): Uint8Array {
  return modelOf({ node: [...operators], initializer, input: [port('x', [width])], output: [port('y', [width])] });
}

/** y = x + the float of what an operator makes of integers. */
function computed(opType: string, type: IntegerType, ...lists: readonly (readonly (number | string)[])[]): Uint8Array {
  const names = lists.map((_, k) => `c${k}`);
  return model(
    [
      { input: names, output: ['i'], opType },
      cast('i', 'f', FLOAT),
      { input: ['x', 'f'], output: ['y'], opType: 'Add' },
    ],
    lists.map((list, k) => integers(names[k], type, list)),
  );
}

const WRAPPING = [
  ['Add', INT32, [[2 ** 31 - 1], [1]], 'the integer 2147483648'],
  ['Sub', UINT8, [[1], [2]], 'the integer -1'],
  ['Mul', INT8, [[100], [3]], 'the integer 300'],
  ['Mul', INT64, [[2 ** 40], [2 ** 40]], 'the integer 1208925819614629174706176'],
  ['Add', INT64, [['9223372036854775807'], [1]], 'the integer 9223372036854775808'],
  ['Pow', INT32, [[3], [30]], 'the integer 205891132094649'],
  ['Neg', INT8, [[-128]], 'the integer 128'],
  ['Abs', INT8, [[-128]], 'the integer 128'],
  ['Div', INT8, [[-128], [-1]], 'the integer 128'],
  ['ReduceSum', INT32, [[2 ** 31 - 1, 2 ** 31 - 1]], 'the integer 4294967294'],
  ['ReduceProd', INT32, [[2 ** 31 - 1, 2]], 'the integer 4294967294'],
  ['ReduceMean', INT32, [[1, 2]], 'the integer 3/2'],
] as const;

describe('integers beyond their type, which programs wrap around, are refused', () => {
  test.each(WRAPPING)('%s of the type %d: %j', (opType, type, lists, found) => {
    expect(() => decode(computed(opType, type, ...lists))).toThrow(InputError);
    expect(() => decode(computed(opType, type, ...lists))).toThrow(found);
  });

  test('the type goes with what is only moved about', () => {
    const operators = [
      { input: ['a', 'at'], output: ['b'], opType: 'Gather' },
      { input: ['b', 'b'], output: ['i'], opType: 'Mul' },
      cast('i', 'f', FLOAT),
      { input: ['x', 'f'], output: ['y'], opType: 'Add' },
    ];
    const arrays = [integers('a', INT8, [1, 16]), integers('at', INT64, [1])];
    expect(() => decode(model(operators, arrays))).toThrow('the integer 256');
  });

  test.each([
    ['Add', INT32, [[2 ** 31 - 2], [1]]],
    ['Mul', INT8, [[-64], [2]]],
    ['Div', INT64, [[-7], [2]]],
    ['ReduceMean', INT32, [[1, 3]]],
  ] as const)('within it they are read as onnxruntime runs them: %s of the type %d', async (opType, type, lists) => {
    const file = computed(opType, type, ...lists);
    expect((await agreement(file, decode(file), 20)).worst).toBeLessThanOrEqual(1);
  });
});

test.each([
  ['as torch exports flip', '-9223372036854775807'],
  ['the least integer', '-9223372036854775808'],
])('a slice backwards to the front, its end being %s', async (_, end) => {
  const operators = [{ input: ['x', 'starts', 'ends', 'axes', 'steps'], output: ['y'], opType: 'Slice' }];
  const arrays = [
    integers('starts', INT64, [-1]),
    integers('ends', INT64, [end]),
    integers('axes', INT64, [0]),
    integers('steps', INT64, [-1]),
  ];
  const file = model(operators, arrays, 4);
  expect((await agreement(file, decode(file), 20)).worst).toBeLessThanOrEqual(1);
});
