import { describe, expect, test } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { decode } from '../../src/onnx/decode.js';
import { ATTRIBUTE_TYPE, type Message } from '../../src/onnx/schema.js';
import { agreement } from './agree.js';
import { BOOL, FLOAT, INT64, modelOf, port } from './by-hand.js';

const op = (
  opType: string,
  input: string[],
  output: string[],
  attribute: Message<'Attribute'>[] = [],
  domain = '',
): Message<'Operator'> => ({ opType, input, output, attribute, domain });
const graphs = (name: string, g: Message<'Graph'>) => ({ name, type: ATTRIBUTE_TYPE.g, g });
const integers = (name: string, ints: number[]) => ({ name, type: ATTRIBUTE_TYPE.ints, ints });
const integer = (name: string, i: number) => ({ name, type: ATTRIBUTE_TYPE.i, i });
const stored = (name: string, dataType: number, dims: number[], values: number[]): Message<'Tensor'> => ({
  name,
  dataType,
  dims,
  ...(dataType === FLOAT ? { floatData: values } : dataType === INT64 ? { int64Data: values } : { int32Data: values }),
});

function model(
  graph: Partial<Message<'Graph'>>,
  functions: Message<'Function'>[] = [],
  output = port('y', [2]),
): Uint8Array {
  const opsetImport = [
    { domain: '', version: 17 },
    { domain: 'own', version: 1 },
  ];
  return modelOf({ input: [port('x', [2])], output: [output], ...graph }, { functions, opsetImport });
}

function valueAt(bytes: Uint8Array, x: readonly number[]): string[] {
  const input = tensor(
    [x.length],
    x.map((entry) => Rational.of(entry)),
  );
  return compile(decode(bytes).network, exact)({ x: input }).y.dense(Rational.zero).map(String);
}

/** h <- 2 h + step while step < 3; every h is collected. */
const doubling = (limit: string): Message<'Operator'> => {
  const body: Message<'Graph'> = {
    name: 'body',
    input: [port('i', [], INT64), port('before', [], BOOL), port('h', [2])],
    output: [port('goes', [], BOOL), port('next', [2]), port('seen', [2])],
    initializer: [stored('two', FLOAT, [], [2]), stored('end', INT64, [], [2])],
    node: [
      op('Cast', ['i'], ['step'], [integer('to', FLOAT)]),
      op('Mul', ['h', 'two'], ['double']),
      op('Add', ['double', 'step'], ['next']),
      op('Identity', ['next'], ['seen']),
      op('Less', ['i', 'end'], ['goes']),
    ],
  };
  return op('Loop', [limit, '', 'x'], ['last', 'all'], [graphs('body', body)]);
};

