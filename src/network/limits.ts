import { InputError, quote } from '../errors.js';

/** Most entries of one tensor in a file that is read: a dense copy of it still fits into memory. */
const MOST_ENTRIES = 2 ** 28;
/** Most axes of a tensor. */
export const HIGHEST_RANK = 32;

/** Throws InputError unless there are at most 32 axes, of positive lengths, and at most 2^28 entries. */
export function checkSize(name: string, shape: readonly number[]): void {
  const size = shape.reduce((product, length) => product * length, 1);
  const isShape = shape.length <= HIGHEST_RANK && shape.every((length) => Number.isInteger(length) && length > 0);
  if (isShape && size <= MOST_ENTRIES) return;
  throw new InputError({
    found: `tensor ${quote(name)} of shape [${shape.slice(0, HIGHEST_RANK).join(', ')}]`,
    allowed: `at most ${HIGHEST_RANK} axes, positive lengths and at most ${MOST_ENTRIES} entries`,
  });
}

/** Most numbers that one file may hold: as exact numbers they take about 3 GB. */
const MOST_STORED = 2 ** 25;

/** Throws InputError when arrays of these shapes have more than 2^25 entries together; to be called before reading. */
export function checkStored(shapes: readonly (readonly number[])[]): void {
  const sizes = shapes.map((shape) => shape.reduce((product, length) => product * Math.abs(length), 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= MOST_STORED) return;
  throw new InputError({ found: `a file of ${total} stored numbers`, allowed: `at most ${MOST_STORED}` });
}
