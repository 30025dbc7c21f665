import { InputError, quote } from '../errors.js';
import { checkSize } from '../network/limits.js';
import { sizeOf } from '../network/tensor.js';
import { viewOf } from './elements.js';

/** A numpy array as doubles in row-major order. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** `\x93NUMPY`, then the version of the format, the header's length, and the header, a Python dictionary. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const LONGEST_HEADER = 4096;
/** The data start at a multiple of this. */
const ALIGNMENT = 64;

const HEADER =
  /^\s*\{\s*'descr'\s*:\s*'([^']*)'\s*,\s*'fortran_order'\s*:\s*(True|False)\s*,\s*'shape'\s*:\s*\(([\d\s,]*)\)\s*,?\s*\}\s*$/;
const SHAPE = /^\s*(?:\d{1,10}\s*,\s*)*(?:\d{1,10}\s*)?$/;

/** Entries that are doubles as they stand. */
const TYPES: Readonly<Record<string, { bytes: number; read(view: DataView, offset: number): number }>> = {
  '<f8': { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
  '<f4': { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<i8': { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
};

/**
 * Reads a .npy file (numpy format versions 1.0 and 2.0): little-endian float64, float32 or int64 in C order.
 *
 * Throws InputError for everything else, for data that do not fill the shape, for NaN and infinities, and for integers
 * beyond 2^53.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { text, start } = headerOf(bytes);
  const match = HEADER.exec(text);
  if (!match || !SHAPE.test(match[3])) throw refused(`the header ${quote(text.trim())}`, `descr, fortran_order, shape`);
  const [, descr, fortran, shape] = match;
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (!type) throw refused(`entries of type ${quote(descr)}`, Object.keys(TYPES).join(', '));
  const dims = (shape.match(/\d+/g) ?? []).map(Number);
  if (fortran === 'True' && dims.length > 1) throw refused('columns first (fortran_order)', 'rows first (C order)');
  checkSize('npy array', dims);
  const count = sizeOf(dims);
  if (bytes.length - start !== count * type.bytes) {
    throw refused(`${bytes.length - start} bytes of data`, `${count * type.bytes} for the shape [${dims.join(', ')}]`);
  }
  const view = viewOf(bytes);
  const data = new Float64Array(count);
  for (let k = 0; k < count; k++) data[k] = type.read(view, start + k * type.bytes);
  const isExact = descr === '<i8' ? Number.isSafeInteger : Number.isFinite;
  const outside = data.findIndex((value) => !isExact(value));
  if (outside >= 0) throw refused(`entry ${outside} equal to ${data[outside]}`, 'finite numbers, integers below 2^53');
  return { dims, data };
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
  const major = bytes[6];
  const fixed = major === 1 ? 10 : 12;
  if (bytes.length < fixed || MAGIC.some((byte, k) => bytes[k] !== byte))
    throw refused('no numpy array', 'a .npy file');
  if (major !== 1 && major !== 2) throw refused(`format version ${major}`, 'versions 1 and 2');
  const view = viewOf(bytes);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = fixed + length;
  if (length > LONGEST_HEADER || start > bytes.length) {
    throw refused(`a header of ${length} bytes`, `at most ${LONGEST_HEADER}, within the file`);
  }
  return { text: Buffer.from(bytes.subarray(fixed, start)).toString('latin1'), start };
}

function refused(found: string, allowed: string): InputError {
  return new InputError({ found: `npy: ${found}`, allowed });
}