describe('loops and conditions of a file', () => {
  test('a loop ends after its steps', () => {
    const bytes = model({
      initializer: [stored('two', INT64, [], [2])],
      node: [doubling('two'), op('Identity', ['last'], ['y'])],
    });
    expect(valueAt(bytes, [1, -1])).toEqual(['5', '-3']);
  });

  test('a loop ends where its condition is false, and gives what every step collected', async () => {
    const nodes = [doubling(''), op('Identity', ['all'], ['y'])];
    const bytes = model({ node: nodes }, [], port('y', [3, 2]));
    expect(valueAt(bytes, [1, 0])).toEqual(['2', '0', '5', '1', '12', '4']);
    expect((await agreement(bytes, decode(bytes), 20)).worst).toBeLessThanOrEqual(1);
  });

  test('a loop without an end is refused', () => {
    const body: Message<'Graph'> = {
      name: 'body',
      input: [port('i', [], INT64), port('before', [], BOOL), port('h', [2])],
      output: [port('before', [], BOOL), port('next', [2])],
      node: [op('Neg', ['h'], ['next'])],
    };
    const bytes = model({ node: [op('Loop', ['', '', 'x'], ['y'], [graphs('body', body)])] });
    expect(() => decode(bytes)).toThrow(/'Loop'.*more than 4096 steps/);
  });

  test('a scan goes through columns from the last to the first, and stacks them along the second axis', async () => {
    const body: Message<'Graph'> = {
      name: 'body',
      input: [port('h', [2]), port('column', [2])],
      output: [port('next', [2]), port('seen', [2])],
      node: [
        op('Relu', ['h'], ['positive']),
        op('Sub', ['column', 'positive'], ['next']),
        op('Neg', ['next'], ['seen']),
      ],
    };
    const attributes = [
      graphs('body', body),
      integer('num_scan_inputs', 1),
      integers('scan_input_axes', [1]),
      integers('scan_input_directions', [1]),
      integers('scan_output_axes', [-1]),
    ];
    const bytes = model(
      {
        input: [port('x', [2, 3])],
        initializer: [stored('start', FLOAT, [2], [1, 2])],
        node: [op('Scan', ['start', 'x'], ['last', 'y'], attributes)],
      },
      [],
      port('y', [2, 3]),
    );
    expect((await agreement(bytes, decode(bytes), 50)).worst).toBeLessThanOrEqual(1);
  });

  test('a condition that is computed from an input is refused', () => {
    const branch = (opType: string): Message<'Graph'> => ({
      name: opType,
      output: [port('out', [2])],
      node: [op(opType, ['x'], ['out'])],
    });
    const choice = op(
      'If',
      ['yes'],
      ['y'],
      [graphs('then_branch', branch('Relu')), graphs('else_branch', branch('NoSuchOperator'))],
    );
    const known = model({ initializer: [stored('yes', BOOL, [], [1])], node: [choice] });
    expect(valueAt(known, [1, -1])).toEqual(['1', '0']);
    const other = model({ initializer: [stored('yes', BOOL, [], [0])], node: [choice] });
    expect(() => decode(other)).toThrow('NoSuchOperator');
    const computed = model({
      initializer: [stored('zero', FLOAT, [2], [0, 0])],
      node: [op('Greater', ['x', 'zero'], ['yes']), choice],
    });
    expect(() => decode(computed)).toThrow(
      "operator 'Greater' of tensor 'yes': an argument that is computed from inputs; allowed: constants",
    );
  });
});

/** y = factor * relu(x), a function of the file. */
const scaled: Message<'Function'> = {
  domain: 'own',
  name: 'Scaled',
  input: ['u'],
  output: ['v'],
  attribute: ['factor'],
  opsetImport: [{ domain: '', version: 17 }],
  node: [
    op('Constant', [], ['c'], [{ name: 'value_float', type: ATTRIBUTE_TYPE.f, refAttrName: 'factor' }]),
    op('Relu', ['u'], ['r']),
    op('Mul', ['r', 'c'], ['v']),
  ],
};
const factor = (f: number) => ({ name: 'factor', type: ATTRIBUTE_TYPE.f, f });

describe('functions of a file', () => {
  test('are written out with the attributes of their calls', () => {
    const nodes = [
      op('Scaled', ['x'], ['a'], [factor(2)], 'own'),
      op('Neg', ['a'], ['c']),
      op('Scaled', ['x'], ['b'], [factor(5)], 'own'),
      op('Add', ['c', 'b'], ['y']),
    ];
    expect(valueAt(model({ node: nodes }, [scaled]), [2, -3])).toEqual(['6', '0']);
  });

  test.each<[string, Message<'Function'>, Message<'Operator'>, string]>([
    [
      'that call themselves',
      { ...scaled, node: [op('Scaled', ['u'], ['v'], [], 'own')] },
      op('Scaled', ['x'], ['y'], [], 'own'),
      'deep',
    ],
    [
      'of another opset',
      { ...scaled, opsetImport: [{ domain: '', version: 13 }] },
      op('Scaled', ['x'], ['y'], [factor(1)], 'own'),
      'opset 13',
    ],
    ['with an unknown attribute', scaled, op('Scaled', ['x'], ['y'], [integer('times', 2)], 'own'), "'times'"],
    ['with too many inputs', scaled, op('Scaled', ['x', 'x'], ['y'], [factor(1)], 'own'), '2 inputs'],
    ['without the attribute that they need', scaled, op('Scaled', ['x'], ['y'], [], 'own'), 'not one value'],
  ])('%s are refused', (_, definition, call, message) => {
    expect(() => decode(model({ node: [call] }, [definition]))).toThrow(message);
  });
});

