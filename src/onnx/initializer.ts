import { type Dtype, ELEMENTS, viewOf } from '../files/elements.js';
import { encodeFloats, PIECE } from '../files/floats.js';
import type { Rational } from '../numbers/rational.js';
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

function* encodeIntegers(values: ArrayLike<number>): Generator<Uint8Array> {
  for (let start = 0; start < values.length; start += PIECE) {
    const length = Math.min(PIECE, values.length - start);
    const piece = new Uint8Array(length * 8);
    const view = viewOf(piece);
    for (let k = 0; k < length; k++) view.setBigInt64(k * 8, BigInt(values[start + k]), true);
    yield piece;
  }
}
