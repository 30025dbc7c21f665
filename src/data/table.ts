import { type Stats, statSync } from 'node:fs';
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { brief, InputError, type Place, quote } from '../errors.js';
import { decodeText, readWhole } from '../files/read.js';

const LARGEST_FILE = 1 << 28;

/** The text of a plain file of at most 256 MiB. Throws InputError when there is none. */
export function readText(path: string, allowed: string): string {
  const stats = statusOf(path);
  if (!stats?.isFile()) {
    throw new InputError({
      file: path,
      found: stats ? 'not a file' : 'no such file',
      allowed,
      mend: "relative paths start from the instance's folder",
    });
  }
  return decodeText(readWhole(path, LARGEST_FILE), path);
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new InputError({ file: path, found: `cannot be read: ${(error as Error).message}` });
  }
}

/** A row of a CSV file, the header included. */
export interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** All rows of a CSV text, with their lines. Throws InputError for rows of unequal length and broken quotes. */
function csvRows(text: string, file: string): readonly CsvRow[] {
  return mapCsv(text, file, (record, lines) => ({ record, info: { lines } }));
}

/**
 * What `read` makes of each row of a CSV text and the line it ends on; nothing else of a row is kept, so that memory
 * stays in proportion to what is made. Throws InputError for rows of unequal length and broken quotes.
 */
export function mapCsv<T>(text: string, file: string, read: (record: readonly string[], line: number) => T): T[] {
  checkRows(text, file);
  try {
    return parseCsv(text, {
      trim: true,
      skip_empty_lines: true,
      bom: true,
      on_record: (record: string[], { lines }: { lines: number }) => read(record, lines) as never,
    }) as unknown as T[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError({
      file,
      line: Number(error.lines) || undefined,
      found: `malformed CSV: ${brief(error.message)}`,
      allowed: 'rows of equal length',
    });
  }
}

/** What programs write for numbers that are none. */
const NO_NUMBER = /^(?:nan|na|null|none|inf|infinity)$/i;

/** Whether a first row names the columns: each cell begins with a letter or '_'. A row of numbers, one of them misspelt, is data. */
export function isHeader(record: readonly string[]): boolean {
  return record.every((cell) => /^[\p{L}_]/u.test(cell) && !NO_NUMBER.test(cell));
}

/** Rows that a theorem's data may have: each costs time and memory far beyond its bytes. */
const MOST_ROWS = 2 ** 20;

function checkRows(text: string, file: string): void {
  let rows = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) rows += 1;
  if (rows > MOST_ROWS) throw new InputError({ file, found: `${rows} lines`, allowed: `at most ${MOST_ROWS}` });
}

/** A cell of a table and where it stands. */
export interface Cell {
  readonly text: string;
  readonly place: Place;
}

/**
 * The rows of a CSV file whose header names exactly these columns, in any order: one cell per column. Throws
 * InputError for a missing or malformed file, another header and a file without rows.
 */
export function readTable<C extends string>(path: string, columns: readonly C[]): Record<C, Cell>[] {
  const [header, ...rows] = csvRows(readText(path, 'a .csv file'), path);
  const names = header?.record ?? [];
  const positions = columns.map((column) => names.indexOf(column));
  if (names.length !== columns.length || positions.includes(-1)) {
    const found = `the columns ${names.map(quote).join(', ') || 'of an empty file'}`;
    throw new InputError({ file: path, line: 1, found, allowed: `a header with the columns ${columns.join(', ')}` });
  }
  if (rows.length === 0) throw new InputError({ file: path, found: 'no rows', allowed: 'at least one' });
  return rows.map(({ record, info }) => {
    const cells = columns.map((field, k): [C, Cell] => [
      field,
      { text: record[positions[k]], place: { file: path, line: info.lines, field } },
    ]);
    return Object.fromEntries(cells) as Record<C, Cell>;
  });
}
