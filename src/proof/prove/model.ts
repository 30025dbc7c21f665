import { createHash } from 'node:crypto';
import { readWhole } from '../../files/read.js';
import type { Network } from '../../network/network.js';
import { readNetwork } from '../../onnx/network-file.js';

/** A network that a statement speaks of. */
export interface Model {
  /** What it goes by in the statement, `a.y`; null when it is the only one. */
  readonly name: string | null;
  readonly file: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly network: Network;
  /**
   * Whether the statement is a theorem's and the network one whose inner tensors are not the theorem's: what a file calls them
   * must not change what the theorem says, so that it names inputs and outputs alone.
   */
  readonly hasForeignNames?: boolean;
}

const LARGEST_MODEL = 2 ** 31 - 1;

/** Reads .onnx and .json files. Several are called a, b, c, ... in their order, unless names are given; `tokens` is the length of sequences. */
export async function readModels(
  files: readonly string[],
  names?: readonly string[],
  tokens: number | null = null,
): Promise<Model[]> {
  const models: Model[] = [];
  for (const [k, file] of files.entries()) {
    const network = await readNetwork(file, tokens);
    const sha256 = createHash('sha256').update(readWhole(file, LARGEST_MODEL)).digest('hex');
    const letter = String.fromCodePoint('a'.codePointAt(0)! + k);
    models.push({ name: names ? names[k] : files.length === 1 ? null : letter, file, sha256, network });
  }
  return models;
}
