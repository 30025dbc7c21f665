/** A parameter that is a matrix: rows as lists or as texts, or the path of a .csv, .json or .npy file. */
import { InputError, type Parameter, type RationalMatrix, readMatrix } from '../src/index.js';

type Read = (directory: string) => RationalMatrix;
type Raw = Parameters<typeof readMatrix>[0];

export function matrixParameter(meaning: string): Parameter<Read> {
  const shown = new WeakMap<Read, unknown>();
  return {
    meaning,
    allowed: 'rows of numbers, such as ["4, 1", "1, 1"], or the path of a .csv, .json or .npy file',
    read: (raw) => {
      const read: Read = (directory) => readMatrix(raw, directory);
      shown.set(read, plain(raw));
      return read;
    },
    show: (read) => shown.get(read),
  };
}

function plain(raw: Raw): unknown {
  if (raw.kind === 'text') return raw.text;
  return raw.kind === 'list' ? raw.items.map(plain) : null;
}

/** The matrix, when it is square. Throws InputError otherwise. */
export function squareMatrix(read: Read, directory: string): RationalMatrix {
  const rows = read(directory);
  if (rows.length === rows[0].length) return rows;
  throw new InputError({
    field: 'matrix',
    found: `${rows.length} rows of ${rows[0].length} numbers`,
    allowed: 'a square matrix',
  });
}
