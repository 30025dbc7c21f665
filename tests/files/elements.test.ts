import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Dtype, ELEMENTS, float16Bits, float16Value } from '../../src/files/elements.js';
import { toFloat } from '../../src/numbers/convert.js';
import { FORMATS, largestFinite, smallestSubnormal } from '../../src/numbers/format.js';

/** The value of a pattern read off its fields, IEEE 754-2019 section 3.4. */
function fieldValue(pattern: number, width: number, exponentBits: number): number {
  const bits = pattern.toString(2).padStart(width, '0');
  const exponent = Number.parseInt(bits.slice(1, 1 + exponentBits), 2);
  const fraction = bits.slice(1 + exponentBits);
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 * bias + 1) return fraction.includes('1') ? Number.NaN : bits[0] === '1' ? -Infinity : Infinity;
  const significand = Number.parseInt((exponent > 0 ? '1' : '0') + fraction, 2);
  const magnitude = significand * 2 ** (Math.max(exponent, 1) - bias - fraction.length);
  return bits[0] === '1' ? -magnitude : magnitude;
}

const patterns = Array.from({ length: 2 ** 16 }, (_, k) => k);

describe('float16', () => {
  test('patterns are read as their fields say', () => {
    expect(patterns.filter((k) => !Object.is(float16Value(k), fieldValue(k, 16, 5)))).toEqual([]);
  });

  test('every number is written as the pattern it was read from', () => {
    const numbers = patterns.filter((pattern) => !Number.isNaN(fieldValue(pattern, 16, 5)));
    expect(numbers.filter((pattern) => float16Bits(fieldValue(pattern, 16, 5)) !== pattern)).toEqual([]);
    expect(float16Value(float16Bits(Number.NaN))).toBeNaN();
  });

  const numpy = spawnSync('/usr/bin/python3', ['-c', numpyProgram()], { maxBuffer: 2 ** 24 });
  test.skipIf(numpy.status !== 0)('patterns are read as numpy reads them', () => {
    const expected = new Float64Array(Uint8Array.from(numpy.stdout).buffer);
    expect(patterns.filter((pattern) => !Object.is(float16Value(pattern), expected[pattern]))).toEqual([]);
  });
});

test('bfloat16 patterns are read and written as their fields say', () => {
  const view = new DataView(new ArrayBuffer(2));
  const damaged = patterns.filter((pattern) => {
    const value = fieldValue(pattern, 16, 8);
    view.setUint16(0, pattern, true);
    if (!Object.is(ELEMENTS.bfloat16.read(view, 0), value)) return true;
    ELEMENTS.bfloat16.write(view, 0, value);
    return !Number.isNaN(value) && view.getUint16(0, true) !== pattern;
  });
  expect(damaged).toEqual([]);
});

test.each(Object.keys(FORMATS) as Dtype[])('%s holds its largest and its smallest number', (dtype) => {
  const { format, bytes, write, read } = ELEMENTS[dtype];
  const view = new DataView(new ArrayBuffer(bytes));
  for (const extreme of [largestFinite(format), smallestSubnormal(format).neg()]) {
    const value = toFloat(extreme, format, 'nearest');
    write(view, 0, value);
    expect(read(view, 0)).toBe(value);
  }
});

function numpyProgram(): string {
  return [
    'import numpy, sys',
    "values = numpy.arange(65536, dtype='<u2').view('<f2').astype('<f8')",
    'sys.stdout.buffer.write(values.tobytes())',
  ].join('\n');
}
