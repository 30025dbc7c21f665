import { extname } from 'node:path';
import { InputError, quote } from '../errors.js';
import { DTYPES, PROVIDERS } from '../evaluate/target.js';
import { ELEMENTS } from '../files/elements.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readWhole } from '../files/read.js';
import { toDecimal } from '../numbers/decimal.js';
import { openSession, type Session, type Signature } from '../onnx/index.js';
import { nested, readArrays } from './arrays.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, oneOf } from './flags.js';
import { emit } from './output.js';

/** Protobuf messages end at 2^31 bytes. */
const LARGEST_MODEL = 2 ** 31 - 1;

type Values = Parameters<Session['run']>[0];

/** `exhibit run`: runs an .onnx file, whatever onnxruntime accepts, on given inputs. */
export async function run(model: string, flags: CommonFlags): Promise<number> {
  common(flags);
  const provider = oneOf('--provider', PROVIDERS, flags.provider) ?? 'cpu';
  const wanted = oneOf('--dtype', DTYPES, flags.dtype);
  refuseOtherKinds(model, ['model'], 'a model, .onnx');
  if (extname(model).toLowerCase() !== '.onnx')
    throw new InputError({ file: model, found: 'a file of another kind', allowed: '.onnx' });
  readWhole(model, LARGEST_MODEL);
  const session = await openSession(model, { provider }).catch((error) => {
    throw error instanceof InputError ? error.at({ file: model }) : error;
  });
  try {
    const dtype = formatOf(session);
    if (wanted && wanted !== dtype) {
      const mend = `build it with --dtype ${wanted}`;
      throw new InputError({ field: '--dtype', found: `${wanted} for a model in ${dtype}`, allowed: dtype, mend });
    }
    const values = readInputs(flags.input!, session.inputs);
    const start = performance.now();
    const results = await session.run(values);
    const seconds = Number(((performance.now() - start) / 1000).toPrecision(3));
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [
        name,
        nested(
          dims,
          Array.from(data, (x) => (Number.isFinite(x) ? x : String(x))),
        ),
      ]),
    );
    emit(
      flags,
      () => ({ outputs, provider, dtype, seconds }),
      () => `${JSON.stringify({ outputs, provider, dtype, seconds })}\n`,
      true,
    );
    return EXIT.proved;
  } finally {
    await session.release();
  }
}

/** Each array in the doubles nearest to its numbers, which the session rounds once more to its own format. */
function readInputs(file: string, signature: readonly Signature[]): Values {
  const arrays = readArrays(
    file,
    signature.map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => {
      const data = array.doubles();
      const k = data.findIndex((x) => !Number.isFinite(x));
      if (k < 0) return [name, { dims: array.dims, data }];
      throw new InputError({
        file: file === '-' ? 'stdin' : file,
        field: name,
        found: `entry ${k} equal to ${quote(toDecimal(array.exactly(k, k + 1)[0], 17, 'nearest'))}`,
        allowed: 'finite float64 numbers',
      });
    }),
  );
}

/** The format of the floats of a model: the first of its inputs, or of its outputs. */
function formatOf({ inputs, outputs }: Session): string {
  const all = [...inputs, ...outputs];
  return (all.find(({ dtype }) => dtype in ELEMENTS) ?? all[0]).dtype;
}
