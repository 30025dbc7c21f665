import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs/light.js';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { decode } from '../../src/onnx/decode.js';
import { READERS } from '../../src/onnx/readers/index.js';
import { type Message, messageType } from '../../src/onnx/schema.js';
import { readArray } from '../../src/onnx/tensors.js';
import { parseModel, serialiseModel } from '../../src/onnx/wire.js';

/** The tests of single operators that come with ONNX, from Debian's package libonnx-testdata. */
const FOLDER = '/usr/share/libonnx-testdata/data/node';

interface Verdict {
  readonly name: string;
  readonly outcome: 'equal' | 'refused' | 'wrong';
  readonly reason: string;
}

/** The library's own reader, which passes over the fields that ours would refuse. */
const TENSOR = new protobuf.Type('Tensor');
for (const { name, id, type, repeated, message } of messageType('Tensor').fields)
  if (!message) TENSOR.add(new protobuf.Field(name, id, type, repeated ? 'repeated' : undefined));

function tensorOf(file: string): Message<'Tensor'> {
  return TENSOR.toObject(TENSOR.decode(readFileSync(file)), { longs: Number, arrays: true }) as Message<'Tensor'>;
}

function entriesOf(tensor: Message<'Tensor'>): number[] {
  const array = readArray(tensor, null);
  return array.kind === 'floats' ? [...array.tensor.data].map(float64.of) : [...array.values];
}

const isFloat = ({ dataType }: Message<'Tensor'>) => [1, 10, 11, 16].includes(dataType ?? 0);

function run(name: string): Verdict {
  const model = parseModel(readFileSync(join(FOLDER, name, 'model.onnx')));
  const data = join(FOLDER, name, 'test_data_set_0');
  const tensors = (kind: string) =>
    readdirSync(data)
      .filter((file) => file.startsWith(kind))
      .sort((a, b) => Number(/\d+/.exec(a)![0]) - Number(/\d+/.exec(b)![0]))
      .map((file) => tensorOf(join(data, file)));
  const [inputs, outputs] = [tensors('input'), tensors('output')];
  const names = (model.graph!.input ?? []).map((info) => info.name!);
  // Exporters store what is no data of the network: here integers and truth values, and where that is not enough all but the first.
  const attempts = [
    (k: number) => isFloat(inputs[k]),
    (k: number) => isFloat(inputs[k]) && inputs.findIndex(isFloat) === k,
  ];
  let reason = '';
  for (const isInput of attempts) {
    try {
      const stored = inputs.flatMap((tensor, k) => (isInput(k) ? [] : [{ ...tensor, name: names[k] }]));
      const { network } = decode(
        serialiseModel({
          ...model,
          graph: { ...model.graph!, initializer: [...(model.graph!.initializer ?? []), ...stored] },
        }),
      );
      const given = Object.fromEntries(
        network.inputs.map((node) => {
          const { name: input } = node.attributes;
          return [input, new Tensor(sizes(node.shape), entriesOf(inputs[names.indexOf(input)]))];
        }),
      );
      const values = compile(network, float64)(given);
      for (const [k, expected] of outputs.entries()) {
        const { name: output, node } = network.outputs[k];
        const actual = values[output].dense(0);
        const wanted = entriesOf(expected);
        if (sizeOf(sizes(node.shape)) !== wanted.length) return { name, outcome: 'wrong', reason: 'another size' };
        const wrong = wanted.findIndex((value, j) => !(Math.abs(actual[j] - value) <= 1e-7 + 1e-3 * Math.abs(value)));
        if (wrong >= 0) return { name, outcome: 'wrong', reason: `${actual[wrong]} for ${wanted[wrong]} at ${wrong}` };
      }
      return { name, outcome: 'equal', reason: '' };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      reason ||= error.message;
    }
  }
  return { name, outcome: 'refused', reason };
}

/** Operators that are read on constants alone, or in the form that a network's own file gives them. */
const OF_CONSTANTS = [
  'And',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Range',
  'ScatterND',
];

/** Tests in inference, of opset 7 and later, with floats among the inputs, of operators that are read. */
function concernsNetworks(name: string): boolean {
  try {
    const { graph, opsetImport } = parseModel(readFileSync(join(FOLDER, name, 'model.onnx')));
    const kinds = (graph!.input ?? []).map((info) => info.type?.tensorType?.elemType ?? 0);
    const version = opsetImport?.[0]?.version ?? 0;
    const isRead = graph!.node!.every(
      ({ opType = '', domain = '' }) => domain === '' && Object.hasOwn(READERS, opType),
    );
    const isOfConstants = graph!.node!.some(({ opType = '' }) => OF_CONSTANTS.includes(opType));
    return (
      isRead &&
      version >= 7 &&
      !isOfConstants &&
      !name.includes('training') &&
      kinds.some((kind) => [1, 10, 11, 16].includes(kind))
    );
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

describe.skipIf(!existsSync(FOLDER))("the tests of ONNX's own operators", () => {
  test('are read and equal, at least 95 of 100; the others are refused by name', () => {
    const verdicts = readdirSync(FOLDER).filter(concernsNetworks).map(run);
    const of = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome);
    const lines = of('refused').map(({ name, reason }) => `  ${name}: ${reason.slice(0, 160)}`);
    console.info(
      `${of('equal').length} of ${verdicts.length} node tests are read and equal; refused:\n${lines.join('\n')}`,
    );
    expect(of('wrong')).toEqual([]);
    expect(of('equal').length).toBeGreaterThanOrEqual(0.95 * verdicts.length);
    for (const { reason } of of('refused')) expect(reason).toMatch(/operator|input|output|array|tensor/);
  });
});
