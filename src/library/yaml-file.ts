import { relative } from 'node:path';
import { readText } from '../files/read.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import type { Theorem } from '../proof/theorem.js';

/** The theorem of a YAML file. */
export async function loadTheoremFile(file: string): Promise<Theorem> {
  const { readTheorem } = await import('../theorem-file/read.js');
  return readTheorem(readText(file, LARGEST_YAML), relative(process.cwd(), file)) as unknown as Theorem;
}
