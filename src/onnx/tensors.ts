import { join } from 'node:path';
import { InputError, quote } from '../errors.js';
import { type Dtype, dtypeOf, ELEMENTS, viewOf } from '../files/elements.js';
import { exactEntries } from '../files/floats.js';
import { readRegion } from '../files/read.js';
import { checkSize } from '../network/limits.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import { lengthOf } from './integers.js';
import { MASKED } from './masks.js';
import { EXTERNAL, INT64, type Message } from './schema.js';

/** How integers and truth values are laid out: the typed field that may hold them, their bytes and their reader. */
interface IntegerType {
  readonly field: 'int32Data' | 'int64Data';
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}

const narrow = (bytes: number, read: (view: DataView, offset: number) => number): IntegerType => ({
  field: 'int32Data',
  bytes,
  read,
});

const BOOL = 9;

/** By TensorProto.DataType. */
const INTEGERS: Readonly<Record<number, IntegerType>> = {
  2: narrow(1, (view, offset) => view.getUint8(offset)),
  3: narrow(1, (view, offset) => view.getInt8(offset)),
  4: narrow(2, (view, offset) => view.getUint16(offset, true)),
  5: narrow(2, (view, offset) => view.getInt16(offset, true)),
  6: narrow(4, (view, offset) => view.getInt32(offset, true)),
  [INT64]: { field: 'int64Data', bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
  [BOOL]: narrow(1, (view, offset) => view.getUint8(offset)),
  12: { field: 'int64Data', bytes: 4, read: (view, offset) => view.getUint32(offset, true) },
  13: { field: 'int64Data', bytes: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
};

/** The kind of numbers of an ONNX element type, or undefined when it is none of those that are read. */
export function kindOf(code: number | undefined): 'float' | 'integer' | 'boolean' | undefined {
  if (dtypeOf(code)) return 'float';
  if (code === undefined || !Object.hasOwn(INTEGERS, code)) return undefined;
  return code === BOOL ? 'boolean' : 'integer';
}

/** An array of a file: exact floats, integers, or truth values as 0 and 1. */
export type StoredArray =
  | { readonly kind: 'floats'; readonly dtype: Dtype; readonly tensor: ExactTensor }
  | {
      readonly kind: 'integers' | 'booleans';
      /** TensorProto.DataType. */
      readonly type: number;
      readonly dims: readonly number[];
      readonly values: readonly number[];
    };

/**
 * Reads an array of an ONNX file: integers, truth values, or floats of any format, from raw bytes, typed fields, or a file in
 * `directory` (null when external data are not at hand). Floats are taken exactly as they are.
 *
 * Throws InputError, naming the array, for other types, data that do not fill the dims, NaN and infinities.
 */
export function readArray(tensor: Message<'Tensor'>, directory: string | null): StoredArray {
  const { name = '', dims = [], dataType } = tensor;
  const dtype = dtypeOf(dataType);
  if (dtype) {
    checkSize(name, dims);
    const read = floatSource(tensor, dtype, sizeOf(dims), directory);
    return { kind: 'floats', dtype, tensor: new Tensor(dims, exactEntries(name, read, sizeOf(dims), MASKED)) };
  }
  const kind = kindOf(dataType);
  if (kind) {
    if (!dims.includes(0)) checkSize(name, dims);
    const values = readIntegers(tensor, dataType!, sizeOf(dims), directory);
    return { kind: kind === 'boolean' ? 'booleans' : 'integers', type: dataType!, dims, values };
  }
  throw fault(
    name,
    `of element type ${dataType ?? 0}`,
    'floats (types 1, 10, 11, 16), integers (types 2 to 7, 12, 13) and truth values (type 9)',
  );
}

function floatSource(
  tensor: Message<'Tensor'>,
  dtype: Dtype,
  count: number,
  directory: string | null,
): (k: number) => number {
  const { bytes, read } = ELEMENTS[dtype];
  const raw = rawBytes(tensor, count * bytes, directory);
  if (raw) {
    const view = viewOf(raw);
    return (k) => read(view, k * bytes);
  }
  if (dtype === 'float64') return listed(tensor, tensor.doubleData, count);
  if (dtype === 'float32') return listed(tensor, tensor.floatData, count);
  const pattern = listed(tensor, tensor.int32Data, count);
  const view = new DataView(new ArrayBuffer(2));
  return (k) => {
    view.setUint16(0, pattern(k), true);
    return read(view, 0);
  };
}

function readIntegers(tensor: Message<'Tensor'>, code: number, count: number, directory: string | null): number[] {
  const { field, bytes, read: readAt } = INTEGERS[code];
  const raw = rawBytes(tensor, count * bytes, directory);
  const view = raw && viewOf(raw);
  const read = view ? (k: number) => readAt(view, k * bytes) : listed(tensor, tensor[field], count);
  return Array.from({ length: count }, (_, k) => {
    if (view && code === INT64) return lengthOf(view.getBigInt64(8 * k, true), tensor.name ?? '');
    const value = read(k);
    if (!Number.isSafeInteger(value)) throw fault(tensor.name, `whose entry ${k} is ${value}`, 'integers below 2^53');
    return value;
  });
}

/** The raw bytes of an array, of the file itself or of the one beside it; null when it is in a typed field. */
function rawBytes(tensor: Message<'Tensor'>, length: number, directory: string | null): Uint8Array | null {
  const { name, rawData, floatData, int32Data, int64Data, doubleData, externalData, dataLocation = 0 } = tensor;
  const sources = [floatData, int32Data, int64Data, doubleData].filter((list) => list && list.length > 0).length;
  const external = dataLocation === EXTERNAL;
  if (sources + (rawData ? 1 : 0) + (external ? 1 : 0) > 1 || (!external && externalData?.length)) {
    throw fault(name, 'with its data in several fields', 'one field');
  }
  if (external) return readExternal(tensor, length, directory);
  if (!rawData) return null;
  if (rawData.length !== length) throw fault(name, `with ${rawData.length} bytes of data`, `${length} for its shape`);
  return rawData;
}

function listed({ name }: Message<'Tensor'>, list: readonly number[] = [], count: number): (k: number) => number {
  if (list.length !== count) throw fault(name, `with ${list.length} entries in its field`, `${count} for its shape`);
  return (k) => list[k];
}

/** Reads external data from a plain file beside the model; paths that lead elsewhere and links are refused. */
function readExternal(tensor: Message<'Tensor'>, length: number, directory: string | null): Uint8Array {
  const { name, externalData = [] } = tensor;
  const entries = new Map(externalData.map(({ key = '', value = '' }) => [key, value]));
  const unknown = [...entries.keys()].find((key) => !['location', 'offset', 'length'].includes(key));
  const location = entries.get('location') ?? '';
  const [offset, stated] = [entries.get('offset') ?? '0', entries.get('length') ?? `${length}`];
  if (unknown !== undefined || entries.size !== externalData.length || !/^\d{1,15}$/.test(offset)) {
    throw fault(name, 'with external data of unknown form', 'location, offset and length, each once');
  }
  if (location === '' || location === '.' || location === '..' || /[/\\\0]/.test(location)) {
    throw fault(name, `with its data at ${quote(location)}`, 'the name of a file beside the model');
  }
  if (stated !== `${length}`) throw fault(name, `with ${quote(stated)} bytes of data`, `${length} for its shape`);
  if (directory === null) {
    throw fault(name, `with its data in the file ${quote(location)}`, 'models read from a file, or data inside them');
  }
  return readRegion(join(directory, location), Number(offset), length);
}

function fault(name: string | undefined, found: string, allowed: string): InputError {
  return new InputError({ found: `array ${quote(name ?? '')} ${found}`, allowed });
}
