import { dirname, resolve } from 'node:path';
import { InputError, type Place, placed, quote } from '../errors.js';
import { readWhole } from '../files/read.js';
import { readSafetensors } from '../files/safetensors.js';
import { asMap, asText, type Raw } from '../instance/raw.js';
import { didYouMean } from '../nearest.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { checkName } from './network.js';
import { type Constant, constantOf } from './value.js';

const LARGEST_FILE = 2 ** 31 - 1;
const SHAPE = '{file: model.safetensors, W: name of a tensor in it, ...}';

/** Tensors of a .safetensors file under the names that a theorem file has for them. */
export interface Weights {
  /** The absolute path. */
  readonly file: string;
  readonly place: Place;
  readonly tensors: readonly { readonly name: string; readonly tensor: string; readonly place: Place }[];
}

/** Reads `weights:`; the file's path is relative to the theorem file. What is in it is looked up when a network is built. */
export function readWeights(raw: Raw, theoremFile: string | undefined, taken: Set<string>): Weights {
  const fields = asMap(raw, SHAPE);
  const file = fields.get('file');
  if (!file) throw new InputError({ ...raw.place, found: 'weights without a file', allowed: SHAPE });
  const path = asText(file, 'the path of a .safetensors file');
  if (!/\.safetensors$/i.test(path))
    throw new InputError({ ...file.place, found: quote(path), allowed: 'the path of a .safetensors file' });
  const tensors = [...fields]
    .filter(([name]) => name !== 'file')
    .map(([name, value]) => {
      checkName(name, value.place, taken);
      taken.add(name);
      return { name, tensor: asText(value, 'the name of a tensor in the file'), place: value.place };
    });
  return { file: resolve(dirname(theoremFile ?? ''), path), place: file.place, tensors };
}

/** The named tensors, with exactly the numbers of the file. Throws InputError with the place of the name that is not in it. */
export function weightsOf({ file, place, tensors }: Weights): ReadonlyMap<string, Constant> {
  const known = placed({ ...place, file }, () => readSafetensors(readWhole(file, LARGEST_FILE)).tensors);
  return new Map(
    tensors.map(({ name, tensor, place: own }) => {
      const found = known.get(tensor);
      if (found) return [name, constantOf(found.shape, found.dense(Rational.zero).map(E.constant))] as const;
      const names = [...known.keys()];
      throw new InputError({
        ...own,
        found: `no tensor ${quote(tensor)} in ${file}`,
        allowed: names.slice(0, 20).join(', ') + (names.length > 20 ? ', ...' : ''),
        ...didYouMean(tensor, names),
      });
    }),
  );
}
