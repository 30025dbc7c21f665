import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { InputError, quote } from '../errors.js';
import { type Dtype, ELEMENTS, viewOf } from '../files/elements.js';
import { sizeOf } from '../network/tensor.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import {
  checkProvider,
  createSession,
  loadRuntime,
  PROVIDERS,
  type Provider,
  REMEDY,
  type Runtime,
  type SessionOptions,
} from './runtime.js';

export { PROVIDERS, type Provider, type SessionOptions };

/** Numbers of any format as doubles, in row-major order. */
export interface Values {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** Integers and truth values as onnxruntime takes and gives them. */
const INTEGER_ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

type IntegerDtype = keyof typeof INTEGER_ARRAYS;

/** What an input or output of a model holds; the length of a free axis is null. */
export interface Signature {
  readonly name: string;
  readonly dtype: Dtype | IntegerDtype;
  readonly dims: readonly (number | null)[];
}

/** A model loaded in onnxruntime. It holds memory outside of JavaScript until it is released. */
export interface Session {
  readonly inputs: readonly Signature[];
  readonly outputs: readonly Signature[];
  /**
   * Runs the model on doubles that are rounded to the nearest numbers of its format. Throws InputError for inputs of
   * other names or shapes, empty axes, and numbers that the format cannot hold.
   */
  run(inputs: Readonly<Record<string, Values>>): Promise<Record<string, Values>>;
  release(): Promise<void>;
}

type RunnableDtype = Exclude<Dtype, 'bfloat16'>;

/**
 * Opens a model, given by its bytes or its path (which external data need), on exactly one execution provider: when an
 * operator is not available there, opening fails rather than running it elsewhere.
 *
 * Throws InputError for a model that onnxruntime does not load and for a provider that does not work here.
 */
export async function openSession(model: Uint8Array | string, options: SessionOptions): Promise<Session> {
  const { provider } = options;
  if (!PROVIDERS.includes(provider)) {
    throw new InputError({ found: `execution provider ${quote(provider)}`, allowed: PROVIDERS.join(', ') });
  }
  checkProvider(provider);
  const runtime = await loadRuntime();
  const session = await createSession(runtime, model, options).catch((error: Error) => {
    throw explain(error, provider);
  });
  const inputs = signatures(session.inputMetadata);
  return {
    inputs,
    outputs: signatures(session.outputMetadata),
    run: async (values) => {
      const feeds = encodeInputs(runtime, inputs, values);
      const results = await session.run(feeds).catch((error: Error) => {
        throw explain(error, provider);
      });
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, decodeOutput(tensor)]));
    },
    release: () => session.release(),
  };
}

/** The providers that the installed onnxruntime was built with; whether a device answers shows when one is opened. */
export async function builtProviders(): Promise<Provider[]> {
  const bundled = (await loadRuntime()).listSupportedBackends().filter((backend) => backend.bundled);
  return PROVIDERS.filter((provider) => bundled.some(({ name }) => name === provider));
}

function signatures(metadata: readonly InferenceSession.ValueMetadata[]): Signature[] {
  return metadata.map((value) => {
    if (!value.isTensor || !(value.type in ELEMENTS || value.type in INTEGER_ARRAYS)) {
      throw new InputError({
        found: `a model whose ${quote(value.name)} is ${value.isTensor ? value.type : 'no tensor'}`,
        allowed: [...Object.keys(ELEMENTS), ...Object.keys(INTEGER_ARRAYS)].join(', '),
      });
    }
    const dims = value.shape.map((length) => (typeof length === 'number' ? length : null));
    return { name: value.name, dtype: value.type as Signature['dtype'], dims };
  });
}

function encodeInputs(
  runtime: Runtime,
  signature: readonly Signature[],
  values: Readonly<Record<string, Values>>,
): Record<string, OrtTensor> {
  const unknown = Object.keys(values).find((name) => !signature.some((input) => input.name === name));
  const names = signature.map(({ name }) => name).join(', ');
  if (unknown !== undefined) throw new InputError({ found: `a value for ${quote(unknown)}`, allowed: names });
  return Object.fromEntries(
    signature.map((input) => {
      const { name, dtype, dims } = input;
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const fits =
        value?.dims.length === dims.length &&
        value.dims.every((length, axis) => length > 0 && length === (dims[axis] ?? length)) &&
        sizeOf(value.dims) === value.data.length;
      if (!fits) {
        throw new InputError({
          found: value
            ? `input ${quote(name)} of shape [${value.dims.join(', ')}]`
            : `no value for input ${quote(name)}`,
          allowed: `shape [${dims.map((length) => length ?? 'batch').join(', ')}]`,
        });
      }
      const data = isInteger(dtype)
        ? integers(name, value.data, dtype)
        : rounded(name, value.data, dtype as RunnableDtype);
      return [name, new runtime.Tensor(dtype as 'float64', data as Float64Array, value.dims)];
    }),
  );
}

