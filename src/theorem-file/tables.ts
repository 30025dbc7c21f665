import { extname, resolve } from 'node:path';
import { isHeader, mapCsv, readText } from '../data/table.js';
import { InputError, type Place, placed, quote } from '../errors.js';
import { parseJsonNumbers } from '../files/json.js';
import { readNpy } from '../files/npy.js';
import { readWhole } from '../files/read.js';
import { asText, type Raw } from '../instance/raw.js';
import { fromFloat } from '../numbers/convert.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';

const LARGEST_NPY = 2 ** 28;
const FILE = 'the path of a .csv, .json or .npy file relative to the instance';
const ROWS = `rows of numbers such as [[1, 0], [1/2, 3]], or ${FILE}`;
const LIST = `numbers such as [1, 0, 1/2], or ${FILE}`;

/**
 * The rows of a table, all of one length: as lists (`[[0, 1], [1/2, 3]]`), as texts (`["0, 1", "1/2, 3"]`), or in a file.
 * A .csv file may begin with a header, .json holds nested arrays, .npy a matrix. Numbers are read exactly from their text.
 */
export function readMatrix(raw: Raw, directory: string, allowed = ROWS): readonly (readonly Rational[])[] {
  const rows = raw.kind === 'text' ? fileOf(raw, directory, allowed) : inline(raw, allowed);
  return placed(raw.place, () => rectangular(rows));
}

/** A list of numbers, in the same places and forms: a table of one column or one row will do. */
export function readList(raw: Raw, directory: string): readonly Rational[] {
  if (raw.kind === 'list' && raw.items.every(({ kind }) => kind === 'text')) return raw.items.map(numberOf);
  const rows = readMatrix(raw, directory, LIST);
  if (rows.length === 1) return rows[0];
  if (rows.every((row) => row.length === 1)) return rows.map(([entry]) => entry);
  throw new InputError({ ...raw.place, found: `a table of ${rows.length} rows`, allowed: 'one row or one column' });
}

function inline(raw: Raw, allowed: string): readonly (readonly Rational[])[] {
  if (raw.kind !== 'list') throw new InputError({ ...raw.place, found: `a ${raw.kind}`, allowed });
  return raw.items.map((row) => {
    if (row.kind === 'list') return row.items.map(numberOf);
    return asText(row, allowed)
      .split(',')
      .map((text) => numberOf({ kind: 'text', text, place: row.place }));
  });
}

function numberOf(raw: Raw): Rational {
  return placed(raw.place, () => parseRational(asText(raw, 'an exact number')));
}

const READERS: Readonly<Record<string, (path: string) => readonly (readonly Rational[])[]>> = {
  '.csv': readCsv,
  '.json': readJson,
  '.npy': readArray,
};

function fileOf(
  raw: Raw & { readonly kind: 'text' },
  directory: string,
  allowed: string,
): readonly (readonly Rational[])[] {
  const reader = READERS[extname(raw.text).toLowerCase()];
  if (!reader) throw new InputError({ ...raw.place, found: quote(raw.text), allowed });
  return reader(resolve(directory, raw.text));
}

function readCsv(path: string): readonly (readonly Rational[])[] {
  let isFirst = true;
  const rows = mapCsv(readText(path, 'a .csv file'), path, (record, line) => {
    const isNames = isFirst && isHeader(record);
    isFirst = false;
    return isNames ? null : record.map((cell) => placed({ file: path, line }, () => parseRational(cell)));
  });
  return rows.filter((row) => row !== null);
}

function readJson(path: string): readonly (readonly Rational[])[] {
  const text = readText(path, 'a .json file');
  const rows = placed({ file: path }, () => parseJsonNumbers(text, parseRational));
  const entry = (value: unknown): Rational => {
    if (value instanceof Rational) return value;
    if (typeof value === 'string') return placed({ file: path }, () => parseRational(value));
    throw new InputError({ file: path, found: `a ${typeof value}`, allowed: 'numbers' });
  };
  if (!Array.isArray(rows)) throw new InputError({ file: path, found: 'no array', allowed: 'an array of rows' });
  return rows.map((row) => (Array.isArray(row) ? row.map(entry) : [entry(row)]));
}

function readArray(path: string): readonly (readonly Rational[])[] {
  const { dims, data } = placed({ file: path } satisfies Place, () => readNpy(readWhole(path, LARGEST_NPY)));
  if (dims.length < 1 || dims.length > 2)
    throw new InputError({ file: path, found: `an array of ${dims.length} axes`, allowed: '1 or 2' });
  const width = dims[1] ?? 1;
  const entries = Array.from(data, fromFloat);
  return Array.from({ length: dims[0] }, (_, k) => entries.slice(k * width, (k + 1) * width));
}

function rectangular(rows: readonly (readonly Rational[])[]): readonly (readonly Rational[])[] {
  const [first] = rows;
  if (!first) throw new InputError({ found: 'no rows', allowed: 'at least one' });
  const odd = rows.findIndex((row) => row.length !== first.length);
  if (odd < 0) return rows;
  const found = `${rows[odd].length} numbers in row ${odd + 1}`;
  throw new InputError({ found, allowed: `${first.length}, as in row 1` });
}
