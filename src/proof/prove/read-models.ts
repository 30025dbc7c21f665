import { createHash } from 'node:crypto';
import { readWhole } from '../../files/read.js';
import { readNetwork } from '../../onnx/network-file.js';
import type { Model } from '../question/model.js';

const LARGEST_MODEL = 2 ** 31 - 1;

/**
 * Reads .onnx and .json files. Several are called a, b, c, ... in their order, unless names are given; `tokens` is the length of
 * sequences.
 */
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
