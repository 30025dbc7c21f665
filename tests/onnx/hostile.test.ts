import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Builder } from '../../src/network/builder.js';
import { isOp } from '../../src/network/network.js';
import { scaledIdentity, sparse, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { decode } from '../../src/onnx/decode.js';
import { encode } from '../../src/onnx/encode.js';
import { EXTERNAL, type Message } from '../../src/onnx/schema.js';
import { parseModel, serialiseModel } from '../../src/onnx/wire.js';
import { randomNetworks } from '../generators/networks.js';

const eighths = (...entries: number[]) => entries.map((k) => Rational.of(k, 8));

/** A model with an operator of every kind. */
function everyOperator(): Uint8Array {
  const b = new Builder();
  const x = b.input('x', { token: 4, coordinate: 3 });
  const y = b.add(
    b.matmul(x, b.constant(scaledIdentity(3), 'D')),
    b.constant(sparse([4, 3], [[2, Rational.one]]), 'S'),
  );
  const a = b.constant(tensor([2, 2], eighths(1, 2, 3, 4)), 'A');
  const input = b.constant(tensor([2, 3], eighths(1, 2, 3, 4, 5, 6)), 'B');
  const h = b.recurrence(y, a, input, 'h');
  const p = b.softmax(b.matmul(h, b.transpose(h, [1, 0], 't'), 'scores'), 1, 'p');
  const parts = [b.reduceSum(p, 1, 'sum'), b.reduceMax(p, 0, 'top'), b.reduceMin(p, 0, 'low')];
  const z = b.gather(b.concat(parts, 0, 'parts'), 0, [0, 5, 11], 'z');
  const flat = b.reshape(b.relu(b.sub(z, b.max(z, b.min(z, b.scalar(Rational.one, 'w'))))), { a: 1, b: 3 }, 'flat');
  const { model } = encode(b.network({ out: b.mul(flat, flat) }), { dtype: 'float32', metadata: { a: 'b' } });
  return Uint8Array.from(model);
}

const original = everyOperator();
/** The entry { a: 'b' }, which comes last: without it the model is whole. */
const METADATA_BYTES = 8;
type Model = Message<'Model'>;
const operator = (model: Model, output: string) => model.graph!.node!.find((node) => node.output!.includes(output))!;
const initializer = (model: Model, name: string) => model.graph!.initializer!.find((array) => array.name === name)!;
const attribute = (model: Model, output: string, name: string) =>
  operator(model, output).attribute!.find((entry) => entry.name === name)!;

function edited(edit: (model: Model) => void): Uint8Array {
  const model = parseModel(original);
  edit(model);
  return serialiseModel(model);
}

describe('an edited model is refused with the place and what is allowed:', () => {
  test.each<[string, (model: Model) => void, RegExp]>([
    ['no graph', (m) => delete m.graph, /no graph/],
    ['no version', (m) => delete m.irVersion, /no graph/],
    ['old operators', (m) => (m.opsetImport![0].version = 6), /opset 6; allowed: opsets 7 to 25/],
    ['operators of the future', (m) => (m.opsetImport![0].version = 26), /opset 26; allowed: opsets 7 to 25/],
    [
      'an opset in which arguments are attributes',
      (m) => (m.opsetImport![0].version = 12),
      /'ReduceSum' of tensor 'sum'/,
    ],
    ['two opsets', (m) => m.opsetImport!.push({ domain: '', version: 16 }), /opset 17 and 16/],
    [
      'an unknown operator',
      (m) => (operator(m, 'p').opType = 'Unique'),
      /not read: 'Unique' of tensor 'p'; allowed: Abs, Add, /,
    ],
    ['an operator of another domain', (m) => (operator(m, 'p').domain = 'com.x'), /'com.x.Softmax'/],
    ['an inherited name', (m) => (operator(m, 'p').opType = 'constructor'), /'constructor' of tensor 'p'/],
    [
      'an unknown attribute',
      (m) => operator(m, 't').attribute!.push({ name: 'q', type: 2, i: 1 }),
      /'q'; allowed: perm/,
    ],
    ['an attribute twice', (m) => operator(m, 't').attribute!.push(attribute(m, 't', 'perm')), /'perm' twice/],
    [
      'several unknown operators',
      (m) => {
        operator(m, 'p').opType = 'Unique';
        operator(m, 't').opType = 'Det';
      },
      /not read: 'Det' of tensor 't', 'Unique' of tensor 'p'; /,
    ],
    ['a missing attribute', (m) => (operator(m, 'parts').attribute = []), /'Concat' of tensor 'parts': no attribute/],
    [
      'a batch transposed by default',
      (m) => (operator(m, 't').attribute = []),
      /perm = \[2, 1, 0\].*batch axis in front/,
    ],
    ['an attribute of another type', (m) => (attribute(m, 'p', 'axis').type = 7), /attribute 'axis' of another type/],
    ['a transposed batch', (m) => (attribute(m, 't', 'perm').ints = [1, 0, 2]), /batch axis in front/],
    [
      'a kept axis',
      (m) => (attribute(m, 'sum', 'keepdims').i = 1),
      /'Concat' of tensor 'parts': parts of different ranks/,
    ],
    [
      'axes reduced by default',
      (m) => operator(m, 'sum').input!.pop(),
      /'ReduceSum' of tensor 'sum': axis 0 .*other than the batch axis/,
    ],
    ['a reshaped batch', (m) => (initializer(m, 'flat.shape').rawData = int64(3, 1, 1)), /'Reshape' of tensor 'flat'/],
    ['an index out of range', (m) => (initializer(m, 'z.indices').rawData = int64(0, 5, 12)), /index 12 is outside/],
    ['a missing tensor', (m) => (operator(m, 'p').input = ['q']), /tensor 'q' is used but nothing before defines it/],
    ['a cycle', (m) => (operator(m, 'scores').input = ['p', 't']), /tensor 'p' is used/],
    ['a name used twice', (m) => (operator(m, 'p').output = ['scores']), /'scores' is defined twice/],
    [
      'integers as weights',
      (m) => (operator(m, 'p').input = ['z.indices']),
      /'z.indices' is used as a tensor of floats/,
    ],
    ['mixed formats', (m) => (initializer(m, 'A').dataType = 10), /array 'A' with 16 bytes of data; allowed: 8/],
    ['another element type', (m) => (initializer(m, 'A').dataType = 8), /array 'A' of element type 8/],
    [
      'data that end early',
      (m) => (initializer(m, 'A').rawData = new Uint8Array(12)),
      /'A' with 12 bytes.*allowed: 16/,
    ],
    [
      'dims beyond the data',
      (m) => (initializer(m, 'A').dims = [2 ** 40, 2]),
      /stored numbers; allowed: at most 33554432/,
    ],
    ['negative dims', (m) => (initializer(m, 'A').dims = [-2, -2]), /positive lengths/],
    ['too many axes', (m) => (initializer(m, 'A').dims = [2, 2, ...Array(31).fill(1)]), /at most 32 axes/],
    ['data twice', (m) => (initializer(m, 'A').floatData = [1, 2, 3, 4]), /'A' with its data in several fields/],
    ['infinite weights', (m) => (initializer(m, 'w').rawData = floats32(Infinity)), /'w' whose entry 0 is Infinity/],
    ['NaN weights', (m) => (initializer(m, 'A').rawData = floats32(1, 2, Number.NaN, 3)), /'A' whose entry 2 is NaN/],
    [
      'a batch of length 0',
      (m) => (dims(m.graph!.input![0])[0] = { dimValue: 0 }),
      /\[0, 4, 3\]; allowed: a batch axis in front, free or 1/,
    ],
    ['a free length', (m) => (dims(m.graph!.input![0])[1] = { dimParam: 'T' }), /\[batch, T, 3\]/],
    [
      'an input of integers',
      (m) => (m.graph!.input![0].type!.tensorType!.elemType = 7),
      /'x' is used as a tensor of floats but holds integers/,
    ],
    ['an output of integers', (m) => (m.graph!.output![0].type!.tensorType!.elemType = 7), /output 'out' of element/],
    ['an output of another shape', (m) => dims(m.graph!.output![0]).pop(), /output 'out' declared as \[batch, 1\]/],
    ['no outputs', (m) => (m.graph!.output = []), /without outputs/],
    [
      'a recurrence that starts elsewhere',
      (m) => (initializer(m, 'zero').rawData = floats32(1)),
      /'ScatterND' of tensor 'S'/,
    ],
    [
      'a recurrence over another axis',
      (m) => (attribute(m, 'h', 'scan_input_axes').ints = [-1]),
      /the contracted axes/,
    ],
    ['a recurrence with an unknown step', (m) => (body(m).node![2].opType = 'Det'), /'Det' of tensor 'h.final/],
    ['a recurrence that shadows', (m) => (body(m).input![0].name = 'A'), /tensor 'h.h' is used/],
    ['sparse entries out of order', (m) => (initializer(m, 'S.indices').rawData = int64(4, 0)), /the index in row 0/],
  ])('%s', (_, edit, message) => {
    const bytes = edited(edit);
    expect(() => decode(bytes)).toThrow(message);
    expect(() => decode(bytes)).toThrow(InputError);
  });
});

describe('bytes', () => {
  test('that are cut off anywhere before the metadata are refused', () => {
    for (let end = 0; end < original.length - METADATA_BYTES; end++) {
      expect(() => decode(original.subarray(0, end))).toThrow(InputError);
    }
  });

  test('with flipped bits never do worse than an InputError', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
    const models = fc.oneof(
      fc.constant(original),
      randomNetworks().map((n) => encode(n, { dtype: 'float16' }).model),
    );
    fc.assert(
      fc.property(models, flips, (model, changes) => {
        const bytes = Uint8Array.from(model);
        for (const [position, mask] of changes) bytes[position % bytes.length] ^= mask;
        readsOrRefuses(() => decode(bytes));
      }),
      { numRuns: process.env.EXHIBIT_NIGHTLY ? 50_000 : 1000 },
    );
  });

  test('at random are refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readsOrRefuses(() => decode(bytes))));
  });

  test('that would unfold to far more memory than they are cost no time', () => {
    const empty = (tag: number, count: number) => new Uint8Array(2 * count).map((_, k) => (k % 2 ? 0 : tag));
    const bombs = [empty((1 << 3) | 2, 2 ** 21), empty((5 << 3) | 2, 2 ** 21)].map((graph) =>
      Buffer.concat([Uint8Array.of(0x08, 8, 0x3a, ...varint(graph.length)), graph]),
    );
    const start = performance.now();
    for (const bomb of bombs) expect(() => decode(bomb)).toThrow(/more fields than a network has/);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('that double a list of lengths again and again are refused', () => {
    const names = Array.from({ length: 60 }, (_, k) => `n${k}`);
    const bytes = edited((model) => {
      const doublings = names.map((name, k) => ({
        opType: 'Concat',
        input: Array(2).fill(k === 0 ? 'h.width' : names[k - 1]),
        output: [name],
        attribute: [{ name: 'axis', type: 2, i: 0 }],
      }));
      model.graph!.node!.unshift(...doublings);
    });
    expect(() => decode(bytes)).toThrow(/more numbers than a network of this size needs/);
  });

  test('nested without end are refused', () => {
    let graph: Uint8Array = new Uint8Array(0);
    for (let depth = 0; depth < 60; depth++) {
      const attribute = Uint8Array.of(0x32, ...varint(graph.length), ...graph);
      const node = Uint8Array.of(0x2a, ...varint(attribute.length), ...attribute);
      graph = Uint8Array.of(0x0a, ...varint(node.length), ...node);
    }
    expect(() => decode(Uint8Array.of(0x3a, ...varint(graph.length), ...graph))).toThrow(/nested too deeply/);
  });

  test('that give a field twice, or one outside the schema, are refused', () => {
    const { graph } = parseModel(original);
    const again = serialiseModel({ graph });
    expect(() => decode(Buffer.concat([original, again]))).toThrow(/'graph' of a Model twice/);
    expect(() => decode(Buffer.concat([original, Uint8Array.of(0xd2, 0x01, 0x00)]))).toThrow(/field 26 of a Model/);
  });
});

describe('external data', () => {
  const root = mkdtempSync(join(tmpdir(), 'exhibit-'));
  const directory = join(root, 'model');
  mkdirSync(directory);
  writeFileSync(join(root, 'secret'), new Uint8Array(64));
  writeFileSync(join(directory, 'short'), new Uint8Array(8));
  symlinkSync(join(root, 'secret'), join(directory, 'link'));
  afterAll(() => rmSync(root, { recursive: true }));

  test.each([
    ['an absolute path', { location: join(root, 'secret') }, /the name of a file beside the model/],
    ['a path upwards', { location: '../secret' }, /the name of a file beside the model/],
    ['the directory above', { location: '..' }, /the name of a file beside the model/],
    ['no path', {}, /the name of a file beside the model/],
    ['a link', { location: 'link' }, /link: cannot be read/],
    ['a missing file', { location: 'missing' }, /missing: cannot be read/],
    ['a directory', { location: '.' }, /the name of a file beside the model/],
    ['a short file', { location: 'short' }, /short: 8 bytes; allowed: at least 16/],
    ['another length', { location: 'short', length: '8' }, /'8' bytes of data; allowed: 16/],
    ['an offset that is no number', { location: 'short', offset: '-8' }, /of unknown form/],
    ['an unknown key', { location: 'short', checksum: 'x' }, /of unknown form/],
  ])('at %s are refused', (_, place, message) => {
    const bytes = edited((model) => {
      const externalData = Object.entries(place).map(([key, value]) => ({ key, value }));
      const array = initializer(model, 'A');
      delete array.rawData;
      Object.assign(array, { externalData, dataLocation: EXTERNAL });
    });
    expect(() => decode(bytes, directory)).toThrow(message);
    expect(() => decode(bytes, directory)).toThrow(InputError);
    expect(() => decode(bytes)).toThrow(InputError);
  });
});

describe('other ways to store the same weights are read:', () => {
  const entries = [0.5, -1.5, 2, 0];
  test.each<[string, number, Message<'Tensor'>, number]>([
    ['float32 in its field', 1, { floatData: entries }, 1],
    ['float64 in its field', 11, { doubleData: entries }, 1],
    ['float16 patterns in a field', 10, { int32Data: [0x3800, 0xbe00, 0x4000, 0x8000] }, 1],
    ['bfloat16 bytes', 16, { rawData: Uint8Array.of(0, 0x3f, 0xc0, 0xbf, 0, 0x40, 0, 0) }, 1],
  ])('%s', (_, code, data) => {
    const type = { tensorType: { elemType: code } };
    const bytes = serialiseModel({
      irVersion: 8,
      opsetImport: [{ version: 17 }],
      graph: { initializer: [{ name: 'w', dims: [4], dataType: code, ...data }], output: [{ name: 'w', type }] },
    });
    const weights = decode(bytes).network.find('w')!;
    expect(isOp(weights, 'constant') && weights.attributes.value.data.map(String)).toEqual(['1/2', '-3/2', '2', '0']);
  });
});

function readsOrRefuses(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

function dims(info: Message<'ValueInfo'>) {
  return info.type!.tensorType!.shape!.dim!;
}

function body(model: Model) {
  return attribute(model, 'h', 'body').g!;
}

function int64(...values: number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}

function floats32(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function varint(value: number): number[] {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}
