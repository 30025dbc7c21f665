import { readWhole } from '../files.js';
import { type Instance, readInstance, withOverrides } from '../proof/instance.js';
import { loadTheorem } from '../proof/library.js';
import type { Theorem } from '../proof/theorem.js';
import { LARGEST_YAML } from '../proof/yaml.js';

/** The instance that an argument names: a .yaml or .yml file, or a theorem's id with all parameters from -p. */
export async function resolveInstance(
  argument: string,
  overrides: readonly string[] = [],
): Promise<{ theorem: Theorem; instance: Instance }> {
  const instance = /\.ya?ml$/i.test(argument) ? readInstanceFile(argument) : bare(argument);
  return { theorem: await loadTheorem(instance.theorem), instance: withOverrides(instance, overrides) };
}

export function readInstanceFile(file: string): Instance {
  return readInstance(new TextDecoder().decode(readWhole(file, LARGEST_YAML)), file);
}

function bare(theorem: string): Instance {
  return { theorem, params: new Map(), bounds: new Map() };
}
