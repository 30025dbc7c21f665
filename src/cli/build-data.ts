import { extname } from 'node:path';
import { construct } from '../audit/verify.js';
import { tableOfTensors } from '../data/table-of-tensors.js';
import { InputError } from '../errors.js';
import { checkWritable, utf8, writeFile } from '../files/write.js';
import { resolveInstance } from '../library/instance.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { emit } from './output.js';

type Write = (path: string, data: Network, metadata: Readonly<Record<string, string>>) => Promise<void>;

/** How data is written, by the file's extension; numbers are rounded to float64 once. */
const FORMATS: Readonly<Record<string, Write>> = {
  '.csv': async (path, data) => {
    writeFile(path, utf8(tableOfTensors(data)));
  },
  '.safetensors': async (path, data, metadata) => {
    const { writeSafetensors } = await import('../onnx/index.js');
    writeFile(path, writeSafetensors(data, { dtype: 'float64', metadata }));
  },
};

/** `exhibit build --data`: what a network would be trained on to learn the instance's target, drawn from the seed. */
export async function buildData(argument: string, flags: CommonFlags): Promise<number> {
  const { seed } = common(flags);
  const path = flags.output!;
  const write = FORMATS[extname(path).toLowerCase()];
  if (!write) {
    const allowed = Object.keys(FORMATS).join(', ');
    throw new InputError({ field: '-o', file: path, found: 'a file of another kind for data', allowed });
  }
  if (flags.dtype)
    throw new InputError({ field: '--dtype', found: `${flags.dtype} for data`, allowed: 'float64, always' });
  checkWritable(path);
  const { theorem, instance } = await resolveInstance(argument, flags);
  if (!theorem.dataset) {
    const mend =
      'theorems about memory functions have some: exponential-memory, polynomial-memory, airy-memory, delay-memory';
    throw new InputError({ field: '--data', found: `no training data for ${theorem.id}`, mend });
  }
  const { params, directory } = await construct(theorem, instance, seed);
  const data = theorem.dataset(params as never, { directory, seed });
  const hash = sha256(data);
  await write(path, data, { theorem: theorem.id, seed: String(seed), sha256: hash });
  emit(
    flags,
    () => ({ files: [path], sha256: hash, seed }),
    () => [path, `data ${hash}`, ''].join('\n'),
  );
  return EXIT.proved;
}
