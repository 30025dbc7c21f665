import { dirname } from 'node:path';
import { InputError } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readText } from '../files/read.js';
import { type Instance, readInstance, withOverrides } from '../instance/instance.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import type { Theorem } from '../proof/theorem.js';
import { isTheoremFile } from './folders.js';
import { type Library, libraryOf } from './library.js';

/** Folders of theorems and parameters, `NAME=VALUE`, as a command is given them. */
interface Given {
  readonly library?: readonly string[];
  readonly param?: readonly string[];
}

/** The theorems that a command knows, with those of --library and of the package.json nearest to the directory. */
export function libraryFor({ library }: Given, directory?: string): Library {
  return libraryOf(library, directory);
}

/**
 * The instance that an argument names: a .yaml or .yml file, or a theorem, by its id or the path of its file, with all
 * parameters from -p.
 */
export async function resolveInstance(
  argument: string,
  flags: Given = {},
): Promise<{ theorem: Theorem; instance: Instance }> {
  const instance = isInstanceFile(argument) ? readInstanceFile(argument) : bare(argument);
  const directory = instance.file && dirname(instance.file);
  const theorem = await libraryFor(flags, directory)
    .load(instance.theorem, directory)
    .catch((error) => {
      throw error instanceof InputError ? error.at({ file: instance.file }) : error;
    });
  return { theorem, instance: withOverrides(instance, flags.param ?? []) };
}

export function isInstanceFile(argument: string): boolean {
  return /\.ya?ml$/i.test(argument) && !isTheoremFile(argument);
}

export function readInstanceFile(file: string): Instance {
  refuseOtherKinds(file, ['instance', 'theorem'], 'an instance or a theorem');
  return readInstance(readText(file, LARGEST_YAML), file);
}

function bare(theorem: string): Instance {
  return { theorem, params: new Map(), bounds: new Map() };
}
