import { extname } from 'node:path';
import { isLosslessNumber, parse } from 'lossless-json';
import { InputError, placed, quote } from '../errors.js';
import { decodeText, readStdin, readWhole } from '../files/read.js';
import { fromFloat } from '../numbers/convert.js';
import { parseRational } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';
import { readNpy } from '../onnx/npy.js';

/** An array that a user gave: exact numbers in row-major order. */
export interface GivenArray {
  readonly dims: readonly number[];
  readonly entries: readonly Rational[];
}

const LARGEST_INPUT = 2 ** 30;

/**
 * The arrays of a file by the names of inputs: .npy or a nested JSON array for one input, else a JSON object of nested
 * arrays. Numbers are read exactly, also from texts such as "1/3". `-` is JSON on stdin. Throws InputError, with the
 * file's name, for anything else.
 */
export function readArrays(file: string, names: readonly string[]): Readonly<Record<string, GivenArray>> {
  const only = names.length === 1 ? names[0] : undefined;
  const all = names.map(quote).join(', ');
  if (extname(file).toLowerCase() === '.npy') {
    if (only === undefined) throw new InputError({ file, found: 'one array', allowed: `JSON with the inputs ${all}` });
    const { dims, data } = placed({ file }, () => readNpy(readWhole(file, LARGEST_INPUT)));
    return { [only]: { dims, entries: Array.from(data, (x, k) => exactly(x, file, k)) } };
  }
  const bytes = file === '-' ? readStdin(LARGEST_INPUT) : readWhole(file, LARGEST_INPUT);
  return placed({ file: file === '-' ? 'stdin' : file }, () => {
    const parsed = parseArrays(decodeText(bytes));
    if (Array.isArray(parsed)) {
      if (only === undefined) throw new InputError({ found: 'one array', allowed: `an object with the inputs ${all}` });
      return { [only]: arrayOf(parsed, only) };
    }
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, arrayOf(value, name)]));
  });
}

function exactly(x: number, file: string, k: number): Rational {
  if (Number.isFinite(x)) return fromFloat(x);
  throw new InputError({ file, found: `${x} in entry ${k}`, allowed: 'finite numbers' });
}

function parseArrays(text: string): readonly unknown[] | Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    throw new InputError({ found: `malformed JSON: ${(error as Error).message.slice(0, 200)}` });
  }
  if (!parsed || typeof parsed !== 'object' || isLosslessNumber(parsed)) {
    throw new InputError({ found: 'no array', allowed: 'a nested array, or an object of nested arrays by input name' });
  }
  return parsed as readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** Throws InputError for ragged arrays and entries that are no numbers. */
function arrayOf(value: unknown, field: string): GivenArray {
  const dims: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) dims.push(level.length);
  const entries: Rational[] = [];
  const visit = (part: unknown, depth: number): void => {
    if (depth < dims.length) {
      if (!Array.isArray(part) || part.length !== dims[depth])
        throw new InputError({ field, found: 'a ragged array', allowed: 'rows of equal length' });
      for (const item of part) visit(item, depth + 1);
      return;
    }
    const text = isLosslessNumber(part) ? part.value : typeof part === 'string' ? part : undefined;
    if (text === undefined) throw new InputError({ field, found: quote(String(part)), allowed: 'finite numbers' });
    entries.push(placed({ field }, () => parseRational(text)));
  };
  visit(value, 0);
  return { dims, entries };
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