function isInteger(dtype: Signature['dtype']): dtype is IntegerDtype {
  return dtype in INTEGER_ARRAYS;
}

/** Whole numbers as onnxruntime takes integers of a type, which must hold them. */
function integers(name: string, data: Float64Array, dtype: IntegerDtype): ArrayLike<number | bigint> {
  const wide = Array.from(data, (value) => BigInt(Number.isSafeInteger(value) ? value : 0));
  const array =
    dtype === 'int64'
      ? BigInt64Array.from(wide)
      : dtype === 'uint64'
        ? BigUint64Array.from(wide)
        : INTEGER_ARRAYS[dtype].from(data);
  const most = dtype === 'bool' ? 1 : Number.MAX_SAFE_INTEGER;
  const wrong = data.findIndex((value, k) => Number(array[k]) !== value || value > most);
  if (wrong < 0) return array;
  throw new InputError({
    found: `input ${quote(name)} with entry ${wrong} equal to ${data[wrong]}`,
    allowed: `integers of type ${dtype}`,
  });
}

/** Doubles as onnxruntime takes numbers of a format: float16 by its bit patterns. */
function rounded(name: string, data: Float64Array, dtype: RunnableDtype): Float64Array | Float32Array | Uint16Array {
  const outside = data.findIndex((value) => !(Math.abs(value) < BEYOND[dtype]));
  if (outside >= 0) {
    throw new InputError({
      found: `input ${quote(name)} with entry ${outside} equal to ${data[outside]}`,
      allowed: `finite numbers within the range of ${dtype}`,
    });
  }
  if (dtype === 'float64') return data;
  if (dtype === 'float32') return Float32Array.from(data);
  const { format, bytes, write } = ELEMENTS[dtype];
  const patterns = new Uint16Array(data.length);
  const view = new DataView(patterns.buffer);
  data.forEach((value, k) => {
    write(view, k * bytes, toFloat(fromFloat(value), format, 'nearest'));
  });
  return patterns;
}

/** The least magnitude that rounds to an infinity: half a unit above the largest number of the format. */
const BEYOND: Readonly<Record<RunnableDtype, number>> = {
  float64: Number.POSITIVE_INFINITY,
  float32: (2 - 2 ** -FORMATS.float32.precision) * 2 ** FORMATS.float32.maxExponent,
  float16: (2 - 2 ** -FORMATS.float16.precision) * 2 ** FORMATS.float16.maxExponent,
};

function decodeOutput({ dims, data, type }: OrtTensor): Values {
  const array = data as unknown as Float64Array | Float32Array | Uint16Array;
  if (type !== 'float16') return { dims, data: Float64Array.from(array as ArrayLike<number | bigint>, Number) };
  const view = viewOf(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const { bytes, read } = ELEMENTS.float16;
  return { dims, data: Float64Array.from({ length: array.length }, (_, k) => read(view, k * bytes)) };
}

/** What onnxruntime's messages start with: the place in its own sources with the condition that failed there. */
const SOURCE_PLACE = /^\/\S+:\d+ .* was false\. |^\[ONNXRuntimeError\] : \d+ : \w+ : /;

/** Why onnxruntime refused, on one line. */
function explain(error: Error, provider: Provider): InputError {
  const reason = error.message.replace(/\s+/g, ' ').trim().replace(SOURCE_PLACE, '');
  if (/fallback to CPU EP/.test(reason)) {
    return new InputError({
      found: `execution provider '${provider}' lacks an operator of this model in its format`,
      allowed: 'models that the provider runs in whole',
      mend: `choose the provider 'cpu', or the dtype float32`,
    });
  }
  if (/requires f16 but the device/.test(reason)) {
    return new InputError({
      found: `the device behind '${provider}' does not compute in float16`,
      mend: 'choose the dtype float32',
    });
  }
  const unavailable = /backend not found|shared library|WebGPU adapter|CUDA|driver/i.test(reason);
  return new InputError({
    found: `onnxruntime (${provider}): ${reason.slice(0, 400)}`,
    mend: unavailable ? REMEDY[provider] : undefined,
  });
}
