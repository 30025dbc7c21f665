import { construct } from '../audit/verify.js';
import { DTYPES } from '../evaluate/target.js';
import { checkWritable } from '../files/write.js';
import { resolveInstance } from '../library/instance.js';
import { sha256 } from '../network/canonical.js';
import { summarise } from '../network/summary.js';
import { formatOf, writeNetwork } from '../onnx/network-file.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common, oneOf } from './flags.js';
import { emit, say } from './output.js';

/** `exhibit build`: writes an instance's network, or its training data. */
export async function build(argument: string, flags: CommonFlags): Promise<number> {
  if (flags.data) return (await import('./build-data.js')).buildData(argument, flags);
  const { seed } = common(flags);
  const path = flags.output!;
  const dtype = oneOf('--dtype', DTYPES, flags.dtype);
  const { rounds } = formatOf(path, dtype);
  checkWritable(path);
  const { theorem, instance } = await resolveInstance(argument, flags);
  const { construction } = await construct(theorem, instance, seed);
  for (const note of construction.notes ?? []) say(flags, `note: ${note}`);
  const { network } = construction;
  const params = JSON.stringify(
    Object.fromEntries([...instance.params].map(([name, raw]) => [name, raw.kind === 'text' ? raw.text : raw.kind])),
  );
  const files = await writeNetwork(path, network, { dtype, metadata: { theorem: theorem.id, params } });
  const [hash, { parameters }] = [sha256(network), summarise(network)];
  emit(
    flags,
    () => ({ files, sha256: hash, parameters, dtype: rounds ? (dtype ?? 'float64') : null }),
    () => [...files, `${parameters} parameters, network ${hash}`, ''].join('\n'),
  );
  return EXIT.proved;
}
