import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors.js';
import { Builder } from '../../src/network/builder.js';
import { isOp } from '../../src/network/network.js';
import { filled, scaledIdentity, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { randomNetworks } from '../generators/networks.js';

const written = (...args: Parameters<typeof writeSafetensors>) => Buffer.concat([...writeSafetensors(...args)]);

/** A file made by hand. */
function file(header: unknown, data: Uint8Array): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  return Buffer.concat([new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer), text, data]);
}

const twoFloats = new Uint8Array(Float32Array.of(1, 2).buffer);
const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets: offsets });

describe('safetensors', () => {
  test.each(['float64', 'float32', 'float16'] as const)('give back every constant in %s, and the metadata', (dtype) => {
    fc.assert(
      fc.property(randomNetworks(), (network) => {
        const { tensors, metadata } = readSafetensors(written(network, { dtype, metadata: { theorem: 'none' } }));
        const constants = network.nodes.filter((node) => isOp(node, 'constant'));
        expect(metadata).toEqual({ theorem: 'none' });
        expect([...tensors.keys()].sort()).toEqual(constants.map(({ name }) => name).sort());
        for (const { name, attributes } of constants) {
          expect(tensors.get(name)!.shape).toEqual(attributes.value.shape);
          expect(tensors.get(name)!.data.map(String)).toEqual(attributes.value.dense(Rational.zero).map(String));
        }
      }),
    );
  });

  test('are laid out as the format says', () => {
    const b = new Builder();
    const w = b.constant(tensor([2], [Rational.of(1, 2), Rational.of(-3)]), 'w');
    const a = b.constant(filled([1], Rational.one), 'a');
    const bytes = written(b.network({ w, a }), { dtype: 'float16', metadata: { k: 'v' } });
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { k: 'v' },
      a: { dtype: 'F16', shape: [1], data_offsets: [0, 2] },
      w: { dtype: 'F16', shape: [2], data_offsets: [2, 6] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0x00, 0x3c, 0x00, 0x38, 0x00, 0xc2]);
  });

  test('too large in full are refused before anything is written', () => {
    const b = new Builder();
    const d = b.constant(scaledIdentity(2 ** 15), 'W_V');
    const pieces = writeSafetensors(b.network({ d }), { dtype: 'float64' });
    expect(() => pieces.next()).toThrow(/'W_V', written in full, are 8589934592 bytes.*onnx or .json/);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /0 bytes/],
    ['a header beyond the file', new Uint8Array(8).fill(255), /a header of 18446744073709551615 bytes/],
    ['a header that is no JSON', file('{"w":', twoFloats), /malformed JSON/],
    ['a list as header', file([], twoFloats), /no JSON object/],
    [
      'another type',
      file({ w: entry([2], [0, 8], 'I32') }, twoFloats),
      /'w' of type 'I32'; allowed: F64, F32, F16, BF16/,
    ],
    ['an inherited type', file({ w: entry([2], [0, 8], 'toString') }, twoFloats), /of type 'toString'/],
    ['null', file({ w: null }, twoFloats), /'w' of type 'undefined'/],
    ['negative lengths', file({ w: entry([-2], [0, 8]) }, twoFloats), /described otherwise/],
    ['a shape beyond memory', file({ w: entry([2 ** 50, 2 ** 50], [0, 8]) }, twoFloats), /at most 268435456 entries/],
    ['data that do not fill the shape', file({ w: entry([1], [0, 8]) }, twoFloats), /'w' at bytes 0 to 8/],
    ['data beyond the end', file({ w: entry([4], [0, 16]) }, twoFloats), /'w' at bytes 0 to 16/],
    ['a gap', file({ w: entry([1], [4, 8]) }, twoFloats), /'w' at bytes 4 to 8/],
    ['an overlap', file({ v: entry([2], [0, 8]), w: entry([1], [4, 8]) }, twoFloats), /'w' at bytes 4 to 8/],
    ['bytes left over', file({ w: entry([1], [0, 4]) }, twoFloats), /4 bytes after the last tensor/],
    ['metadata that are no strings', file({ __metadata__: { k: 1 } }, new Uint8Array(0)), /metadata 'k'/],
    ['a name twice', file('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":null}', twoFloats), /'w' twice/],
    ['a field twice', file('{"w":{"dtype":"F64","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', twoFloats), /twice/],
    ['a leading blank', file(` ${JSON.stringify({ w: entry([2], [0, 8]) })}`, twoFloats), /begins with \{/],
    ['a byte order mark', file(`\ufeff${JSON.stringify({ w: entry([2], [0, 8]) })}`, twoFloats), /begins with \{/],
    ['metadata that are a number', file({ __metadata__: 5 }, new Uint8Array(0)), /metadata that is no object/],
    ['metadata that are a list', file({ __metadata__: ['x'] }, new Uint8Array(0)), /metadata that is no object/],
    ['an empty tensor with data', file({ w: entry([2, 0], [0, 8]) }, twoFloats), /'w' at bytes 0 to 8/],
    ['NaN', file({ w: entry([2], [0, 8]) }, new Uint8Array(8).fill(255)), /'w' whose entry 0 is NaN/],
  ])('with %s are refused', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(InputError);
  });

  test('may end in blanks, hold empty tensors, and bfloat16', () => {
    const header = { w: entry([2, 0], [0, 0]), v: entry([2], [0, 4], 'BF16'), u: entry([0], [4, 4]) };
    const bytes = new Uint8Array(Uint16Array.of(0x3f80, 0xc000).buffer);
    const { tensors } = readSafetensors(file(`${JSON.stringify(header)}   `, bytes));
    expect([...tensors].map(([name, { shape, data }]) => [name, shape, data.map(String)])).toEqual([
      ['w', [2, 0], []],
      ['v', [2], ['1', '-2']],
      ['u', [0], []],
    ]);
  });

  test('damaged never do worse than an InputError', () => {
    const b = new Builder();
    const whole = written(b.network({ w: b.constant(scaledIdentity(3), 'w') }), { dtype: 'float32' });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const bytes = Uint8Array.from(whole);
        bytes[position] ^= mask;
        try {
          readSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
