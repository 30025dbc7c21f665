import { extname } from 'node:path';
import { InputError } from '../errors.js';
import type { Dtype } from '../evaluate/target.js';
import { readNetworkFile } from '../files/canonical.js';
import { refuseOtherKinds } from '../files/kind.js';
import { utf8, writeFile } from '../files/write.js';
import { canonicalForm, sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';

interface Settings {
  /** What the weights are rounded to; JSON holds them exactly. */
  readonly dtype: Dtype;
  /** What the file says beside its SHA-256 and dtype, where its format has a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Format {
  /** Whether the file's numbers are rounded to a dtype; the others are exact. */
  readonly rounds: boolean;
  /** Absent where a file holds no network, but its weights alone. */
  read?(file: string, tokens: number | null): Promise<Network>;
  write(path: string, network: Network, settings: Settings): Promise<readonly string[]>;
}

/** File formats by extension. To add one: a row here, and one of what such a file is in src/files/kind.ts. */
const FORMATS: Readonly<Record<string, Format>> = {
  '.onnx': {
    rounds: true,
    read: async (file, tokens) => (await import('./index.js')).readModel(file, tokens).network,
    write: async (path, network, settings) => (await import('./index.js')).writeModel(path, network, settings),
  },
  '.safetensors': {
    rounds: true,
    write: async (path, network, settings) => {
      writeFile(path, (await import('./index.js')).writeSafetensors(network, settings));
      return [path];
    },
  },
  '.json': {
    rounds: false,
    read: async (file) => readNetworkFile(file),
    write: async (path, network) => {
      writeFile(path, utf8(canonicalForm(network)));
      return [path];
    },
  },
};

/**
 * The network in an .onnx or .json file, with exactly the file's numbers; free lengths of sequences of tokens are taken to be
 * `tokens`. Throws InputError, with the file's name.
 */
export async function readNetwork(file: string, tokens: number | null = null): Promise<Network> {
  refuseOtherKinds(file, ['model', 'network'], 'a network: .onnx or .json');
  const format = FORMATS[extname(file).toLowerCase()];
  if (format?.read) return format.read(file, tokens);
  const mend = 'torch.onnx.export writes a network of PyTorch as .onnx';
  throw new InputError({ file, found: 'a file of another kind', allowed: 'networks: .onnx or .json', mend });
}

/** The format that a path asks for. Throws InputError for another extension, and for a dtype where numbers are exact. */
export function formatOf(path: string, dtype?: Dtype): Format {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format) {
    const allowed = Object.keys(FORMATS).join(', ');
    throw new InputError({ field: '-o', file: path, found: 'a file of another kind', allowed });
  }
  if (dtype && !format.rounds) {
    const found = `${dtype} for a .json file`;
    throw new InputError({ field: '--dtype', found, allowed: 'no dtype: its numbers are exact' });
  }
  return format;
}

/**
 * Writes a network as .onnx, .safetensors or .json, by the extension, and returns the paths written: weights that are too
 * large for one ONNX file come to lie beside it. The two first round each weight once, to `dtype` (float64 unless given).
 * Throws InputError for another extension, a dtype where numbers are exact, a weight beyond the dtype's range, and a file
 * that cannot be written.
 */
export async function writeNetwork(
  path: string,
  network: Network,
  { dtype, metadata = {} }: Partial<Settings> = {},
): Promise<readonly string[]> {
  const format = formatOf(path, dtype);
  const chosen = dtype ?? 'float64';
  return format.write(path, network, {
    dtype: chosen,
    metadata: { ...metadata, sha256: sha256(network), dtype: chosen },
  });
}
