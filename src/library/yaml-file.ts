import { relative } from 'node:path';
import { readWhole } from '../files.js';
import type { Theorem } from '../proof/theorem.js';
import { LARGEST_YAML } from '../proof/yaml.js';

/** The theorem of a YAML file. */
export async function loadTheoremFile(file: string): Promise<Theorem> {
  const { readTheorem } = await import('../theorem-file/read.js');
  const text = new TextDecoder().decode(readWhole(file, LARGEST_YAML));
  return readTheorem(text, relative(process.cwd(), file)) as unknown as Theorem;
}
