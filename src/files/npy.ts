import { InputError, quote } from '../errors.js';
import { checkSize } from '../network/limits.js';
import { sizeOf } from '../network/tensor.js';
import { float16Value, viewOf } from './elements.js';

/** A numpy array as doubles in row-major order. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** `\x93NUMPY`, then the version of the format, the header's length, and the header, a Python dictionary. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** As numpy has it. */
const LONGEST_HEADER = 10_000;
/** The data start at a multiple of this. */
const ALIGNMENT = 64;
/** Bytes of the header's length, by the version of the format. */
const LENGTH_BYTES: Readonly<Record<number, 2 | 4>> = { 1: 2, 2: 4, 3: 4 };

interface Type {
  readonly bytes: number;
  /** Whether integers stand for themselves, so that one beyond 2^53 is no double. */
  readonly whole?: boolean;
  read(view: DataView, offset: number, little: boolean): number;
}

/** Element types that become doubles as they stand, by kind and size. */
const TYPES: Readonly<Record<string, Type>> = {
  f8: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  f4: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f2: { bytes: 2, read: (view, offset, little) => float16Value(view.getUint16(offset, little)) },
  i8: { bytes: 8, whole: true, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  i4: { bytes: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i2: { bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  u8: { bytes: 8, whole: true, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  u4: { bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  u2: { bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  b1: { bytes: 1, read: (view, offset) => truthValue(view.getUint8(offset)) },
};

/**
 * Reads a .npy file, versions 1 to 3 of https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: floats of
 * 16 to 64 bits, integers of 8 to 64 bits and booleans, in either byte order, rows or columns first.
 *
 * Throws InputError for everything else, for data that do not fill the shape, for NaN and infinities, and for integers
 * beyond 2^53.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { text, start } = headerOf(bytes);
  const { descr, columnsFirst, dims } = describedBy(text);
  const [, order, code] = /^([<>|]?)(\w+)$/.exec(descr) ?? [];
  const type = code !== undefined && Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (!type || (type.bytes === 1 ? order === '' : order === '|' || order === ''))
    throw refused(`entries of type ${quote(descr)}`, `< or > and one of ${Object.keys(TYPES).join(', ')}`);
  checkSize('npy array', dims);
  const count = sizeOf(dims);
  if (bytes.length - start !== count * type.bytes) {
    throw refused(`${bytes.length - start} bytes of data`, `${count * type.bytes} for the shape [${dims.join(', ')}]`);
  }
  const view = viewOf(bytes);
  const data = new Float64Array(count);
  const place = columnsFirst && dims.length > 1 ? transposed(dims) : (k: number) => k;
  for (let k = 0; k < count; k++) data[place(k)] = type.read(view, start + k * type.bytes, order !== '>');
  const isExact = type.whole ? Number.isSafeInteger : Number.isFinite;
  const outside = data.findIndex((value) => !isExact(value));
  if (outside >= 0) throw refused(`entry ${outside} equal to ${data[outside]}`, 'finite numbers, integers below 2^53');
  return { dims, data };
}

function truthValue(byte: number): number {
  if (byte > 1) throw refused(`a boolean stored as ${byte}`, '0 or 1');
  return byte;
}

/** Where an entry goes that was stored columns first: the first axis runs fastest in the file, the last in memory. */
function transposed(dims: readonly number[]): (k: number) => number {
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  return (k) => {
    let [rest, place] = [k, 0];
    dims.forEach((length, axis) => {
      place += (rest % length) * strides[axis];
      rest = Math.floor(rest / length);
    });
    return place;
  };
}

/** A .npy file (version 1.0) of float64. */
export function writeNpy({ dims, data }: NpyArray): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape}), }`;
  const start = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + data.length * 8);
  const view = viewOf(bytes);
  bytes.set(MAGIC);
  bytes.set([1, 0], 6);
  view.setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(start - 11)}\n`), 10);
  data.forEach((value, k) => {
    view.setFloat64(start + k * 8, value, true);
  });
  return bytes;
}

