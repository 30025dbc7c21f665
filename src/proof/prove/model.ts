import { createHash } from 'node:crypto';
import { InputError } from '../../errors.js';
import { readWhole } from '../../files/read.js';
import type { Network } from '../../network/network.js';
import { readNetworkFile } from '../../network/read-canonical.js';

/** A network that a statement speaks of. */
export interface Model {
  /** What it goes by in the statement, `a.y`; null when it is the only one. */
  readonly name: string | null;
  readonly file: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly network: Network;
}

const LARGEST_MODEL = 2 ** 31 - 1;

/** Reads .onnx and .json files. Several are called a, b, c, ... in their order, unless names are given. */
export async function readModels(files: readonly string[], names?: readonly string[]): Promise<Model[]> {
  const models: Model[] = [];
  for (const [k, file] of files.entries()) {
    const network = await readNetwork(file);
    const sha256 = createHash('sha256').update(readWhole(file, LARGEST_MODEL)).digest('hex');
    const letter = String.fromCodePoint('a'.codePointAt(0)! + k);
    models.push({ name: names ? names[k] : files.length === 1 ? null : letter, file, sha256, network });
  }
  return models;
}

async function readNetwork(file: string): Promise<Network> {
  if (/\.onnx$/i.test(file)) return (await import('../../onnx/index.js')).readModel(file).network;
  if (/\.json$/i.test(file)) return readNetworkFile(file);
  const mend = 'torch.onnx.export writes a network of PyTorch as .onnx';
  throw new InputError({ file, found: 'a file of another kind', allowed: 'networks: .onnx or .json', mend });
}
