import { InputError } from '../errors.js';
import type { Tensor } from '../network/tensor.js';
import { toFloat } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { largestFinite } from '../numbers/format.js';
import type { Rational } from '../numbers/rational.js';
import { type Dtype, ELEMENTS, viewOf } from './elements.js';
import { INT64 } from './schema.js';

/** A named array of a file, encoded piece by piece so that a large one is never in memory twice. */
export interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType. */
  readonly code: number;
  readonly bytes: number;
  readonly doc?: string;
  pieces(): Iterable<Uint8Array>;
}

const PIECE = 2 ** 16;

/**
 * The stored entries of a tensor in `dtype`, each rounded to nearest even, as an array of the given dims. `pieces`
 * throws InputError for an entry beyond the format's range.
 */
export function floats(
  name: string,
  dims: readonly number[],
  entries: readonly Rational[],
  dtype: Dtype,
  doc?: string,
): Initializer {
  const { bytes, code } = ELEMENTS[dtype];
  return { name, dims, code, doc, bytes: bytes * entries.length, pieces: () => encodeFloats(name, entries, dtype) };
}

/** 64-bit integers: axes, shapes, indices. */
export function integers(name: string, dims: readonly number[], values: ArrayLike<number>): Initializer {
  return { name, dims, code: INT64, bytes: 8 * values.length, pieces: () => encodeIntegers(values) };
}

/** All entries of a tensor, zeros included, in row-major order. */
export function* encodeDense(name: string, tensor: Tensor<Rational>, dtype: Dtype): Generator<Uint8Array> {
  if (!tensor.support) {
    yield* encodeFloats(name, tensor.data, dtype);
    return;
  }
  const { bytes } = ELEMENTS[dtype];
  const stored = concatenated(encodeFloats(name, tensor.data, dtype), bytes * tensor.data.length);
  const { size, support } = tensor;
  let next = 0;
  for (let start = 0; start < size; start += PIECE) {
    const length = Math.min(PIECE, size - start);
    const piece = new Uint8Array(length * bytes);
    for (; next < support.length && support[next] < start + length; next++) {
      piece.set(stored.subarray(next * bytes, (next + 1) * bytes), (support[next] - start) * bytes);
    }
    yield piece;
  }
}

/** Pieces joined to one array of known length. */
export function concatenated(pieces: Iterable<Uint8Array>, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function* encodeFloats(name: string, entries: readonly Rational[], dtype: Dtype): Generator<Uint8Array> {
  const { format, bytes, write } = ELEMENTS[dtype];
  let [last, float]: [Rational | null, number] = [null, 0];
  for (let start = 0; start < entries.length; start += PIECE) {
    const length = Math.min(PIECE, entries.length - start);
    const piece = new Uint8Array(length * bytes);
    const view = viewOf(piece);
    for (let k = 0; k < length; k++) {
      const entry = entries[start + k];
      if (entry !== last) [last, float] = [entry, toFloat(entry, format, 'nearest')];
      if (!Number.isFinite(float)) throw beyondRange(name, entry, dtype);
      write(view, k * bytes, float);
    }
    yield piece;
  }
}

function* encodeIntegers(values: ArrayLike<number>): Generator<Uint8Array> {
  for (let start = 0; start < values.length; start += PIECE) {
    const length = Math.min(PIECE, values.length - start);
    const piece = new Uint8Array(length * 8);
    const view = viewOf(piece);
    for (let k = 0; k < length; k++) view.setBigInt64(k * 8, BigInt(values[start + k]), true);
    yield piece;
  }
}

function beyondRange(name: string, entry: Rational, dtype: Dtype): InputError {
  return new InputError({
    found: `weight '${name}' has an entry ${toDecimal(entry, 17, 'nearest')}, beyond the range of ${dtype}`,
    allowed: `entries up to ${toDecimal(largestFinite(ELEMENTS[dtype].format), 17, 'nearest')} in magnitude`,
    mend: 'choose a wider dtype',
  });
}
