import { InputError, placed, quote } from '../errors.js';
import { parseJsonNumbers } from '../files/json.js';
import { looksLikeNumber, parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import { isHeader, mapCsv, readText } from './table.js';

/** A sequence of T tokens of dimension d, token by token, and its label. */
export interface LabelledSequence {
  readonly values: readonly Rational[];
  readonly label: Rational;
  /** Where it stands in its file: `line 7` or `sequence 6`. */
  readonly origin: string;
}

/**
 * Labelled sequences from a `.csv` file (a header, then per row T*d values token by token and the label last) or a
 * `.json` file (`{"sequences": [[[...d], ...T], ...N], "labels": [...]}`). Every number is read exactly from its text.
 * Throws InputError for a missing, malformed or ragged file, for numbers that are not finite and for other shapes.
 */
export function readSequences(path: string, shape: { T: number; d: number }): LabelledSequence[] {
  const text = readText(path, 'a .csv or .json file');
  const reader = READERS.find(({ extension }) => path.toLowerCase().endsWith(extension));
  if (!reader) throw new InputError({ file: path, found: 'a file of another kind', allowed: 'a .csv or .json file' });
  const sequences = reader.read(text, path, shape);
  if (sequences.length === 0) throw new InputError({ file: path, found: 'no sequences', allowed: 'at least one' });
  return sequences;
}

const READERS = [
  { extension: '.csv', read: readCsv },
  { extension: '.json', read: readJson },
] as const;

function readCsv(text: string, file: string, { T, d }: { T: number; d: number }): LabelledSequence[] {
  const expected = T * d + 1;
  let header: readonly string[] | undefined;
  const rows = mapCsv(text, file, (record, line) => {
    if (header) return sequenceOf(record, header, file, line);
    header = record;
    if (record.length !== expected) {
      throw new InputError({
        file,
        line: 1,
        found: `${record.length} columns`,
        allowed: `T*d + 1 = ${T}*${d} + 1 = ${expected}: the values token by token, then the label`,
        mend: 'correct T, d or the file',
      });
    }
    if (!isHeader(record)) {
      const found = record.every(looksLikeNumber) ? 'numbers' : quote(record.find((cell) => !isHeader([cell]))!);
      throw new InputError({ file, line: 1, found, allowed: 'a header, which names the columns' });
    }
    return null;
  });
  return rows.filter((row) => row !== null);
}

function sequenceOf(
  record: readonly string[],
  header: readonly string[],
  file: string,
  line: number,
): LabelledSequence {
  const numbers = record.map((cell, k) => placed({ file, line, field: header[k] }, () => parseRational(cell)));
  const label = numbers.pop()!;
  return { values: numbers, label, origin: `line ${line}` };
}

function readJson(text: string, file: string, { T, d }: { T: number; d: number }): LabelledSequence[] {
  const { sequences, labels } = parseObject(text, file);
  const shape = '{"sequences": [[[...d], ...T], ...N], "labels": [...N]}';
  if (!Array.isArray(sequences) || !Array.isArray(labels) || sequences.length !== labels.length) {
    const found = `sequences: ${lengthOf(sequences)}, labels: ${lengthOf(labels)}`;
    throw new InputError({ file, found, allowed: shape });
  }
  return sequences.map((sequence: unknown, n) => {
    const origin = `sequence ${n}`;
    const tokens = arrayOf(sequence, T, file, origin, 'T tokens');
    const values = tokens.flatMap((token, t) =>
      arrayOf(token, d, file, `${origin}, token ${t}`, 'd numbers').map((x) =>
        numberOf(x, file, `${origin}, token ${t}`),
      ),
    );
    return { values, label: numberOf(labels[n], file, `label ${n}`), origin };
  });
}

function parseObject(text: string, file: string): { sequences?: unknown; labels?: unknown } {
  const parsed = placed({ file }, () => parseJsonNumbers(text, parseRational));
  if (parsed && typeof parsed === 'object' && !(parsed instanceof Rational)) return parsed;
  throw new InputError({ file, found: 'no JSON object', allowed: '{"sequences": ..., "labels": ...}' });
}

function arrayOf(value: unknown, length: number, file: string, field: string, what: string): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw new InputError({ file, field, found: lengthOf(value), allowed: `${what}, here ${length}` });
}

function numberOf(value: unknown, file: string, field: string): Rational {
  if (value instanceof Rational) return value;
  throw new InputError({ file, field, found: quote(String(value)), allowed: 'a finite number' });
}

function lengthOf(value: unknown): string {
  return Array.isArray(value) ? `${value.length} entries` : value === undefined ? 'nothing' : `a ${typeof value}`;
}
