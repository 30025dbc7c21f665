import { asMap, asText } from '../instance/raw.js';
import { readYaml } from '../instance/yaml.js';
import type { Theorem } from '../proof/theorem.js';
import { readSource } from './source.js';

/** What a list of theorems shows of one. */
export type Heading = Pick<Theorem, 'id' | 'summary' | 'source'>;

/** Fields of a theorem file at the margin, each with the lines that belong to it. */
const FIELDS = /^(?=[a-z]+:)/m;
const SHOWN = /^(?:theorem|summary|source):/;

const DEFINING = /^(?:#|weights:|constants:|network:|outputs:)/;

/** What defines the names that stand in claims, as it stands in a theorem file, with what is noted before the first field. */
export function definitionsIn(yaml: string): string {
  const fields = yaml.split(FIELDS).filter((field) => DEFINING.test(field));
  return fields.map((field) => field.trimEnd()).join('\n');
}

/**
 * The heading of a theorem file, without reading its network and its claims. Null where it says less than a list needs: then
 * the file is read as a whole. Throws InputError as `readTheorem` does.
 */
export function headingOf(yaml: string, file?: string): Heading | null {
  const text = yaml
    .split(FIELDS)
    .filter((field) => SHOWN.test(field))
    .join('');
  const fields = text === '' ? new Map() : asMap(readYaml(text, file), 'a map');
  const [id, summary] = ['theorem', 'summary'].map((name) => fields.get(name));
  if (!id || !summary) return null;
  return { id: asText(id, 'an id'), summary: asText(summary, 'a text'), source: readSource(fields.get('source')) };
}
