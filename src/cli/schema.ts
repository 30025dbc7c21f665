import { InputError, quote } from '../errors.js';
import { jsonSchema, SCHEMAS, type SchemaName } from '../schema/schemas.js';
import { EXIT } from './exit.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit schema NAME`: the JSON Schema of a kind of file, for editors and scripts. */
export async function schema(name: string, flags: CommonFlags): Promise<number> {
  if (!Object.hasOwn(SCHEMAS, name))
    throw new InputError({ found: `no schema ${quote(name)}`, allowed: Object.keys(SCHEMAS).join(', ') });
  const document = jsonSchema(name as SchemaName);
  emit(
    flags,
    () => document,
    () => `${JSON.stringify(document, null, 2)}\n`,
    true,
  );
  return EXIT.proved;
}
