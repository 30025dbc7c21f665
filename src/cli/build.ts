import { extname } from 'node:path';
import { InputError } from '../errors.js';
import { checkWritable, utf8, writeFile } from '../files/write.js';
import { canonicalForm, sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { summarise } from '../network/summary.js';
import { construct } from '../proof/verify.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, DTYPES, oneOf } from './flags.js';
import { resolveInstance } from './instance.js';
import { emit, say } from './output.js';

type Dtype = (typeof DTYPES)[number];

interface Format {
  /** Whether the file's numbers are rounded to a dtype; the others are exact. */
  readonly rounds: boolean;
  write(
    path: string,
    network: Network,
    dtype: Dtype,
    metadata: Readonly<Record<string, string>>,
  ): Promise<readonly string[]>;
}

/** File formats by extension. */
const FORMATS: Readonly<Record<string, Format>> = {
  '.onnx': {
    rounds: true,
    write: async (path, network, dtype, metadata) =>
      (await import('../onnx/index.js')).writeModel(path, network, { dtype, metadata }),
  },
  '.safetensors': {
    rounds: true,
    write: async (path, network, dtype, metadata) => {
      const { writeSafetensors } = await import('../onnx/index.js');
      writeFile(path, writeSafetensors(network, { dtype, metadata }));
      return [path];
    },
  },
  '.json': {
    rounds: false,
    write: async (path, network) => {
      writeFile(path, utf8(canonicalForm(network)));
      return [path];
    },
  },
};

/** `exhibit build`: writes an instance's network. */
export async function build(argument: string, flags: CommonFlags): Promise<number> {
  const { seed } = common(flags);
  const path = flags.output!;
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format)
    throw new InputError({
      field: '-o',
      file: path,
      found: 'a file of another kind',
      allowed: Object.keys(FORMATS).join(', '),
    });
  const given = oneOf('--dtype', DTYPES, flags.dtype);
  if (given && !format.rounds) {
    throw new InputError({
      field: '--dtype',
      found: `${given} for a .json file`,
      allowed: 'no dtype: its numbers are exact',
    });
  }
  const dtype = given ?? 'float64';
  checkWritable(path);
  const { theorem, instance } = await resolveInstance(argument, flags);
  const { construction } = await construct(theorem, instance, seed);
  for (const note of construction.notes ?? []) say(flags, `note: ${note}`);
  const { network } = construction;
  const hash = sha256(network);
  const params = JSON.stringify(
    Object.fromEntries([...instance.params].map(([name, raw]) => [name, raw.kind === 'text' ? raw.text : raw.kind])),
  );
  const files = await format.write(path, network, dtype, { theorem: theorem.id, params, sha256: hash, dtype });
  const { parameters } = summarise(network);
  emit(
    flags,
    () => ({ files, sha256: hash, parameters, dtype: format.rounds ? dtype : null }),
    () => [...files, `${parameters} parameters, network ${hash}`, ''].join('\n'),
  );
  return EXIT.proved;
}
