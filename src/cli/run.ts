import { extname } from 'node:path';
import { isLosslessNumber, parse } from 'lossless-json';
import { InputError, placed, quote } from '../errors.js';
import { decodeText, readStdin, readWhole } from '../files/read.js';
import { toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { parseRational } from '../numbers/parse.js';
import { openSession, readModel, readNpy, type Session, type Signature } from '../onnx/index.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, DTYPES, oneOf, PROVIDERS } from './flags.js';
import { emit } from './output.js';

type Values = Parameters<Session['run']>[0];

const LARGEST_INPUT = 2 ** 30;

/** `exhibit run`: runs an .onnx file on given inputs. */
export async function run(model: string, flags: CommonFlags): Promise<number> {
  common(flags);
  const provider = oneOf('--provider', PROVIDERS, flags.provider) ?? 'cpu';
  const wanted = oneOf('--dtype', DTYPES, flags.dtype);
  if (extname(model).toLowerCase() !== '.onnx')
    throw new InputError({ file: model, found: 'a file of another kind', allowed: '.onnx' });
  const { dtype } = readModel(model);
  if (wanted && wanted !== dtype) {
    const mend = `build it with --dtype ${wanted}`;
    throw new InputError({ field: '--dtype', found: `${wanted} for a model in ${dtype}`, allowed: dtype, mend });
  }
  const session = await openSession(model, { provider });
  try {
    const values = await readInputs(flags.input!, session.inputs);
    const start = performance.now();
    const results = await session.run(values);
    const seconds = (performance.now() - start) / 1000;
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [name, nested(dims, data)]),
    );
    emit(
      flags,
      () => ({ outputs, provider, dtype, seconds }),
      () => `${JSON.stringify({ outputs, provider, dtype, seconds })}\n`,
    );
    return EXIT.proved;
  } finally {
    await session.release();
  }
}

async function readInputs(file: string, signature: readonly Signature[]): Promise<Values> {
  const only = signature.length === 1 ? signature[0].name : undefined;
  const names = signature.map(({ name }) => name).join(', ');
  if (extname(file).toLowerCase() === '.npy') {
    if (!only) throw new InputError({ file, found: 'one array', allowed: `JSON with the inputs ${names}` });
    return { [only]: placed({ file }, () => readNpy(readWhole(file, LARGEST_INPUT))) };
  }
  const name = file === '-' ? 'stdin' : file;
  const bytes = file === '-' ? readStdin(LARGEST_INPUT) : readWhole(file, LARGEST_INPUT);
  return placed({ file: name }, () => {
    const parsed = parseInputs(decodeText(bytes));
    if (Array.isArray(parsed)) {
      if (!only) throw new InputError({ found: 'one array', allowed: `an object with the inputs ${names}` });
      return { [only]: tensorOf(parsed, only) };
    }
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, tensorOf(value, key)]));
  });
}

function parseInputs(text: string): readonly unknown[] | Readonly<Record<string, unknown>> {
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

/** A nested array as a tensor. Throws InputError for ragged arrays and entries that are no finite numbers. */
function tensorOf(value: unknown, field: string): { dims: number[]; data: Float64Array } {
  const dims: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) dims.push(level.length);
  const data: number[] = [];
  const visit = (part: unknown, depth: number): void => {
    if (depth < dims.length) {
      if (!Array.isArray(part) || part.length !== dims[depth])
        throw new InputError({ field, found: 'a ragged array', allowed: 'rows of equal length' });
      for (const item of part) visit(item, depth + 1);
      return;
    }
    if (!isLosslessNumber(part)) throw new InputError({ field, found: quote(String(part)), allowed: 'finite numbers' });
    const number = placed({ field }, () => toFloat(parseRational(part.value), FORMATS.float64, 'nearest'));
    if (!Number.isFinite(number))
      throw new InputError({ field, found: quote(part.value), allowed: 'finite float64 numbers' });
    data.push(number);
  };
  visit(value, 0);
  return { dims, data: Float64Array.from(data) };
}

function nested(dims: readonly number[], data: Float64Array): unknown {
  const build = (axis: number, start: number, size: number): unknown => {
    if (axis === dims.length) return Number.isFinite(data[start]) ? data[start] : String(data[start]);
    const step = size / dims[axis];
    return Array.from({ length: dims[axis] }, (_, k) => build(axis + 1, start + k * step, step));
  };
  return build(0, 0, data.length);
}
