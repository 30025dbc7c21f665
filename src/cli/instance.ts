import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../errors.js';
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
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile())
    throw new InputError({ file, found: 'no such file', allowed: 'an instance file or a theorem id' });
  if (stats.size > LARGEST_YAML)
    throw new InputError({ file, found: `${stats.size} bytes`, allowed: `at most ${LARGEST_YAML}` });
  return readInstance(readFileSync(file, 'utf8'), file);
}

function bare(theorem: string): Instance {
  return { theorem, params: new Map(), bounds: new Map() };
}
