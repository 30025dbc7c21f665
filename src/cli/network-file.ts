import { extname } from 'node:path';
import { InputError } from '../errors.js';
import type { Network } from '../network/network.js';

/** Reads a network from an .onnx or .json file. Throws InputError for another kind of file and for what is in it. */
export async function readNetwork(file: string): Promise<Network> {
  const kind = extname(file).toLowerCase();
  if (kind === '.onnx') return (await import('../onnx/index.js')).readModel(file).network;
  if (kind === '.json') return (await import('../network/read-canonical.js')).readNetworkFile(file);
  throw new InputError({ file, found: 'a file of another kind', allowed: '.onnx or .json' });
}
