import { InputError, placed, quote } from '../errors.js';
import { checkSize, checkStored, HIGHEST_RANK } from '../network/limits.js';
import { isOp, type Network } from '../network/network.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import { type Dtype, ELEMENTS, viewOf } from './elements.js';
import { encodeDense, exactEntries } from './floats.js';
import { parseJson } from './json.js';

export interface SafetensorsFile {
  /** By name, with exactly the numbers of the file. */
  readonly tensors: ReadonlyMap<string, ExactTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is written; bfloat16 is read as well. */
const CODES = { F64: 'float64', F32: 'float32', F16: 'float16' } as const satisfies Record<string, Dtype>;
const READ: Readonly<Record<string, Dtype>> = { ...CODES, BF16: 'bfloat16' };
type Code = keyof typeof CODES;

const METADATA = '__metadata__';
const ALIGNMENT = 8;
const LONGEST_HEADER = 2 ** 26;
/** Sparse constants are written in full here, so a small network can make a large file. */
const LARGEST_DATA = 2 ** 32;

/**
 * The constants of a network as a .safetensors file, in pieces: a header length, a JSON header, and the entries of
 * each tensor, all of them, in the order of the names; each is rounded to the nearest number of `dtype`. Format:
 * https://github.com/huggingface/safetensors#format.
 *
 * Throws InputError for a weight beyond the range of the format and for more than 4 GiB.
 */
export function* writeSafetensors(
  network: Network,
  options: { readonly dtype: (typeof CODES)[Code]; readonly metadata?: Readonly<Record<string, string>> },
): Generator<Uint8Array> {
  const { dtype, metadata = {} } = options;
  const code = (Object.keys(CODES) as Code[]).find((key) => CODES[key] === dtype);
  const constants = network.nodes
    .filter((node) => isOp(node, 'constant'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((node) => ({ name: node.name, value: node.attributes.value }));
  const header: [string, unknown][] = [[METADATA, metadata]];
  let end = 0;
  for (const { name, value } of constants) {
    if (name === METADATA) throw refused(`a constant called ${quote(name)}`, 'any other name');
    const start = end;
    end += value.size * ELEMENTS[dtype].bytes;
    if (end > LARGEST_DATA) {
      throw new InputError({
        found: `the constants up to '${name}', written in full, are ${end} bytes`,
        allowed: `at most ${LARGEST_DATA} in a .safetensors file`,
        mend: 'write .onnx or .json, which keep sparse constants sparse',
      });
    }
    header.push([name, { dtype: code, shape: value.shape, data_offsets: [start, end] }]);
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Buffer.alloc(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT, ' ');
  text.copy(padded);
  const length = new Uint8Array(8);
  viewOf(length).setBigUint64(0, BigInt(padded.length), true);
  yield length;
  yield padded;
  for (const { name, value } of constants) yield* encodeDense(name, value, dtype);
}

/**
 * Reads a .safetensors file of float64, float32, float16 and bfloat16 tensors, empty ones included. Throws InputError for
 * other types, for a header that is not as the format says, for tensors that overlap, leave gaps or do not fill their
 * shape, and for NaN and infinities.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < 8) throw refused(`${bytes.length} bytes`, 'a .safetensors file');
  const length = viewOf(bytes).getBigUint64(0, true);
  if (length > LONGEST_HEADER || Number(length) > bytes.length - 8) {
    throw refused(`a header of ${length} bytes`, `at most ${LONGEST_HEADER}, within the file`);
  }
  const data = bytes.subarray(8 + Number(length));
  const entries = Object.entries(parseHeader(bytes.subarray(8, 8 + Number(length))));
  const metadata = metadataOf(entries.find(([name]) => name === METADATA)?.[1] ?? {});
  const described = entries.filter(([name]) => name !== METADATA).map(([name, value]) => describe(name, value));
  checkStored(described.map(({ shape }) => shape));
  let end = 0;
  const tensors = new Map<string, ExactTensor>();
  for (const { name, dtype, shape, start, stop } of described.sort((a, b) => a.start - b.start || a.stop - b.stop)) {
    const element = ELEMENTS[dtype];
    if (start !== end || stop > data.length || stop - start !== sizeOf(shape) * element.bytes) {
      throw refused(`tensor ${quote(name)} at bytes ${start} to ${stop}`, 'data one after the other, in full');
    }
    const view = viewOf(data.subarray(start, stop));
    const read = (k: number) => element.read(view, k * element.bytes);
    tensors.set(name, new Tensor(shape, exactEntries(name, read, sizeOf(shape))));
    end = stop;
  }
  if (end !== data.length) throw refused(`${data.length - end} bytes after the last tensor`, 'none');
  return { tensors, metadata };
}

/** The header begins with its brace, names nothing twice, and may end in blanks. */
function parseHeader(bytes: Uint8Array): object {
  const text = headerText(bytes);
  if (text?.startsWith('{')) {
    const header = placed({ field: 'the header' }, () => parseJson(text));
    if (typeof header === 'object' && header !== null) return header;
  }
  throw refused('a header that is no JSON object', 'a .safetensors file, whose header begins with {');
}

function headerText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function metadataOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused('metadata that is no object', 'an object of strings');
  const other = Object.entries(value).find(([, text]) => typeof text !== 'string');
  if (other) throw refused(`metadata ${quote(other[0])} of another type`, 'strings');
  return value as Record<string, string>;
}

function describe(name: string, value: unknown) {
  const { dtype: code, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const dtype = typeof code === 'string' && Object.hasOwn(READ, code) ? READ[code] : undefined;
  if (!dtype) throw refused(`tensor ${quote(name)} of type ${quote(String(code))}`, Object.keys(READ).join(', '));
  if (!isLengths(shape) || !isLengths(offsets) || offsets.length !== 2) {
    throw refused(`tensor ${quote(name)} described otherwise`, 'dtype, shape and data_offsets');
  }
  if (!shape.includes(0)) checkSize(name, shape);
  else if (shape.length > HIGHEST_RANK)
    throw refused(`tensor ${quote(name)} of ${shape.length} axes`, `${HIGHEST_RANK}`);
  return { name, dtype, shape, start: offsets[0], stop: offsets[1] };
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

function refused(found: string, allowed: string): InputError {
  return new InputError({ found: `safetensors: ${found}`, allowed });
}
