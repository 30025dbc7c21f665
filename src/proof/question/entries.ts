import { InputError, quote } from '../../errors.js';
import { sizeOf } from '../../network/tensor.js';
import { type Entry, inputEntry, place } from '../../statement/index.js';
import { printTerm } from '../../statement/print.js';
import type * as E from '../../symbolic/index.js';

/** Numbers with a shape; entries are expressions in the variables' entries. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: readonly E.Expression[];
}

/** The names of all entries of a tensor, in row-major order. */
export function namesOf(name: string, shape: readonly number[]): string[] {
  return Array.from({ length: sizeOf(shape) }, (_, k) => inputEntry(name, shape, k));
}

/** A shape without its axes of length 1. */
export function squeezed(shape: readonly number[]): readonly number[] {
  return shape.filter((size) => size !== 1);
}

/** The axes that so many indices count along: without those of length 1, unless they are given, too. */
export function axesOf(shape: readonly number[], indices: number): readonly number[] {
  return indices <= squeezed(shape).length ? squeezed(shape) : shape;
}

/** The entries below some leading indices, which may leave out axes of length 1. */
export function partOf<T>(
  entry: Entry,
  shape: readonly number[],
  data: readonly T[],
  indices: readonly number[],
): readonly T[] {
  const axes = axesOf(shape, indices.length);
  const name = quote(printTerm({ ...entry, indices: [] }));
  if (indices.length > axes.length) {
    const allowed =
      axes.length === 0
        ? 'its name alone: it is one number'
        : `${axes.length} indices: its shape is [${shape.join(', ')}]`;
    throw fault(entry, `${indices.length} indices of ${name}`, allowed);
  }
  let from = 0;
  let size = data.length;
  indices.forEach((index, k) => {
    if (!(Number.isInteger(index) && index >= 1 && index <= axes[k])) {
      const mend = index === 0 ? 'entries count from 1' : undefined;
      throw fault(entry, `the index ${index} of ${name}`, `1 to ${axes[k]}: its shape is [${shape.join(', ')}]`, mend);
    }
    size /= axes[k];
    from += (index - 1) * size;
  });
  return data.slice(from, from + size);
}

/** What is wrong with a name in a statement, with its place there. */
export function fault(entry: Entry, found: string, allowed?: string, mend?: string): InputError {
  return new InputError({ found: `${place(entry)}${found}`, allowed, mend });
}