test.each([
  ['that is not called the batch', 'length', 0],
  ['over whose examples a softmax goes', 'batch', 0],
  ['the same, counted from the end', 'batch', -2],
])('a free axis %s stays one that operators may not touch', (_, dimParam, axis) => {
  const shape = { dim: [{ dimParam }, { dimValue: 2 }] };
  const sequence = { name: 'x', type: { tensorType: { elemType: FLOAT, shape } } };
  const node = [op('Softmax', ['x'], ['y'], [integer('axis', axis)])];
  expect(() => decode(model({ input: [sequence], node }, [], { ...sequence, name: 'y' }))).toThrow('batch axis');
});

test.each([
  ['a billionth of the mean of all examples', [1e-9]],
  ['half of it', [0.5]],
  ['a share that is a multiple of the largest prime below 2^26', [2 ** -34, -5 * 2 ** -60]],
])('an output with %s is no function of one example', (_, shares) => {
  const shape = { dim: [{ dimParam: 'batch' }, { dimValue: 2 }] };
  const batched = (name: string) => ({ name, type: { tensorType: { elemType: FLOAT, shape } } });
  const node = [
    op('ReduceMean', ['x'], ['mean'], [integers('axes', [0]), integer('keepdims', 1)]),
    ...shares.flatMap((_, k) => [
      op('Mul', ['mean', `share${k}`], [`part${k}`]),
      op('Add', [k === 0 ? 'x' : `y${k - 1}`, `part${k}`], [k === shares.length - 1 ? 'y' : `y${k}`]),
    ]),
  ];
  const initializer = shares.map((share, k) => stored(`share${k}`, FLOAT, [1], [share]));
  expect(() => decode(model({ input: [batched('x')], node, initializer }, [], batched('y')))).toThrow('batch');
});

test('an output that knows the length of the batch is no function of one example', () => {
  const shape = { dim: [{ dimParam: 'batch' }, { dimValue: 2 }] };
  const batched = (name: string) => ({ name, type: { tensorType: { elemType: FLOAT, shape } } });
  const node = [
    op('Shape', ['x'], ['shape']),
    op('Gather', ['shape', 'first'], ['length']),
    op('Cast', ['length'], ['count'], [integer('to', FLOAT)]),
    op('Mul', ['count', 'share'], ['part']),
    op('Add', ['x', 'part'], ['y']),
  ];
  const initializer = [stored('share', FLOAT, [], [1e-9]), stored('first', INT64, [], [0])];
  expect(() => decode(model({ input: [batched('x')], node, initializer }, [], batched('y')))).toThrow('batch');
});

test('examples that mix are noticed however many there have to be', () => {
  const batched = (name: string, length: number) => {
    const shape = { dim: [{ dimParam: 'batch' }, { dimValue: length }] };
    return { name, type: { tensorType: { elemType: FLOAT, shape } } };
  };
  // The axes of the outputs have all lengths from 2 to 31, so that a batch of 32 is the smallest that is told from them.
  const lengths = Array.from({ length: 30 }, (_, k) => k + 2);
  const node = [
    op('Transpose', ['x'], ['moved'], [integers('perm', [1, 0])]),
    op('ReduceMean', ['moved'], ['mean'], [integers('axes', [1]), integer('keepdims', 1)]),
    op('Mul', ['mean', 'share'], ['part']),
    op('Add', ['x', 'part'], ['y']),
    ...lengths.map((length) => op('Concat', new Array(length).fill('y'), [`y${length}`], [integer('axis', 1)])),
  ];
  const output = lengths.map((length) => batched(`y${length}`, length));
  const graph = { input: [batched('x', 1)], node, initializer: [stored('share', FLOAT, [1], [1e-9])], output };
  expect(() => decode(modelOf(graph))).toThrow('batch');
});

test('examples that are moved behind another axis and back stay apart', () => {
  const shape = { dim: [{ dimParam: 'batch' }, { dimValue: 2 }] };
  const batched = (name: string) => ({ name, type: { tensorType: { elemType: FLOAT, shape } } });
  const node = [
    op('Transpose', ['x'], ['moved'], [integers('perm', [1, 0])]),
    op('Softmax', ['moved'], ['shares'], [integer('axis', 0)]),
    op('Transpose', ['shares'], ['y'], [integers('perm', [1, 0])]),
  ];
  const bytes = model({ input: [batched('x')], node }, [], batched('y'));
  expect(decode(bytes).network.inputs[0].shape.length).toBe(1);
});
