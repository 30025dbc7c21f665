import { type Instance, withOverrides } from '../../instance/instance.js';
import { libraryFor, resolveInstance } from '../../library/instance.js';
import type { Theorem } from '../../proof/theorem.js';

/** Where theorems are looked for, beside the package: folders, and those that the nearest package.json names. */
export interface LibraryOptions {
  readonly library?: readonly string[];
}

/** A theorem's parameters, and where theorems are looked for. */
export interface InstanceOptions extends LibraryOptions {
  /** As they stand in YAML: `1/3`, `x^2`, `[1, 2]`; numbers are read from their decimal text. They win over a file's. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Of everything that is drawn; 0 unless given. */
  readonly seed?: number;
}

/** The ids of all theorems, sorted. Throws InputError when two files have one id. */
export function theorems(options: LibraryOptions = {}): readonly string[] {
  return libraryFor(options).ids();
}

/** A theorem by its id or by the path of its file. Rejects with InputError for an unknown id and a file that holds none. */
export function loadTheorem(reference: string, options: LibraryOptions = {}): Promise<Theorem> {
  return libraryFor(options).load(reference);
}

/** The theorem and the parameters that a call names: an instance file, or a theorem by its id, its file, or itself. */
export async function resolved(
  reference: string | Theorem,
  options: InstanceOptions,
): Promise<{ theorem: Theorem; instance: Instance }> {
  const param = overridesOf(options);
  if (typeof reference === 'string') return resolveInstance(reference, { library: options.library, param });
  const bare: Instance = { theorem: reference.id, params: new Map(), bounds: new Map() };
  return { theorem: reference, instance: withOverrides(bare, param) };
}

/** The parameters as the command line has them, NAME=VALUE. */
export function overridesOf({ params = {} }: InstanceOptions): readonly string[] {
  return Object.entries(params).map(([name, value]) => `${name}=${value}`);
}
