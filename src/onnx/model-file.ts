import { basename, dirname, join } from 'node:path';
import { InputError, placed } from '../errors.js';
import { readWhole } from '../files/read.js';
import { isPlainTarget, writeFile } from '../files/write.js';
import type { Network } from '../network/network.js';
import { type DecodedModel, decode } from './decode.js';
import { type EncodeOptions, encode } from './encode.js';

/** Protobuf messages end at 2^31 bytes. */
const LARGEST_MODEL = 2 ** 31 - 1;

/**
 * Writes a network as an ONNX file, and as `<path>.data` beside it what is too large for one file. Each file appears
 * whole or not at all, the model last. Returns the paths written. Throws InputError as `encode` does, and when a file
 * cannot be written.
 */
export function writeModel(path: string, network: Network, options: EncodeOptions): string[] {
  const { model, external } = encode(network, { externalFile: `${basename(path)}.data`, ...options });
  const data = external && join(dirname(path), external.file);
  if (data && !isPlainTarget(path)) {
    const found = 'no plain file for a model whose weights are too large for one file';
    throw new InputError({ file: path, found, allowed: 'a plain file: the weights are written beside it' });
  }
  if (external && data) writeFile(data, external.pieces());
  writeFile(path, [model]);
  return data ? [path, data] : [path];
}

/**
 * Reads an ONNX file and its external data; free lengths of sequences of tokens are taken to be `tokens`. Throws InputError,
 * with the file's name, as `decode` does.
 */
export function readModel(path: string, tokens: number | null = null): DecodedModel {
  return placed({ file: path }, () => decode(readWhole(path, LARGEST_MODEL), dirname(path), tokens));
}
