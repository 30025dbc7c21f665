import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readNpy, writeNpy } from '../../src/files/npy.js';

const arrays = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }).chain((dims) =>
  fc.tuple(
    fc.constant(dims),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: dims.reduce((a, b) => a * b, 1),
      maxLength: dims.reduce((a, b) => a * b, 1),
    }),
  ),
);

/** A file made by hand. */
function file(header: string, data: Uint8Array, version = 1): Uint8Array {
  const length =
    version === 1 ? [header.length % 256, header.length >> 8] : [header.length % 256, header.length >> 8, 0, 0];
  return Buffer.concat([
    Uint8Array.of(0x93),
    Buffer.from('NUMPY'),
    Uint8Array.of(version, 0, ...length),
    Buffer.from(header),
    data,
  ]);
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);

describe('npy files', () => {
  test('give back what was written', () => {
    fc.assert(
      fc.property(arrays, ([dims, entries]) => {
        const back = readNpy(writeNpy({ dims, data: Float64Array.from(entries) }));
        expect(back.dims).toEqual(dims);
        expect([...back.data]).toEqual(entries);
      }),
    );
  });

  test('of float32 and int64, and of version 2, are read', () => {
    expect([...readNpy(file(header('<f4', '(2,)'), bytesOf(Float32Array.of(0.1, 2)))).data]).toEqual([
      Math.fround(0.1),
      2,
    ]);
    expect([...readNpy(file(header('<i8', '(1, 2)'), bytesOf(BigInt64Array.of(-5n, 7n)), 2)).data]).toEqual([-5, 7]);
    expect(readNpy(file(header('<f8', '()'), bytesOf(Float64Array.of(3))))).toEqual({
      dims: [],
      data: Float64Array.of(3),
    });
  });

  test.each([
    [`{'shape': (2, 1), 'fortran_order': False, 'descr': '<f8'}`],
    [`{"descr":"<f8","fortran_order":False,"shape":(2L,1L,),}   `],
    [`\n{ 'descr' : '<f8' , 'fortran_order' : True , 'shape' : ( 2 , 1 ) , } \n`],
  ])('are read by the grammar of their header: %s', (text) => {
    expect(readNpy(file(text, bytesOf(Float64Array.of(1.5, 2))))).toEqual({
      dims: [2, 1],
      data: Float64Array.of(1.5, 2),
    });
  });

  const eight = bytesOf(Float64Array.of(1));
  test.each([
    ['nothing', new Uint8Array(0), /no numpy array/],
    ['text', Buffer.from('1,2,3\n4,5,6\n'), /no numpy array/],
    ['a version 4', file(header('<f8', '(1,)'), eight, 4), /format version 4.0/],
    ['objects', file(header('|O', '(1,)'), eight), /type '\|O'; allowed: < or > and one of f8, f4, f2, i8/],
    ['complex numbers', file(header('<c8', '(1,)'), eight), /type '<c8'/],
    ['no byte order', file(header('|f8', '(1,)'), eight), /type '\|f8'/],
    ['a number for a shape', file(header('<f8', '(1)'), eight), /the header/],
    ['a list for a shape', file(header('<f8', '[1]'), eight), /the header/],
    [
      'a key twice',
      file("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", eight),
      /each once/,
    ],
    ['another key', file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': ''}", eight), /the header/],
    ['a key less', file("{'descr': '<f8', 'shape': (1,)}", eight), /the header/],
    ['a comma too many', file("{'descr': '<f8',, 'fortran_order': False, 'shape': (1,)}", eight), /the header/],
    ['text after the header', file(`${header('<f8', '(1,)').trim()} 1`, eight), /the header/],
    ['a boolean 2', file(header('|b1', '(1,)'), Uint8Array.of(2)), /a boolean stored as 2/],
    ['an inherited type', file(header('constructor', '(1,)'), eight), /type 'constructor'/],
    ['code in the header', file(`__import__('os')`, eight), /the header '__import__/],
    ['code in the shape', file(header('<f8', '(1,) + (2,)'), eight), /the header/],
    ['no numbers', file(header('<f8', '(0,)'), new Uint8Array(0)), /positive lengths/],
    ['too few numbers', file(header('<f8', '(2,)'), eight), /8 bytes of data; allowed: 16/],
    ['a shape beyond memory', file(header('<f8', '(9999999999, 9999999999)'), eight), /at most 268435456 entries/],
    ['NaN', writeNpy({ dims: [2], data: Float64Array.of(1, Number.NaN) }), /entry 1 equal to NaN/],
    ['large integers', file(header('<i8', '(1,)'), bytesOf(BigInt64Array.of(2n ** 53n))), /below 2\^53/],
    ['a long header', file(header('<f8', '(1,)').padEnd(20_000), eight), /a header of 20000 bytes/],
  ])('of %s are refused', (_, bytes, message) => {
    expect(() => readNpy(bytes)).toThrow(message);
    expect(() => readNpy(bytes)).toThrow(InputError);
  });

  test('cut off or damaged never do worse than an InputError', () => {
    const whole = writeNpy({ dims: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
    for (let end = 0; end < whole.length; end++) expect(() => readNpy(whole.subarray(0, end))).toThrow(InputError);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const bytes = Uint8Array.from(whole);
        bytes[position] ^= mask;
        try {
          readNpy(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const numpy = (program: string, input?: Uint8Array) => spawnSync('/usr/bin/python3', ['-c', program], { input });

describe.skipIf(numpy('import numpy').status !== 0)('numpy', () => {
  test('reads what is written here', () => {
    const program = 'import io, sys, numpy; print(numpy.load(io.BytesIO(sys.stdin.buffer.read())).tolist())';
    const written = writeNpy({ dims: [2, 2], data: Float64Array.of(0.1, -2, 3e300, 0) });
    expect(numpy(program, written).stdout.toString().trim()).toBe('[[0.1, -2.0], [3e+300, 0.0]]');
  });

  const TYPES = ['f8', 'f4', 'f2', 'i8', 'i4', 'i2', 'u8', 'u4', 'u2'].flatMap((type) => [`<${type}`, `>${type}`]);
  const read = (program: string) =>
    readNpy(
      numpy(`import sys, numpy as np\nfrom numpy.lib import format as f\nout = sys.stdout.buffer\n${program}`).stdout,
    );

  test('writes every type, byte order, layout and version that is read here', () => {
    const expected = { dims: [1, 2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) };
    for (const type of [...TYPES, '|i1', '|u1']) {
      for (const order of ['C', 'F']) {
        const array = `np.asarray(np.arange(6).reshape(1, 2, 3), dtype='${type}', order='${order}')`;
        expect(read(`np.save(out, ${array})`), `${type} ${order}`).toEqual(expected);
      }
    }
    for (const version of ['(1, 0)', '(2, 0)', '(3, 0)'])
      expect(read(`f.write_array(out, np.arange(6.).reshape(1, 2, 3), version=${version})`)).toEqual(expected);
  }, 60_000);

  test('writes booleans, a number, and halves with all their bits', () => {
    expect(read('np.save(out, np.array([True, False]))')).toEqual({ dims: [2], data: Float64Array.of(1, 0) });
    expect(read('np.save(out, np.float32(0.1))')).toEqual({ dims: [], data: Float64Array.of(Math.fround(0.1)) });
    const halves = 'np.array([6e-8, -6.1e-5, 65504, 0.1], dtype=">f2")';
    expect([...read(`np.save(out, ${halves})`).data]).toEqual([2 ** -24, -1023 * 2 ** -24, 65504, 0.0999755859375]);
  });
});
