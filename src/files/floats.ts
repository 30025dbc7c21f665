import { InputError, quote } from '../errors.js';
import type { Tensor } from '../network/tensor.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { largestFinite } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import { type Dtype, ELEMENTS, viewOf } from './elements.js';

/** Entries that are encoded at a time, so that a large array is never in memory twice. */
export const PIECE = 2 ** 16;

/** The exact value of finite floats; equal neighbours are one object. `masked` stands for -infinity, where that may occur. */
export function exactEntries(name: string, read: (k: number) => number, count: number, masked?: Rational): Rational[] {
  const entries = new Array<Rational>(count);
  let [last, exact] = [0, Rational.zero];
  for (let k = 0; k < count; k++) {
    const float = read(k);
    if (float === Number.NEGATIVE_INFINITY && masked) {
      entries[k] = masked;
      continue;
    }
    if (!Number.isFinite(float)) {
      const found = `array ${quote(name)} whose entry ${k} is ${float}`;
      throw new InputError({ found, allowed: 'finite numbers' });
    }
    if (float !== last) [last, exact] = [float, fromFloat(float)];
    entries[k] = exact;
  }
  return entries;
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

/** Entries, each rounded to nearest even. Throws InputError for one beyond the range of the format. */
export function* encodeFloats(name: string, entries: readonly Rational[], dtype: Dtype): Generator<Uint8Array> {
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

function beyondRange(name: string, entry: Rational, dtype: Dtype): InputError {
  return new InputError({
    found: `weight '${name}' has an entry ${toDecimal(entry, 17, 'nearest')}, beyond the range of ${dtype}`,
    allowed: `entries up to ${toDecimal(largestFinite(ELEMENTS[dtype].format), 17, 'nearest')} in magnitude`,
    mend: 'choose a wider dtype',
  });
}