function headerOf(bytes: Uint8Array): { text: string; start: number } {
  const [major, minor] = [bytes[6], bytes[7]];
  if (bytes.length < MAGIC.length + 2 || MAGIC.some((byte, k) => bytes[k] !== byte))
    throw refused('no numpy array', 'a .npy file');
  const lengthBytes = LENGTH_BYTES[major];
  if (lengthBytes === undefined || minor !== 0)
    throw refused(`format version ${major}.${minor}`, 'versions 1.0 to 3.0');
  const fixed = MAGIC.length + 2 + lengthBytes;
  if (bytes.length < fixed) throw refused('a file that ends in its header', 'a whole file');
  const view = viewOf(bytes);
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = fixed + length;
  if (length > LONGEST_HEADER || start > bytes.length) {
    throw refused(`a header of ${length} bytes`, `at most ${LONGEST_HEADER}, within the file`);
  }
  const encoding = major === 3 ? 'utf-8' : 'latin1';
  return { text: new TextDecoder(encoding).decode(bytes.subarray(fixed, start)), start };
}

/** Words of the header: strings, integers (with the L of Python 2), names and signs. */
const WORD = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d{1,15})L?(?!\w)|([A-Za-z]\w*)|([{}():,]))/y;

type Value = string | boolean | readonly number[];

/**
 * The header is a literal of a Python dictionary with exactly three keys, in any order and layout:
 *
 *     header = "{" [pair {"," pair} [","]] "}"     pair = string ":" (string | "True" | "False" | tuple)
 *     tuple  = "(" ")" | "(" integer "," ")" | "(" integer {"," integer} [","] ")" with two integers or more
 */
function describedBy(text: string): { descr: string; columnsFirst: boolean; dims: readonly number[] } {
  const words = wordsOf(text);
  const entries = new Map<string, Value>();
  let at = 0;
  const malformed = () =>
    refused(`the header ${quote(text.trim())}`, "a dictionary of 'descr', 'fortran_order' and 'shape', each once");
  const next = (sign?: string): Word => {
    const word = words[at++];
    if (!word || (sign !== undefined && word.sign !== sign)) throw malformed();
    return word;
  };
  const isNext = (sign: string) => words[at]?.sign === sign;
  const tuple = (): number[] => {
    const numbers: number[] = [];
    while (!isNext(')')) {
      const { number } = next();
      if (number === undefined) throw malformed();
      numbers.push(number);
      if (!isNext(')') || numbers.length === 1) next(',');
    }
    next(')');
    return numbers;
  };
  next('{');
  while (!isNext('}')) {
    const { text: key } = next();
    next(':');
    const word = next();
    const value = word.text ?? word.truth ?? (word.sign === '(' ? tuple() : undefined);
    if (key === undefined || entries.has(key) || value === undefined) throw malformed();
    entries.set(key, value);
    if (!isNext('}')) next(',');
  }
  next('}');
  const [descr, columnsFirst, dims] = ['descr', 'fortran_order', 'shape'].map((key) => entries.get(key));
  const isWhole = at === words.length && entries.size === 3;
  if (!isWhole || typeof descr !== 'string' || typeof columnsFirst !== 'boolean' || !Array.isArray(dims))
    throw malformed();
  return { descr, columnsFirst, dims };
}

interface Word {
  readonly text?: string;
  readonly number?: number;
  readonly truth?: boolean;
  readonly sign?: string;
}

const TRUTH: Readonly<Record<string, boolean>> = { True: true, False: false };

/** The words of a header; one that is no word of the grammar is a sign that nothing expects. */
function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  const end = text.trimEnd().length;
  WORD.lastIndex = 0;
  while (WORD.lastIndex < end) {
    const match = WORD.exec(text);
    if (!match) return [{ sign: 'none' }];
    const [, single, double, digits, name, sign] = match;
    if (digits !== undefined) words.push({ number: Number(digits) });
    else if (name !== undefined) words.push({ truth: Object.hasOwn(TRUTH, name) ? TRUTH[name] : undefined });
    else words.push(sign === undefined ? { text: single ?? double } : { sign });
  }
  return words;
}

function refused(found: string, allowed: string): InputError {
  return new InputError({ found: `npy: ${found}`, allowed });
}
