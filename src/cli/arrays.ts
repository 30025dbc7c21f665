import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError, type Place, placed, quote } from '../errors.js';
import { parseJsonNumbers } from '../files/json.js';
import { readNpy } from '../files/npy.js';
import { decodeText, readStdin, readWhole } from '../files/read.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { parseRational } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';

/** An array that a user gave; its numbers are made when they are asked for, so that a wrong shape costs none. */
export interface GivenArray {
  readonly dims: readonly number[];
  /** The entries from `start` up to `end`, in row-major order. Throws InputError for texts that are no numbers. */
  exactly(start: number, end: number): readonly Rational[];
  /** The doubles nearest to all entries, which may be infinite. Throws InputError for texts that are no numbers. */
  doubles(): Float64Array;
}

const LARGEST_INPUT = 2 ** 30;

/**
 * The arrays of a file by the names of inputs: .npy or a nested JSON array for one input, else a JSON object of nested
 * arrays. Numbers are read exactly, also from texts such as "1/3". `-` is JSON on stdin. Throws InputError, with the
 * file's name, for anything else.
 */
export function readArrays(file: string, names: readonly string[]): Readonly<Record<string, GivenArray>> {
  refuseArray(file);
  const only = names.length === 1 ? names[0] : undefined;
  const all = names.map(quote).join(', ');
  if (extname(file).toLowerCase() === '.npy') {
    if (only === undefined) throw new InputError({ file, found: 'one array', allowed: `JSON with the inputs ${all}` });
    const { dims, data } = placed({ file }, () => readNpy(readWhole(file, LARGEST_INPUT)));
    const exactly = (start: number, end: number) => Array.from(data.subarray(start, end), fromFloat);
    return { [only]: { dims, exactly, doubles: () => data } };
  }
  const bytes = file === '-' ? readStdin(LARGEST_INPUT) : readWhole(file, LARGEST_INPUT);
  const shown = file === '-' ? 'stdin' : file;
  return placed({ file: shown }, () => {
    const parsed = parseArrays(decodeText(bytes));
    if (Array.isArray(parsed)) {
      if (only === undefined) throw new InputError({ found: 'one array', allowed: `an object with the inputs ${all}` });
      return { [only]: arrayOf(parsed, { file: shown, field: only }) };
    }
    return Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [name, arrayOf(value, { file: shown, field: name })]),
    );
  });
}

/** An array in the place of a path is a first try of many. */
function refuseArray(file: string): void {
  if (!/^\s*[[{]/.test(file) || existsSync(file)) return;
  throw new InputError({
    field: '--input',
    found: `the array ${quote(file)} in the place of a path`,
    allowed: 'a .json or .npy file, or - for JSON on stdin',
    mend: `write echo '${file.length > 60 ? '[...]' : file}' | exhibit ... --input -`,
  });
}

/** Numbers become their texts, which take little memory and lose nothing. */
function parseArrays(text: string): readonly unknown[] | Readonly<Record<string, unknown>> {
  const parsed = parseJsonNumbers(text, (number) => number);
  if (parsed && typeof parsed === 'object') return parsed as readonly unknown[] | Readonly<Record<string, unknown>>;
  throw new InputError({ found: 'no array', allowed: 'a nested array, or an object of nested arrays by input name' });
}

/** Throws InputError for ragged arrays and entries that are neither numbers nor texts. */
function arrayOf(value: unknown, place: Place): GivenArray {
  const dims: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) dims.push(level.length);
  const texts: string[] = [];
  const visit = (part: unknown, depth: number): void => {
    if (depth < dims.length) {
      if (!Array.isArray(part) || part.length !== dims[depth])
        throw new InputError({ ...place, found: 'a ragged array', allowed: 'rows of equal length' });
      for (const item of part) visit(item, depth + 1);
      return;
    }
    if (typeof part !== 'string')
      throw new InputError({ ...place, found: quote(String(part)), allowed: 'finite numbers' });
    texts.push(part);
  };
  visit(value, 0);
  return {
    dims,
    exactly: (start, end) => placed(place, () => texts.slice(start, end).map(parseRational)),
    doubles: () => placed(place, () => Float64Array.from(texts, nearestDouble)),
  };
}

/** Plain decimals are read as JavaScript does, which rounds correctly and is much faster. */
function nearestDouble(text: string): number {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  return toFloat(parseRational(text), FORMATS.float64, 'nearest');
}

/** Entries in row-major order as nested arrays. */
export function nested<T>(dims: readonly number[], entries: ArrayLike<T>): unknown {
  const build = (axis: number, start: number, size: number): unknown => {
    if (axis === dims.length) return entries[start];
    const step = size / dims[axis];
    return Array.from({ length: dims[axis] }, (_, k) => build(axis + 1, start + k * step, step));
  };
  return build(0, 0, entries.length);
}
